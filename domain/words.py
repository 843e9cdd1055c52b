"""The vocabulary that is stored: each word once, as the value the database and the files hold."""

from enum import StrEnum


class Feed(StrEnum):
    """A stream of records from a force's system."""

    REFERRALS = "referrals"
    DOCUMENTS = "documents"


class PairingState(StrEnum):
    """What pairing says of a referral."""

    PAIRED = "paired"
    AMBIGUOUS = "ambiguous"
    UNPAIRED = "unpaired"


class Obligation(StrEnum):
    """Where the duty of a referral stands."""

    EXPECTED = "expected"
    SATISFIED = "satisfied"
    SATISFIED_LATE = "satisfied_late"
    OVERDUE = "overdue"
    EXEMPT = "exempt"


class Completeness(StrEnum):
    """Whether the paired document has every field that the policy asks for."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


class FlagKind(StrEnum):
    """Why a referral needs a person."""

    UNMATCHED = "unmatched"
    AMBIGUOUS = "ambiguous"
    INCOMPLETE = "incomplete"


class FlagState(StrEnum):
    """Whether a flag still waits for a person."""

    OPEN = "open"
    SETTLED = "settled"


class FlagChange(StrEnum):
    """What happened to a flag."""

    OPENED = "opened"
    CHANGED = "changed"
    SETTLED = "settled"
    REOPENED = "reopened"
    NOTICED = "noticed"


class Settlement(StrEnum):
    """How a flag was settled."""

    LATE = "late"
    PAIRED = "paired"
    COMPLETED = "completed"
    EXEMPT = "exempt"
    WITHIN_GRACE = "within_grace"


class Role(StrEnum):
    """How a document answers a referral."""

    PRIMARY = "primary"
    COVER = "cover"
    SECOND = "second"


class Band(StrEnum):
    """How sure a pairing is: made by itself, or put to a person."""

    AUTO = "auto"
    REVIEW = "review"


class Verdict(StrEnum):
    """What a person decided about a pairing."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Contradiction(StrEnum):
    """How the full pass differs: it would not make what stands, or would make what does not."""

    NOT_MADE = "not_made"
    NOT_STANDING = "not_standing"


class RunState(StrEnum):
    """How far a night got."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
