"""Which documents were written, what each answers, and what each would say if all went well.

Three sorts: those that answer referrals, decoys that look as if they did, and the many that
have nothing to do with any (`decoys`).  `damage` then spoils what they say.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from synthetic.corruptions import rate
from synthetic.world import DAY, NONE, Flags, Identities, Integers, People, World

PRIMARY, COVER, SECOND = 0, 1, 2
KINDS: Final = ("primary", "cover", "second")
HOUR: Final = 3600


@dataclass(frozen=True)
class Answers:
    """The truth: one row a pair, in order of document."""

    document: Integers
    referral: Integers
    kind: Integers


@dataclass(frozen=True)
class Facts:
    """One row a document: what is true of it.  NONE where there is nothing to say."""

    decoy: Integers
    source: Integers
    force: Integers
    submitted: Integers
    author: Integers
    serial: Integers
    incident_number: Integers
    incident_day: Integers
    event_day: Integers
    custody: Integers
    postcode: Integers
    vehicle: Integers


@dataclass(frozen=True)
class Drafts:
    """Documents of one sort and the people they name."""

    facts: Facts
    people: People
    identities: Identities

    @property
    def size(self) -> int:
        """How many documents there are."""
        return len(self.facts.force)


def answers(rng: np.random.Generator, world: World) -> Answers:
    """Who answers what; documents are numbered from 0.

    An incident reported in parts may have one document for all of them: the first part is
    its primary, the others are covers.
    """
    rows = world.referrals
    written = rng.random(world.size) >= rate("undocumented", world.setting)
    parts = np.bincount(rows.incident)
    covered = (rng.random(len(parts)) < rate("covered", world.setting)) & (parts > 1)
    referral = np.flatnonzero(written)
    group = np.where(covered[rows.incident[referral]], rows.incident[referral], NONE)
    own = len(parts) + np.arange(len(referral))
    _, document = np.unique(np.where(group == NONE, own, group), return_inverse=True)
    order = np.lexsort((referral, document))
    document, referral = document[order], referral[order]
    kind = np.where(np.diff(document, prepend=-1) > 0, PRIMARY, COVER)
    again = referral[rng.random(len(referral)) < rate("second_document", world.setting)]
    count = int(document[-1]) + 1 if len(document) else 0
    return Answers(
        document=np.concatenate([document, count + np.arange(len(again))]),
        referral=np.concatenate([referral, again]),
        kind=np.concatenate([kind, np.full(len(again), SECOND)]),
    )


def delays(rng: np.random.Generator, count: int) -> Integers:
    """Seconds from the call to the document: most within 48 hours, 1% before it.

    8% come in the third day, 5% later than 72 hours and up to 60 days.
    """
    sort = rng.choice(4, count, p=(0.01, 0.86, 0.08, 0.05))
    before = -rng.gamma(1.2, 2 * HOUR, count).clip(60, 20 * HOUR)
    soon = 60 + rng.exponential(9 * HOUR, count) % (48 * HOUR)
    third_day = 48 * HOUR + rng.random(count) * 24 * HOUR
    late = 72 * HOUR + rng.exponential(8 * DAY, count) % (57 * DAY)
    return np.choose(sort, (before, soon, third_day, late)).astype(np.int64)


def answering(rng: np.random.Generator, world: World, truth: Answers) -> Drafts:
    """The documents that answer referrals, as an officer with time would write them."""
    first = np.flatnonzero(np.diff(truth.document, prepend=-1))
    lead = truth.referral[first]
    rows = world.referrals
    second = truth.kind[first] == SECOND
    wait = delays(rng, len(lead)) + np.where(second, rng.integers(HOUR, 9 * DAY, len(lead)), 0)
    facts = Facts(
        decoy=np.full(len(lead), NONE),
        source=lead,
        force=rows.force[lead],
        submitted=rows.at[lead] + wait,
        author=rows.officer[lead],
        serial=rows.serial[lead],
        incident_number=rows.incident_number[lead],
        incident_day=rows.incident_day[lead],
        event_day=rows.incident_day[lead],
        custody=rows.custody[lead],
        postcode=rows.postcode[lead],
        vehicle=rows.vehicle[lead],
    )
    return Drafts(facts, named_in(world, truth.document, truth.referral), world.identities)


def named_in(world: World, document: Integers, referral: Integers) -> People:
    """The people of each referral, as named in the document of the same row."""
    start = np.searchsorted(world.people.record, np.arange(world.size + 1))
    size = np.diff(start)[referral]
    inner = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    who = np.repeat(start[:-1][referral], size) + inner
    return People(
        record=np.repeat(document, size),
        identity=world.people.identity[who],
        role=world.people.role[who],
    )


def chosen(rng: np.random.Generator, count: int, share: float) -> Flags:
    """Each of `count` rows with probability `share`."""
    return rng.random(count) < share
