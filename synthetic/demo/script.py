"""The demo's records while they are being arranged: who is delivered when, and how often."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from synthetic.demo.plan import NIGHTS, night_of
from synthetic.feeds import Feeds

Record = dict[str, Any]


@dataclass
class Script:
    """Records by id, the truth, and what departs from the usual course.

    `held` gives the night on which a document arrives, where it is not the first that
    could have it; `again` the records delivered once more; `bad` the rows that are none.
    """

    referrals: dict[str, Record]
    documents: dict[str, Record]
    truth: list[tuple[str, str, str]]
    held: dict[str, int] = field(default_factory=dict)
    again: list[tuple[int, str, Record]] = field(default_factory=list)
    bad: dict[tuple[int, str], list[Record]] = field(default_factory=dict)
    cast: set[str] = field(default_factory=set)

    def documents_of(self, referral_id: str) -> list[str]:
        """The URNs that answer the referral."""
        return [urn for answered, urn, _ in self.truth if answered == referral_id]

    def pick(self, after: int, count: int = 1) -> list[str]:
        """The first `count` referrals, in a row, of those that the night `after` misses.

        Each has exactly one document, which answers no other, and no part in the demo
        yet; they have one now.
        """
        documents = Counter(key for key, _, _ in self.truth)
        answered = Counter(urn for _, urn, _ in self.truth)
        alone = {key for key, urn, _ in self.truth if documents[key] == answered[urn] == 1}
        free = [
            key
            for key, referral in self.referrals.items()
            if key in alone and key not in self.cast and night_of(referral["referred_at"]) > after
        ]
        self.cast.update(free[:count])
        return free[:count]

    def drop_documents_of(self, referral_id: str) -> None:
        """Nobody wrote a document for the referral after all."""
        for urn in self.documents_of(referral_id):
            del self.documents[urn]
        self.truth = [pair for pair in self.truth if pair[0] != referral_id]

    def well_written(self, referral_id: str, hours: float = 6) -> str:
        """Let the referral's document say everything, right, so many hours later; its URN."""
        referral = self.referrals[referral_id]
        urn = self.documents_of(referral_id)[0]
        self.documents[urn].update(
            submitted_at=referral["referred_at"] + timedelta(hours=hours),
            author_officer_id=referral["officer_id"],
            document_type="3x5x2",
            status="accepted",
            nccu_references=[referral["nccu_reference"]],
            incident_number=referral["incident_number"],
            custody_number=referral["custody_number"],
            event_date=referral["referred_at"].date(),
            postcode=referral["postcode"],
            vehicle_registrations=referral["vehicle_registrations"],
            people=referral["people"],
            source_evaluation=2,
            intelligence_assessment="B",
            handling_code="P",
            amended_at=None,
        )
        return urn

    def delivered(self, feed: str, night: int) -> list[Record]:
        """What the night's file of the feed holds, in order, before bad rows."""
        if feed == "referrals":
            usual = [
                referral
                for referral in self.referrals.values()
                if night_of(referral["referred_at"]) == night
            ]
        else:
            usual = [
                document
                for urn, document in self.documents.items()
                if self.held.get(urn, night_of(document["submitted_at"])) == night
            ]
            usual.sort(key=lambda document: document["submitted_at"])
        return usual + [row for when, of, row in self.again if (when, of) == (night, feed)]

    def never_delivered(self) -> set[str]:
        """The URNs of documents submitted after the last night."""
        return {
            urn
            for urn, document in self.documents.items()
            if self.held.get(urn, night_of(document["submitted_at"])) >= NIGHTS
        }


def script_of(feeds: Feeds) -> Script:
    """The feeds as they would be without a story."""
    referrals = {row["referral_id"]: row for row in feeds.referrals.iter_rows(named=True)}
    documents = {row["urn"]: row for row in feeds.documents.iter_rows(named=True)}
    for document in documents.values():
        # Early decoys predate the feeds; the first export would not reach back to them.
        document["submitted_at"] = max(document["submitted_at"], EARLIEST)
        if document["status"] not in ("submitted", "accepted"):
            document["status"] = "accepted"
    return Script(referrals, documents, list(feeds.truth.iter_rows()))


EARLIEST = datetime.combine(datetime(2025, 12, 31, tzinfo=UTC), time(1), UTC)
