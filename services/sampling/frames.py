"""Freeze a sample's frame and commit to it, before anybody can know the seed.

The items get opaque ids: the first 32 hexadecimal digits of HMAC-SHA256, under a key of the
frame's own, of force and source key.  The key's hash is part of the header that is lodged.
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, select
from sqlmodel import Session

from adapters.clock import LONDON
from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling.building import check_period
from domain.sampling.choices import Choices
from domain.working_paper import (
    Count,
    FrameHeader,
    FrameRecord,
    PlanDocument,
    Reconciliation,
    document,
    lines,
    sha256_hex,
)
from models import METADATA, SampleFrameRow, SampleRow
from services.sampling import plans, population, stored, supplements
from services.sampling.population import Item, Population
from services.sampling.texts import plain

ITEMS = METADATA.tables["sample_item"]
BATCH = 10_000


@dataclass(frozen=True)
class Frozen:
    """A frame that was frozen, with the files to lodge by their names."""

    plan: PlanDocument
    header: FrameHeader
    files: Mapping[str, bytes]


def freeze(
    session: Session,
    code: str,
    *,
    by: str,
    now: datetime,
    reconciliation: Reconciliation | None = None,
    supplement: bool = False,
) -> Frozen:
    """Freeze the population as it stands; the plan's sizes are fixed from it.

    Frozen again before the seed, the earlier frame is kept beside and stands no more.  A
    `supplement` holds the referrals that became known after the frames before it, and its plan
    is for all of them together.

    Raises:
        SampleRefused: There is no such sample, its frame has a seed, the population cannot
            show the claim, or there is nothing to supplement. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    choices = stored.choices(sample)
    check_period(choices, now)
    earlier = supplements.before(session, sample) if supplement else []
    if not supplement and stored.is_seeded(session, sample):
        raise SampleRefused(
            f"The frame of sample {code} has its seed, and cannot be frozen again."
            " Nothing was stored."
        )
    found = population.read(session, choices)
    if earlier:
        found = supplements.late(session, earlier, found)
    plan = plans.of_population(
        choices,
        found,
        supplements.counted(earlier),
        planned_by=sample.planned_by,
        planned_at=sample.planned_at,
    )
    key = secrets.token_bytes(32)
    drawable = {_draw_id(key, choices.force, item.key): item for item in found.items}
    if len(drawable) < len(found.items):
        raise SampleRefused(
            "The population holds an item twice, so it would have two chances. Report this as a"
            " fault of the program. Nothing was stored."
        )
    records = [_record(choices, draw_id, drawable[draw_id]) for draw_id in sorted(drawable)]
    written, frame_lines = document(plan), lines(records)
    header = _header(choices, found, records, key, now, reconciliation, written, frame_lines)
    header = replace(header, supplement=len(earlier))
    row = _store(session, sample, written, header, key, by, now)
    _store_items(session, row, records, drawable)
    row.frozen_at = now
    session.add(row)
    session.flush()
    _say_frozen(session, sample, row, header, by, now)
    files = {
        "plan.json": written,
        "frame.header.json": document(header),
        "frame.jsonl": frame_lines,
    }
    return Frozen(plan, header, files)


def export(session: Session, code: str, *, by: str, now: datetime) -> bytes:
    """Record that plan and frame were exported for lodging; the commitment, to be lodged too."""
    sample = stored.to_change(session, code)
    row = stored.newest(session, sample)
    if row.exported_at is not None:
        raise SampleRefused(f"The frame of sample {code} was exported already. Nothing was stored.")
    row.exported_at = now
    session.add(row)
    session.flush()
    commitment = document(stored.commitment(row, code))
    stored.say(
        session,
        sample,
        Action.FRAME_EXPORTED,
        by=by,
        now=now,
        supplement=row.supplement,
        commitment=sha256_hex(commitment),
    )
    return commitment


def records(session: Session, row: SampleFrameRow) -> Iterator[FrameRecord]:
    """The frozen records, by draw id."""
    item = ITEMS.c
    query = (
        select(item.draw_id, item.stratum, item.district, item.state, item.month)
        .where(item.frame == row.id)
        .order_by(item.draw_id)
    )
    found = session.connection().execute(query, execution_options={"yield_per": BATCH})
    for draw_id, stratum, district, state, month in found:
        yield FrameRecord(draw_id, stratum, district, state.value, month)


def _draw_id(key: bytes, force: str, source_key: str) -> str:
    return hmac.digest(key, f"{force}|{source_key}".encode(), "sha256").hex()[:32]


def _record(choices: Choices, draw_id: str, item: Item) -> FrameRecord:
    district = plain(item.district)
    stratum = choices.stratum(item.state, district)
    month = f"{item.at.astimezone(LONDON):%Y-%m}"
    return FrameRecord(draw_id, stratum, district, item.state.value, month)


def _header(
    choices: Choices,
    found: Population,
    records: list[FrameRecord],
    key: bytes,
    now: datetime,
    reconciliation: Reconciliation | None,
    plan: bytes,
    frame_lines: bytes,
) -> FrameHeader:
    return FrameHeader(
        sample=choices.sample,
        supplement=0,
        as_at=now,
        query_sha256=found.query_sha256,
        items=len(records),
        strata=_counts(Counter(record.stratum for record in records)),
        districts=_counts(Counter(record.district for record in records)),
        exclusions=_counts(found.left_out),
        reconciliation=reconciliation,
        frame_key_sha256=sha256_hex(key.hex().encode()),
        plan_sha256=sha256_hex(plan),
        frame_sha256=sha256_hex(frame_lines),
    )


def _counts(found: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(name, found[name]) for name in sorted(found))


def _store(
    session: Session,
    sample: SampleRow,
    plan: bytes,
    header: FrameHeader,
    key: bytes,
    by: str,
    now: datetime,
) -> SampleFrameRow:
    for earlier in stored.frames(session, sample):
        if earlier.supplement == header.supplement:
            earlier.superseded_at = now
            session.add(earlier)
    session.flush()
    written = document(header)
    row = SampleFrameRow(
        sample=stored.number(sample),
        supplement=header.supplement,
        plan=plan.decode(),
        plan_sha256=header.plan_sha256,
        header=written.decode(),
        header_sha256=sha256_hex(written),
        frame_key=key.hex(),
        frozen_by=by,
    )
    session.add(row)
    session.flush()
    return row


def _store_items(
    session: Session,
    row: SampleFrameRow,
    records: list[FrameRecord],
    items: Mapping[str, Item],
) -> None:
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        session.connection().execute(
            insert(ITEMS),
            [
                {
                    **asdict(record),
                    "frame": row.id,
                    "state": items[record.draw_id].state,
                    "record": items[record.draw_id].record,
                    "referral": items[record.draw_id].referral,
                    "version": items[record.draw_id].version,
                    "grace_ends_at": items[record.draw_id].grace_ends_at,
                }
                for record in batch
            ],
        )


def _say_frozen(
    session: Session,
    sample: SampleRow,
    row: SampleFrameRow,
    header: FrameHeader,
    by: str,
    now: datetime,
) -> None:
    stored.say(
        session,
        sample,
        Action.FRAME_FROZEN,
        by=by,
        now=now,
        supplement=header.supplement,
        items=header.items,
        plan=row.plan_sha256,
        header=row.header_sha256,
        frame=header.frame_sha256,
    )
