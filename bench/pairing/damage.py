"""What becomes of a document between what is true and what is written: `damage`.

Documents that answer and those that do not are damaged at the same rates, each group by its
own count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.pairing.answers import SORT
from bench.pairing.corruptions import HASTE, LOADING, Chooser, Flags, Scores
from bench.pairing.world import DISTRICTS, NONE, Table, Whole, World

REFERENCE_FORMS = 8
INCIDENT_FORMS = 6
BARE = INCIDENT_FORMS
"""The form of an incident number without its day, after those with it."""

_FIRST = -1e9
_LAST = 1e9


@dataclass(frozen=True)
class Written:
    """Documents as written: their columns, forms, and which corruptions each had by name."""

    documents: Table
    done: dict[str, Flags]


class Spoiler:
    """Spoils documents, and remembers which were spoilt how."""

    def __init__(self, chooser: Chooser, documents: Table) -> None:
        """Haste for every document; the most hasty leave out everything."""
        self.chooser, self.rng = chooser, chooser.rng
        self.count = len(documents["sort"])
        self.done: dict[str, Flags] = {}
        self.groups = documents["sort"] <= SORT["replacement"]
        self.haste = _haste(chooser, documents)
        self.all = np.ones(self.count, dtype=np.bool_)
        self.rushed = self._choose("rushed", self.all, -self.haste)
        self.terse = self._choose("incident_only", ~self.rushed & (documents["incident"] != NONE))

    def omit(self, name: str, *, keep: bool = False, rushed: bool = True) -> Flags:
        """The documents with this omission: the rushed, then by haste and chance.

        With `keep` the documents that have an incident number and no more keep this, else
        they lack it; without `rushed` the rushed have what others lack.
        """
        loading = LOADING[self.chooser.setting]
        own = self.rng.standard_normal(self.count)
        score = -(loading * self.haste + (1 - loading**2) ** 0.5 * own)
        score[self.terse] = _LAST if keep else _FIRST
        score[self.rushed] = _FIRST if rushed else _LAST
        return self._choose(name, self.all, score)

    def spoil(self, name: str, among: Flags) -> Flags:
        """Documents of those given; the rate is a share of all documents."""
        return self._choose(name, among)

    def prefer(self, name: str, first: Flags) -> Flags:
        """Any documents, `first` before others."""
        return self._choose(name, self.all, np.where(first, _FIRST, self.rng.random(self.count)))

    def _choose(self, name: str, among: Flags, score: Scores | None = None) -> Flags:
        chosen = np.zeros(self.count, dtype=np.bool_)
        for group in (self.groups, ~self.groups):
            chosen |= self.chooser.choose(name, among & group, of=int(group.sum()), score=score)
        self.done[name] = chosen
        return chosen


def _haste(chooser: Chooser, documents: Table) -> NDArray[np.float64]:
    """A haste of each document, of mean 0 and variance 1 over all forces there might be."""
    force, month = documents["force"], documents["at"] // (30 * 86_400)
    whose = {
        "force": force,
        "district": force * DISTRICTS + documents["district"],
        "month": force * 10_000 + month,
        "officer": force * 10_000_000 + documents["author"],
        "own": np.arange(len(force)),
    }
    total = np.zeros(len(force))
    for name, share in HASTE.items():
        _, number = np.unique(whose[name], return_inverse=True)
        drawn = chooser.rng.standard_normal(int(number.max(initial=0)) + 1)
        total += share**0.5 * drawn[number]
    return total


def damage(chooser: Chooser, world: World, documents: Table) -> Written:
    """Spoil every document."""
    spoiler = Spoiler(chooser, documents)
    written = dict(documents)
    written |= _reference(spoiler, world, documents)
    written |= _incident(spoiler, documents)
    written |= _event(spoiler, documents)
    written |= _place(spoiler, documents)
    spoiler.omit("people_missing", rushed=False)
    spoiler.spoil("person_extra", ~spoiler.done["people_missing"])
    return Written(written, spoiler.done)


def _reference(spoiler: Spoiler, world: World, documents: Table) -> Table:
    rng, serial = spoiler.rng, documents["serial"]
    missing = spoiler.omit("reference_missing")
    there = ~missing
    mistyped = spoiler.spoil("reference_mistyped", there)
    transposed = spoiler.spoil("reference_transposed", there & ~mistyped)
    pasted = spoiler.spoil("reference_pasted", there & ~mistyped & ~transposed)
    spelt = spoiler.spoil("reference_written", there)
    value = np.where(mistyped, a_digit_wrong(rng, serial, 4), serial)
    value = np.where(transposed, two_digits_swapped(rng, serial), value)
    value = np.where(pasted, _earlier(rng, world, documents), value)
    return {
        "serial": np.where(missing | (serial == NONE), NONE, value),
        "reference_form": np.where(spelt, 1 + rng.integers(0, REFERENCE_FORMS, len(serial)), 0),
    }


def a_digit_wrong(rng: np.random.Generator, number: Whole, digits: int) -> Whole:
    """Each number with one of its last so many decimal digits changed."""
    place = np.array([10**power for power in range(digits)])[rng.integers(0, digits, len(number))]
    digit = number // place % 10
    wrong: Whole = number + ((digit + rng.integers(1, 10, len(number))) % 10 - digit) * place
    return np.where(wrong > 0, wrong, number + place)


def two_digits_swapped(rng: np.random.Generator, number: Whole) -> Whole:
    """Each number with two neighbouring digits of its last four changed round."""
    place = np.array([1, 10, 100])[rng.integers(0, 3, len(number))]
    low, high = number // place % 10, number // (place * 10) % 10
    swapped: Whole = number + (high - low) * place + (low - high) * place * 10
    return swapped


def _earlier(rng: np.random.Generator, world: World, documents: Table) -> Whole:
    """The reference of the same officer's referral before; of a recent one if there is none."""
    rows, lead = world.referrals, documents["lead"]
    order = np.lexsort((rows["at"], rows["officer"], rows["force"]))
    before = np.roll(order, 1)
    same = rows["force"][order] == rows["force"][before]
    same &= rows["officer"][order] == rows["officer"][before]
    same[:1] = False
    previous = np.full(world.size, NONE)
    previous[order] = np.where(same, rows["serial"][before], NONE)
    own = np.where(lead == NONE, NONE, previous[lead])
    recent = np.maximum(documents["serial"] - rng.integers(1, 300, len(lead)), 1)
    return np.where(own == NONE, recent, own)


