"""What differs between the two feeds, as data, so that receiving is written once."""

from dataclasses import dataclass

from domain.words import Feed
from models import DocumentRow, DocumentVersionRow, ReferralRow, ReferralVersionRow


@dataclass(frozen=True)
class FeedTables:
    """The tables of one feed and the names of what they are keyed and timed by.

    `head` is the record as it stands, `version` its history; `key` the source system's own
    key, `parent` the column of `version` that holds the head's id, `time` the instant that
    the record is about.  `copied` are the columns of a version that its head repeats.
    """

    head: type[ReferralRow] | type[DocumentRow]
    version: type[ReferralVersionRow] | type[DocumentVersionRow]
    key: str
    parent: str
    time: str
    copied: tuple[str, ...]
    unfinished: tuple[str, ...]


TABLES = {
    Feed.REFERRALS: FeedTables(
        ReferralRow,
        ReferralVersionRow,
        key="referral_id",
        parent="referral_key",
        time="referred_at",
        copied=("referred_at", "incident", "incident_day", "district"),
        unfinished=("weighed", "settled", "judged"),
    ),
    Feed.DOCUMENTS: FeedTables(
        DocumentRow,
        DocumentVersionRow,
        key="urn",
        parent="document_key",
        time="submitted_at",
        copied=("submitted_at",),
        unfinished=("weighed",),
    ),
}
