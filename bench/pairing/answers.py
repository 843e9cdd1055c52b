"""Who wrote what: the documents that answer referrals, as an officer with time would write.

A document's columns are those of `DRAFT`; `incident` is a row of the incidents, `lead` the
referral that it is about (or apes), `sort` what it is (`SORTS`).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.pairing.corruptions import DECOYS, Chooser, Flags
from bench.pairing.world import DAY, NONE, Table, Whole, World, stacked, taken

SORTS: Final = ("answer", "second", "replacement", *DECOYS, "unrelated")
SORT: Final = {name: number for number, name in enumerate(SORTS)}
KINDS: Final = ("one-to-one", "cover", "second", "replacement")
ONE, COVER, SECOND, REPLACEMENT = range(4)
DRAFT: Final = (
    "sort", "lead", "force", "district", "at", "author", "serial", "incident", "event_at",
    "custody", "postcode", "vehicle",
)  # fmt: skip
HOUR: Final = 3600


@dataclass(frozen=True)
class Answers:
    """The documents that answer, the true pairs (document, referral, kind), and who is named."""

    documents: Table
    pairs: Table
    people: Table
    live: Flags


def answers(chooser: Chooser, world: World) -> Answers:
    """Every document that answers something."""
    first = _first_documents(chooser, world)
    count = int(first["document"].max(initial=-1)) + 1
    not_live = chooser.choose("not_live", np.ones(count, dtype=np.bool_))
    again = chooser.choose("replaced", not_live)
    rewritten = taken(first, again[first["document"]])
    _, document = np.unique(rewritten["document"], return_inverse=True)
    rewritten["document"] = count + document
    rewritten["kind"] = np.full(len(document), REPLACEMENT)
    lead_rows = np.flatnonzero(np.diff(first["document"], prepend=-1))
    second = chooser.choose("second", ~not_live)
    seconds = taken(first, _one_each(chooser, first["document"])[second])
    total = count + int(again.sum())
    seconds["document"] = total + np.arange(len(seconds["document"]))
    seconds["kind"] = np.full(len(seconds["document"]), SECOND)
    pairs = stacked([first, rewritten, seconds])
    starts = np.flatnonzero(np.diff(pairs["document"], prepend=-1))
    sort = np.select(
        [pairs["kind"][starts] == SECOND, pairs["kind"][starts] == REPLACEMENT],
        [SORT["second"], SORT["replacement"]],
        SORT["answer"],
    )
    live = np.ones(len(starts), dtype=np.bool_)
    live[: len(lead_rows)] = ~not_live
    people = named(world, pairs["document"], pairs["referral"])
    return Answers(_drafts(chooser, world, pairs["referral"][starts], sort), pairs, people, live)


def _first_documents(chooser: Chooser, world: World) -> Table:
    """Pairs in order of document: an incident in parts may have one document for all of them."""
    incident = world.referrals["incident"]
    referral = np.flatnonzero(~chooser.choose("undocumented", np.ones(world.size, dtype=np.bool_)))
    parts = np.bincount(incident[referral], minlength=int(incident.max()) + 1)
    covered = chooser.choose("covered", parts > 1)
    together = covered[incident[referral]]
    large = together & (parts[incident[referral]] > 2)
    together &= ~chooser.choose("left_out", large)
    own = len(parts) + np.arange(len(referral))
    _, document = np.unique(np.where(together, incident[referral], own), return_inverse=True)
    order = np.lexsort((referral, document))
    document, referral = document[order], referral[order]
    several = np.bincount(document)[document] > 1
    return {"document": document, "referral": referral, "kind": np.where(several, COVER, ONE)}


def _one_each(chooser: Chooser, document: Whole) -> Whole:
    """A row of each document, drawn among its rows; documents are numbered from 0 in order."""
    starts = np.flatnonzero(np.diff(document, prepend=-1))
    size = np.diff(np.append(starts, len(document)))
    return starts + (chooser.rng.random(len(starts)) * size).astype(np.int64)


def _drafts(chooser: Chooser, world: World, lead: Whole, sort: Whole) -> Table:
    rng, rows = chooser.rng, taken(world.referrals, lead)
    second, replaced = sort == SORT["second"], sort == SORT["replacement"]
    wait = delays(rng, len(lead))
    wait += np.where(second, rng.integers(HOUR, 9 * DAY, len(lead)), 0)
    wait += np.where(replaced, rng.integers(DAY, 12 * DAY, len(lead)), 0)
    return {
        "sort": sort,
        "lead": lead,
        "force": rows["force"],
        "district": rows["district"],
        "at": rows["at"] + wait,
        "author": rows["officer"],
        "serial": rows["serial"],
        "incident": rows["incident"],
        "event_at": world.incidents["at"][rows["incident"]],
        "custody": rows["custody"],
        "postcode": rows["postcode"],
        "vehicle": rows["vehicle"],
    }


def delays(rng: np.random.Generator, count: int) -> Whole:
    """Seconds from the call to the document: 1% before it, 7% after 72 hours and up to 60 days."""
    sort = rng.choice(4, count, p=(0.01, 0.84, 0.08, 0.07))
    before = -rng.gamma(1.2, 2 * HOUR, count).clip(60, 20 * HOUR)
    soon = 300 + rng.lognormal(np.log(7 * HOUR), 1.1, count) % (48 * HOUR)
    third_day = 48 * HOUR + rng.random(count) * 24 * HOUR
    late = 72 * HOUR + rng.exponential(8 * DAY, count) % (57 * DAY)
    return np.choose(sort, (before, soon, third_day, late)).astype(np.int64)


def named(world: World, document: Whole, referral: Whole) -> Table:
    """The people of each referral, as named in the document of the same row."""
    start = np.searchsorted(world.people["record"], np.arange(world.size + 1))
    size = np.diff(start)[referral]
    inner = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    who = np.repeat(start[:-1][referral], size) + inner
    return {
        "record": np.repeat(document, size),
        "identity": world.people["identity"][who],
        "role": world.people["role"][who],
    }


def of_nothing(count: int) -> Whole:
    """So many times NONE."""
    return np.full(count, NONE, dtype=np.int64)
