"""Make a pair of feeds with their truth: `generate`.

Everything is drawn from one seed, stage by stage, so equal arguments give equal feeds.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Final, TypeVar

import numpy as np

from synthetic.corruptions import DECOYS, Setting, rate
from synthetic.damage import Written, write
from synthetic.decoys import UNRELATED, decoys, unrelated
from synthetic.documents import Answers, Drafts, Facts, answering, answers, chosen
from synthetic.feeds import Feeds, Quoted
from synthetic.people import as_they_are, as_written
from synthetic.world import DAY, NONE, People, World, make_world

Columns = TypeVar("Columns", Facts, People)

FORCES: Final = ("EX", *(f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                 *(f"Y{letter}" for letter in "ABCDEFGHIJKLMNOPQ"))  # fmt: skip
"""Exampleshire and 43 other forces that do not exist."""
REFERRALS_A_MONTH: Final = 200
"""How many forces there are where none are named: one for so many referrals a month."""
DEFAULT_START: Final = date(2025, 1, 1)


def generate(
    referrals: int,
    seed: int,
    setting: Setting = "realistic",
    months: int = 12,
    forces: Sequence[str] | None = None,
    documents_per_referral: float = 5.0,
    start: date = DEFAULT_START,
) -> Feeds:
    """Feeds of so many referrals made over `months` months of 30 days from `start`.

    Args:
        referrals: At least 1.
        seed: Equal arguments with equal seeds give equal feeds, byte for byte.
        setting: How badly the documents are written; `corruptions.TABLE` has the rates.
        forces: Short codes; None gives enough of `FORCES` for `REFERRALS_A_MONTH` each.
        documents_per_referral: All documents, most of which answer nothing.
    """
    if forces is None:
        forces = FORCES[: min(max(round(referrals / months / REFERRALS_A_MONTH), 1), len(FORCES))]
    wanted = round(referrals * documents_per_referral)
    return generate_days(
        referrals,
        wanted,
        seed,
        setting=setting,
        days=months * 30,
        forces=tuple(forces),
        start=start,
    )


def generate_days(
    referrals: int,
    documents: int,
    seed: int,
    *,
    setting: Setting,
    days: int,
    forces: tuple[str, ...],
    start: date,
) -> Feeds:
    """As `generate`, for so many days and about so many documents."""
    streams = np.random.default_rng(seed).spawn(5)
    world = make_world(
        streams[0],
        referrals=referrals,
        setting=setting,
        start=start,
        days=days,
        forces=forces,
    )
    truth = answers(streams[1], world)
    drafts = _drafts(streams[2], world, truth, documents)
    drafts, truth = _in_order(drafts, truth)
    written = write(streams[3], world, drafts)
    return _feeds(streams[4], world, drafts, written, truth)


def _drafts(rng: np.random.Generator, world: World, truth: Answers, wanted: int) -> Drafts:
    """All documents: those that answer, a share of decoys, and unrelated ones to fill up."""
    parts = [answering(rng, world, truth)]
    for sort, name in enumerate(DECOYS):
        aped = np.flatnonzero(chosen(rng, world.size, rate(name, world.setting)))
        parts.append(decoys(rng, world, sort, aped, parts[-1].identities))
    missing = max(wanted - sum(part.size for part in parts), 0)
    rows = world.referrals
    alike = rng.integers(0, world.size, missing)
    begun, ended = rows.at[0] - DAY, rows.at[-1] + 5 * DAY
    at = rng.integers(begun, ended, missing)
    parts.append(unrelated(rng, world, rows.force[alike], at, parts[-1].identities))
    return _together(parts)


def _together(parts: list[Drafts]) -> Drafts:
    offsets = np.cumsum([0] + [part.size for part in parts])
    named = [
        replace(part.people, record=part.people.record + offset)
        for part, offset in zip(parts, offsets, strict=False)
    ]
    facts = _stacked([part.facts for part in parts])
    return Drafts(facts, _stacked(named), parts[-1].identities)


def _stacked(parts: list[Columns]) -> Columns:
    kind = type(parts[0])
    names = [column.name for column in fields(kind)]
    return kind(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _in_order(drafts: Drafts, truth: Answers) -> tuple[Drafts, Answers]:
    """The documents in order of submission, everything else renumbered accordingly."""
    order = np.argsort(drafts.facts.submitted, kind="stable")
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    facts = Facts(*(getattr(drafts.facts, column.name)[order] for column in fields(Facts)))
    record = position[drafts.people.record]
    by_record = np.argsort(record, kind="stable")
    people = People(
        record[by_record], drafts.people.identity[by_record], drafts.people.role[by_record]
    )
    document = position[truth.document]
    pairs = np.lexsort((truth.referral, document))
    return (
        Drafts(facts, people, drafts.identities),
        Answers(document[pairs], truth.referral[pairs], truth.kind[pairs]),
    )


def _feeds(
    rng: np.random.Generator, world: World, drafts: Drafts, written: Written, truth: Answers
) -> Feeds:
    count = drafts.size
    other_type = (drafts.facts.decoy == UNRELATED) & chosen(rng, count, 0.15)
    status = rng.choice(5, count, p=(0.30, 0.68, 0.008, 0.008, 0.004))
    later = drafts.facts.submitted + rng.integers(600, 3 * DAY, count)
    return Feeds(
        world=world,
        written=written,
        quoted=_quoted(rng, world, written, truth),
        status=status,
        document_type=np.where(
            other_type, rng.integers(2, 4, count), rng.choice(2, count, p=(0.8, 0.2))
        ),
        amended=np.where(written.amended, later, NONE),
        referral_people=as_they_are(world.people, world.identities),
        document_people=as_written(rng, world, drafts, written),
        answers=truth,
    )


def _quoted(rng: np.random.Generator, world: World, written: Written, truth: Answers) -> Quoted:
    """A document's own reference; one in two that answer several referrals quotes them all."""
    serial = written.facts.serial
    own = np.flatnonzero(serial != NONE)
    several = truth.kind == 1
    several &= (serial[truth.document] != NONE) & chosen(rng, len(serial), 0.5)[truth.document]
    document = np.concatenate([own, truth.document[several]])
    order = np.argsort(document, kind="stable")
    others = world.referrals.serial[truth.referral[several]]
    return Quoted(
        document=document[order],
        serial=np.concatenate([serial[own], others])[order],
        form=written.reference_form[document[order]],
    )