def _incident(spoiler: Spoiler, documents: Table) -> Table:
    rng, count = spoiler.rng, spoiler.count
    missing = spoiler.omit("incident_missing", keep=True)
    there = ~missing
    bare = spoiler.spoil("incident_bare", there)
    spelt = spoiler.spoil("incident_written", there & ~bare)
    mistyped = spoiler.spoil("incident_mistyped", there & ~spoiler.terse)
    spoiler.spoil("incident_day_off", there & ~bare & ~mistyped & ~spoiler.terse)
    other = rng.integers(1, INCIDENT_FORMS, count)
    return {
        "incident": np.where(missing, NONE, documents["incident"]),
        "incident_form": np.where(bare, BARE, np.where(spelt, other, 0)),
        "incident_days": np.where(spoiler.done["incident_day_off"], rng.choice((-1, 1), count), 0),
    }


def _event(spoiler: Spoiler, documents: Table) -> Table:
    rng, count = spoiler.rng, spoiler.count
    missing = spoiler.omit("event_day_missing", keep=True)
    off = spoiler.spoil("event_day_off", ~missing)
    other = spoiler.prefer("author_other", spoiler.terse)
    colleague = documents["author"] + DISTRICTS * rng.choice((-2, -1, 1, 2, 3), count)
    colleague = np.where(colleague < 1, documents["author"] + DISTRICTS, colleague)
    return {
        "event_days": np.where(off, rng.choice((-1, 1), count), 0),
        "event_at": np.where(missing, NONE, documents["event_at"]),
        "author": np.where(other, colleague, documents["author"]),
    }


def _place(spoiler: Spoiler, documents: Table) -> Table:
    rng, count = spoiler.rng, spoiler.count
    no_place = spoiler.omit("postcode_missing")
    outward = spoiler.spoil("postcode_outward", ~no_place)
    wrong = spoiler.spoil("postcode_wrong", ~no_place)
    elsewhere = documents["postcode"] // 10_000 * 10_000 + rng.integers(0, 4000, count)
    postcode = np.where(wrong & (documents["postcode"] != NONE), elsewhere, documents["postcode"])
    no_vehicle, no_custody = spoiler.omit("vehicle_missing"), spoiler.omit("custody_missing")
    misread = spoiler.spoil("vehicle_misread", ~no_vehicle)
    mistyped = spoiler.spoil("custody_mistyped", ~no_custody) & (documents["custody"] != NONE)
    custody = np.where(mistyped, a_digit_wrong(rng, documents["custody"], 4), documents["custody"])
    return {
        "postcode": np.where(no_place, NONE, postcode),
        "outward_only": outward.astype(np.int64),
        "vehicle": np.where(no_vehicle, NONE, documents["vehicle"]),
        "misread": misread.astype(np.int64),
        "custody": np.where(no_custody, NONE, custody),
    }
