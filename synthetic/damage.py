"""What happens between what is true and what the officer writes: the corruptions, applied.

Every document is damaged alike, whether it answers a referral or not.  `done` says which
corruptions each row had, as bits numbered by `corruptions.BIT`.
"""

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthetic.corruptions import BIT, HASTE, rate
from synthetic.documents import Drafts, Facts, chosen
from synthetic.world import NONE, Flags, Integers, World

FULL, OUTWARD = 0, 1
FORMS: Final = 6
"""Other written forms of a reference, and of an incident number; 0 is the house form."""
BARE: Final = 7
"""The form of an incident number that leaves out its day."""


@dataclass(frozen=True)
class Written:
    """One row a document: how it was written, beside its (now damaged) facts."""

    facts: Facts
    reference_form: Integers
    incident_form: Integers
    postcode_form: Integers
    vehicle_misread: Flags
    unpeopled: Flags
    grading: tuple[Integers, Integers, Integers]
    amended: Flags
    done: NDArray[np.uint64]


class Spoiler:
    """Draws corruptions for documents and remembers which had which."""

    def __init__(self, rng: np.random.Generator, world: World, count: int) -> None:
        self.rng, self.count, self.setting = rng, count, world.setting
        self.haste = rng.standard_normal(count)
        self.done = np.zeros(count, np.uint64)

    def omit(self, name: str) -> Flags:
        """The documents with this omission; the hasty ones have it more often."""
        loading, share = HASTE[self.setting], rate(name, self.setting)
        own = self.rng.standard_normal(self.count) * (1 - loading**2) ** 0.5
        return self._mark(name, loading * self.haste + own < NormalDist().inv_cdf(share))

    def damage(self, name: str, where: Flags, *spared_by: str) -> Flags:
        """The documents, of those given, with this damage.

        `spared_by` names the corruptions that keep a document out of `where`, so that the
        rate stays a share of all documents and not of the rest.
        """
        rest = 1 - sum(rate(other, self.setting) for other in spared_by)
        share = rate(name, self.setting) / rest
        return self._mark(name, where & chosen(self.rng, self.count, share))

    def _mark(self, name: str, where: Flags) -> Flags:
        self.done |= where.astype(np.uint64) << np.uint64(BIT[name])
        return where


def one_digit_wrong(rng: np.random.Generator, number: Integers, digits: int) -> Integers:
    """Each number with one of its last `digits` decimal digits changed, most often the last."""
    place = 10 ** np.where(chosen(rng, len(number), 0.5), 0, rng.integers(0, digits, len(number)))
    digit = number // place % 10
    changed = (digit + rng.integers(1, 10, len(number))) % 10
    wrong: Integers = number + (changed - digit) * place
    return np.where(wrong > 0, wrong, number + place)


def write(rng: np.random.Generator, world: World, drafts: Drafts) -> Written:
    """Spoil the facts of every document."""
    spoiler = Spoiler(rng, world, drafts.size)
    facts, reference_form = _reference(spoiler, world, drafts.facts)
    facts, incident_form = _incident(spoiler, facts)
    facts, postcode_form = _place(spoiler, facts)
    facts, misread = _rest(spoiler, facts)
    unpeopled = spoiler.omit("people_missing")
    ungraded = spoiler.omit("grading_missing")
    part = rng.integers(0, 3, drafts.size)
    shares = ((0.35, 0.6, 0.05), (0.3, 0.25, 0.25, 0.18, 0.02), (0.85, 0.15))
    grading = tuple(
        np.where(ungraded & (part == number), NONE, rng.choice(len(share), drafts.size, p=share))
        for number, share in enumerate(shares)
    )
    return Written(
        facts=facts,
        reference_form=reference_form,
        incident_form=incident_form,
        postcode_form=postcode_form,
        vehicle_misread=misread,
        unpeopled=unpeopled,
        grading=(grading[0], grading[1], grading[2]),
        amended=spoiler.damage("amended", np.ones(drafts.size, np.bool_)),
        done=spoiler.done,
    )


