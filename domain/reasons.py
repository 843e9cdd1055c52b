"""A judgement's reason in plain words, the code first.

Times are London's, to the minute, and never relative to now.  A reason names documents by
URN and fields by name, and nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from domain.working_days import LONDON, ONE_DAY

STATUS_WORDS = {
    "draft": "is a draft",
    "rejected": "was rejected",
    "withdrawn": "was withdrawn",
}


def when(instant: datetime) -> str:
    """`instant` in London: ``15:00 GMT on 4 Mar 2026``, midnight as 24:00 of the day it ends."""
    local = instant.astimezone(LONDON)
    clock, day = f"{local:%H:%M}", local.date()
    if local.time() == time.min:
        clock, day = "24:00", day - ONE_DAY
    return f"{clock} {local:%Z} on {day.day} {day:%b %Y}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def lacking(missing: Iterable[str]) -> str:
    """``source evaluation and handling code``, of field names."""
    return listed([name.replace("_", " ") for name in missing])


def why_not(urn: str, status: str | None, *, type_accepted: bool) -> str:
    """Why one paired document does not count."""
    if not type_accepted:
        return f"document {urn} is not of a type the policy accepts"
    return f"document {urn} {STATUS_WORDS.get(status or '', 'has a status that does not count')}"


def no_document(code: str, grace_end: datetime, discounted: Sequence[str]) -> str:
    """For a referral without a document that counts: `code` is expected or unmatched."""
    ends = "ends" if code == "expected" else "ended"
    also = f"; {listed(discounted)}" if discounted else ""
    return (
        f"{code}: no document that counts is paired, and the grace period {ends} at"
        f" {when(grace_end)}{also}"
    )


def not_told_apart(code: str, grace_end: datetime) -> str:
    """For a referral with rival candidates: `code` is expected or ambiguous."""
    ends = "ends" if code == "expected" else "ended"
    return (
        f"{code}: the records do not tell two possible pairings apart, and the grace period"
        f" {ends} at {when(grace_end)}"
    )


def answered(
    code: str, urn: str, submitted_at: datetime, late_by: timedelta | None, *, shared: bool
) -> str:
    """For a referral that has its document: `code` is satisfied or satisfied_late."""
    timing = "after the grace period ended" if late_by else "within the grace period"
    also = ", which also answers another referral," if shared else ""
    return f"{code}: document {urn}{also} was submitted at {when(submitted_at)}, {timing}"


def exempt(reason: str, expires_at: datetime | None) -> str:
    """For a referral of which no document is required now."""
    return f"exempt: {reason}" + (f", until {when(expires_at)}" if expires_at else "")


def held(reason: str, grace_end: datetime, trusted_until: datetime | None) -> str:
    """For a flag the document feed cannot support; `reason` is the flag's own."""
    feed = (
        "no delivery of documents can be trusted"
        if trusted_until is None
        else f"the document feed is trusted only until {when(trusted_until)}"
    )
    kind, _, words = reason.partition(": ")
    return (
        f"held: {feed}, which does not cover the grace period to {when(grace_end)};"
        f" would be flagged {kind}: {words}"
    )
