"""A supplementary frame: the referrals of the period that became known too late for the others.

What was known when an earlier frame was frozen, and was left out of it then, stays out: it is
counted in that frame's header.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session

from domain.errors import SampleRefused
from domain.sampling.choices import Subject
from models import METADATA, SampleFrameRow, SampleRow
from services.sampling import drawing, stored
from services.sampling.population import Population

VERSIONS, DELIVERIES, ITEMS = (
    METADATA.tables[name] for name in ("referral_version", "delivery", "sample_item")
)
KNOWN_BEFORE = "known when an earlier frame was frozen"


def before(session: Session, sample: SampleRow) -> list[SampleFrameRow]:
    """The frames that a new supplementary one comes after; all of them are drawn.

    A supplementary frame that has no seed yet is not among them: it is frozen again.

    Raises:
        SampleRefused: The sample is not of referrals, or a frame was not drawn yet.
    """
    if sample.subject is not Subject.REFERRALS:
        raise SampleRefused(
            f"Sample {sample.code} is not of referrals, and only referrals can become known late."
            " Plan a sample of its own for later pairings or decisions. Nothing was stored."
        )
    stored.newest(session, sample)
    found = [
        row for row in stored.frames(session, sample) if row.supplement == 0 or row.seed is not None
    ]
    for row in found:
        drawing.check_drawn(row, sample.code)
    return found


def late(session: Session, earlier: Sequence[SampleFrameRow], found: Population) -> Population:
    """What of a population became known only after the earlier frames, and is in none of them.

    Raises:
        SampleRefused: Nothing did.
    """
    version, item = VERSIONS.c, ITEMS.c
    at = [row.frozen_at for row in earlier if row.frozen_at is not None]
    connection = session.connection()
    known = set(
        connection.execute(
            select(version.referral_key)
            .join(DELIVERIES, DELIVERIES.c.id == version.delivery_id)
            .where(version.version == 1, DELIVERIES.c.received_at > max(at))
        ).scalars()
    )
    frozen = set(
        connection.execute(
            select(item.record).where(item.frame.in_([row.id for row in earlier]))
        ).scalars()
    )
    new = known - frozen
    kept = [each for each in found.items if each.record in new]
    if not kept:
        raise SampleRefused(
            "No referral of the period became known since the last frame was frozen, so there is"
            " nothing to supplement. Nothing was stored."
        )
    out = sum(each.record not in known and each.record not in frozen for each in found.items)
    left = dict(found.left_out) | ({KNOWN_BEFORE: out} if out else {})
    return Population(kept, left, found.query_sha256)


def counted(earlier: Sequence[SampleFrameRow]) -> Mapping[str, int]:
    """The items of the earlier frames by stratum."""
    found: Counter[str] = Counter()
    for row in earlier:
        found.update({each.name: each.number for each in stored.header(row).strata})
    return found