def _reference(spoiler: Spoiler, world: World, facts: Facts) -> tuple[Facts, Integers]:
    missing = spoiler.omit("reference_missing") | (facts.serial == NONE)
    mistyped = spoiler.damage("reference_mistyped", ~missing, "reference_missing")
    pasted = spoiler.damage(
        "reference_pasted", ~missing & ~mistyped, "reference_missing", "reference_mistyped"
    )
    written = spoiler.damage("reference_written", ~missing, "reference_missing")
    serial = np.where(mistyped, one_digit_wrong(spoiler.rng, facts.serial, 4), facts.serial)
    serial = np.where(pasted, _earlier(spoiler.rng, world, facts), serial)
    form = np.where(written, 1 + spoiler.rng.integers(0, FORMS, spoiler.count), 0)
    return replace(facts, serial=np.where(missing, NONE, serial)), form


def _earlier(rng: np.random.Generator, world: World, facts: Facts) -> Integers:
    """The reference of the same officer's referral before, or of one not long ago."""
    rows = world.referrals
    order = np.lexsort((rows.at, rows.officer, rows.force))
    before = np.roll(order, 1)
    same = (rows.force[order] == rows.force[before]) & (rows.officer[order] == rows.officer[before])
    same[:1] = False
    previous = np.full(world.size, NONE)
    previous[order] = np.where(same, rows.serial[before], NONE)
    mine = np.where(facts.source == NONE, NONE, previous[facts.source])
    recent = np.maximum(facts.serial - rng.integers(1, 200, len(facts.serial)), 1)
    return np.where(mine == NONE, recent, mine)


def _incident(spoiler: Spoiler, facts: Facts) -> tuple[Facts, Integers]:
    rng, count = spoiler.rng, spoiler.count
    missing = spoiler.omit("incident_missing") | (facts.incident_number == NONE)
    bare = spoiler.damage("incident_bare", ~missing, "incident_missing")
    written = spoiler.damage(
        "incident_written", ~missing & ~bare, "incident_missing", "incident_bare"
    )
    mistyped = spoiler.damage("incident_mistyped", ~missing, "incident_missing")
    day_off = spoiler.damage(
        "incident_day_off", ~missing & ~bare, "incident_missing", "incident_bare"
    )
    number = np.where(
        mistyped, one_digit_wrong(rng, facts.incident_number, 3), facts.incident_number
    )
    day = facts.incident_day + np.where(day_off, rng.choice((-1, 1), count), 0)
    form = np.where(written, 1 + rng.integers(0, FORMS, count), np.where(bare, BARE, 0))
    changed = replace(facts, incident_number=np.where(missing, NONE, number), incident_day=day)
    return changed, form


def _place(spoiler: Spoiler, facts: Facts) -> tuple[Facts, Integers]:
    missing = spoiler.omit("postcode_missing") | (facts.postcode == NONE)
    wrong = spoiler.damage("postcode_wrong", ~missing, "postcode_missing")
    outward = spoiler.damage("postcode_outward", ~missing, "postcode_missing")
    elsewhere = facts.postcode // 10_000 * 10_000 + spoiler.rng.integers(0, 4000, spoiler.count)
    postcode = np.where(wrong, elsewhere, facts.postcode)
    return (
        replace(facts, postcode=np.where(missing, NONE, postcode)),
        np.where(outward, OUTWARD, FULL),
    )


def _rest(spoiler: Spoiler, facts: Facts) -> tuple[Facts, Flags]:
    rng, count = spoiler.rng, spoiler.count
    everything = np.ones(count, np.bool_)
    other = spoiler.damage("author_other", everything)
    undated = spoiler.omit("event_date_missing")
    day_off = spoiler.damage("event_day_off", ~undated, "event_date_missing")
    no_custody, no_vehicle = spoiler.omit("custody_missing"), spoiler.omit("vehicle_missing")
    misread = spoiler.damage("vehicle_misread", ~no_vehicle, "vehicle_missing")
    colleague = facts.author + rng.choice((-16, -8, 8, 16, 24), count)
    colleague = np.where(colleague < 1, facts.author + 8, colleague)
    event_day = facts.event_day + np.where(day_off, rng.choice((-1, 1), count), 0)
    changed = replace(
        facts,
        author=np.where(other, colleague, facts.author),
        event_day=np.where(undated, NONE, event_day),
        custody=np.where(no_custody, NONE, facts.custody),
        vehicle=np.where(no_vehicle, NONE, facts.vehicle),
    )
    return changed, misread
