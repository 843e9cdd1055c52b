"""Person evidence: the two people, one of each record, who agree best.

People are compared by keyed tokens only: equal tokens of name parts, of their sound, of the
date of birth, of that date with day and month in order, and of an initial with the date.
Tokens made with another key agree with nothing.  The best of many comparisons is partly
luck, so `people_choice` takes something off for those beyond the people who agree; more than
one person agreeing adds `people_more`; and `people_cap` holds the whole within bounds, because
people who meet twice are not independent evidence (ADR 18).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from domain.pairing.arrays import (
    I32,
    I64,
    U64,
    Bits,
    Flags,
    Flat,
    TokenSets,
    crossed,
    first_of_runs,
    flat,
    padded,
    positions,
    token_sets,
)
from domain.pairing.events import Levels, level
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.stretches import crossings
from domain.pairing.texts import text_hash
from domain.pairing.weights import STEPS, Weights

_Item = TypeVar("_Item", bound=np.generic)
_WIDTH = 8
"""Tokens of a person that are compared, at most."""
SET_WIDTH = 16
"""Tokens of a person that a blocking key is made of, at most."""
_AT_ONCE = 256
"""Pairs whose people are asked of memory at once."""
_MOST_COMPILED = 64
"""People of one record that the compiled loop can tell apart."""


@dataclass(frozen=True)
class PeopleColumns:
    """The people of one side as arrays, by record and number; `row` is whose each is.

    `of` finds the people of a record who are compared, the first of them by number; `told` is how
    many of these have a name or a birth.
    """

    row: I32
    of: Flat
    told: NDArray[np.uint16]
    names: TokenSets
    sounds: TokenSets
    dob: U64
    dob_ordered: U64
    initials: TokenSets
    default: Flags
    nationality: U64

    def flat(self) -> tuple[NDArray[Any], ...]:
        """The arrays in the order in which the compiled loop takes them."""
        sets = (self.names, self.sounds, self.initials)
        return (
            *(
                self.of.start,
                self.of.count,
                *(part for one in sets for part in (one.ends, one.items)),
            ),
            *(self.dob, self.dob_ordered, self.default, self.nationality),
        )


def people_columns(
    records: pl.DataFrame, people: pl.DataFrame, each: int = _MOST_COMPILED
) -> PeopleColumns:
    """The arrays of one side; at most `each` people of a record are compared."""
    row = positions(records["key"], people["record"])
    number = people["person"].fill_null(0).to_numpy()
    if not _in_order(row, number):
        order = np.lexsort((number, row))
        row, people = row[order], people[order]
    counts = np.bincount(row, minlength=records.height).astype(np.int64)
    names, sounds, initials = (
        token_sets(people[name], SET_WIDTH) for name in ("names", "sounds", "initial_dob")
    )
    of = Flat(flat(counts).start, np.minimum(counts, each).astype(np.int32))
    dob = people["dob"].fill_null(0).cast(pl.UInt64).to_numpy()
    return PeopleColumns(
        row=row.astype(np.int32),
        of=of,
        told=told(of, names, dob),
        names=names,
        sounds=sounds,
        dob=dob,
        dob_ordered=people["dob_ordered"].fill_null(0).cast(pl.UInt64).to_numpy(),
        initials=initials,
        default=people["dob_is_default"].fill_null(False).to_numpy(),
        nationality=text_hash(people["nationality"]),
    )


def told(of: Flat, names: TokenSets, dob: U64) -> NDArray[np.uint16]:
    """How many of the people of each record have a name or a birth."""
    has = (np.diff(names.ends) > 0) | (dob != 0)
    before = np.concatenate((np.zeros(1, np.int32), np.cumsum(has, dtype=np.int32)))
    found: NDArray[np.uint16] = before[of.start + of.count] - before[of.start]
    return found.astype(np.uint16)


def _in_order(row: I64, number: NDArray[np.int32]) -> bool:
    """Whether people stand by record and number already."""
    next_row = row[1:] > row[:-1]
    return bool((next_row | ((row[1:] == row[:-1]) & (number[1:] >= number[:-1]))).all())


def people_evidence(
    left: PeopleColumns, right: PeopleColumns, at_left: I64, at_right: I64, weights: Weights
) -> tuple[dict[str, Levels], dict[str, Bits]]:
    """Levels of the best two people of each pair of rows, and the bits that levels do not give."""
    if is_worth_compiling(len(at_left)) and weights.limits.people_each <= _MOST_COMPILED:
        return _compiled_evidence(left, right, at_left, at_right, weights)
    parts = [
        _plain_evidence(left, right, at_left[part], at_right[part], weights)
        for part in crossings(left.of, right.of, at_left, at_right)
    ]
    levels, bits = zip(*parts, strict=True)
    return _joined(levels), _joined(bits)


def _joined(parts: Sequence[dict[str, NDArray[_Item]]]) -> dict[str, NDArray[_Item]]:
    """One array a field, of those of its parts."""
    return {field: np.concatenate([part[field] for part in parts]) for field in parts[0]}


def _plain_evidence(
    left: PeopleColumns, right: PeopleColumns, at_left: I64, at_right: I64, weights: Weights
) -> tuple[dict[str, Levels], dict[str, Bits]]:
    """The same of so few that all comparisons fit beside each other."""
    sizes, pair, a, b = crossed(left.of, right.of, at_left, at_right)
    name = _name(left, right, a, b)
    dob = _dob(left, right, a, b)
    nationality = _nationality(left, right, a, b)
    each = (
        weights.table("name")[name]
        + weights.table("dob")[dob]
        + weights.table("nationality")[nationality]
    )
    some, best = _best(sizes, each, name, dob, nationality)
    levels = {}
    for field, values in (("name", name), ("dob", dob), ("nationality", nationality)):
        levels[field] = np.zeros(len(sizes), dtype=np.uint8)
        levels[field][some] = values[best]
    top = np.zeros(len(sizes))
    top[some] = each[best]
    agreeing = _agreeing(len(sizes), pair, a, b, each >= weights.people.agrees_from)
    named = left.told[at_left].astype(np.int64) * right.told[at_right]
    return levels, _put_together(top, named, agreeing, weights)


def _compiled_evidence(
    left: PeopleColumns, right: PeopleColumns, at_left: I64, at_right: I64, weights: Weights
) -> tuple[dict[str, Levels], dict[str, Bits]]:
    """The same by the compiled loop."""
    from domain.pairing import people_loops

    fields = ("name", "dob", "nationality")
    levels = np.zeros((len(at_left), len(fields)), dtype=np.uint8)
    top, agreeing = np.zeros(len(at_left)), np.zeros(len(at_left), dtype=np.int64)
    people_loops.people(
        (at_left, at_right),
        left.flat(),
        right.flat(),
        tuple(weights.table(field) for field in fields),
        weights.people.agrees_from,
        (levels, top, agreeing),
        np.empty(_AT_ONCE, dtype=np.uint64),
    )
    by_field = {field: np.ascontiguousarray(levels[:, at]) for at, field in enumerate(fields)}
    named = left.told[at_left].astype(np.int64) * right.told[at_right]
    return by_field, _put_together(top, named, agreeing, weights)


def _put_together(top: Bits, named: I64, agreeing: I64, weights: Weights) -> dict[str, Bits]:
    """The bits besides the levels' own.

    `top` is what the two who agree best are worth, in bits; `named` how many comparisons there are
    of people with a name or a birth; `agreeing` how many people of either record (of the fewer of
    the two) agree with somebody, by at least `agrees_from` bits.  In bits, by `weights.people`:

        people_choice = -choice * log2(max(named / max(agreeing, 1) ** 2, 1)), or 0 if top <= 0
        people_more = more * min(max(agreeing - 1, 0), more_at_most)
        people_cap = what brings top + people_choice + people_more to between least and most

    The best of n comparisons agrees by luck up to n times as often as one does, which is log2(n)
    bits; `choice`, the share of them that is taken off, was set by hand.  The form is the
    prototype's (ADR 18), which took off for all comparisons.  But n people who all agree with n
    make n * n comparisons and leave nothing to choose: with bits taken off for these, a document
    that names fewer people could be worth more than an exact copy of the referral.
    """
    rules = weights.people
    beyond = np.maximum(named / np.maximum(agreeing, 1) ** 2, 1.0)
    choice = np.where(top > 0, -rules.choice * np.log2(beyond), 0.0)
    choice = np.round(choice * STEPS) / STEPS
    more = rules.more * np.clip(agreeing - 1, 0, rules.more_at_most)
    raw = top + choice + more
    cap = np.clip(raw, rules.least, rules.most) - raw
    return {"people_choice": choice, "people_more": more, "people_cap": cap}


def _best(
    sizes: I64, bits: Bits, name: Levels, dob: Levels, nationality: Levels
) -> tuple[Flags, I64]:
    """Which pairs have people on both sides, and where their best comparison is.

    Equal bits are settled by the levels, so the order of the people cannot matter.
    """
    some, starts = first_of_runs(sizes)
    if not len(starts):
        return some, np.zeros(0, dtype=np.int64)
    levels = (name.astype(np.int64) << 8) + (dob << 4) + nationality
    rank = np.round(bits * STEPS).astype(np.int64) * 4096 - levels
    top = np.maximum.reduceat(rank, starts)
    runs = sizes[some]
    place = np.where(rank == np.repeat(top, runs), np.arange(len(rank)), len(rank))
    return some, np.minimum.reduceat(place, starts)


def _agreeing(pairs: int, pair: I64, a: I64, b: I64, agrees: Flags) -> I64:
    """How many people agree with somebody: the fewer of the two sides."""
    sides = []
    for item in (a, b):
        distinct = np.unique(np.column_stack((pair[agrees], item[agrees])), axis=0)
        sides.append(np.bincount(distinct[:, 0], minlength=pairs))
    return np.minimum(*sides)


def _common(a: U64, b: U64) -> I64:
    """Row by row, how many tokens are in both sets."""
    found = np.zeros(len(a), dtype=np.int64)
    for place in range(a.shape[1]):
        token = a[:, place]
        found += (token != 0) & (b == token[:, None]).any(axis=1)
    return found


def _name(left: PeopleColumns, right: PeopleColumns, a: I64, b: I64) -> Levels:
    names_a, names_b = padded(left.names, a, _WIDTH), padded(right.names, b, _WIDTH)
    sounds_a, sounds_b = padded(left.sounds, a, _WIDTH), padded(right.sounds, b, _WIDTH)
    count_a, count_b = (names_a != 0).sum(axis=1), (names_b != 0).sum(axis=1)
    heard_a, heard_b = (sounds_a != 0).sum(axis=1), (sounds_b != 0).sum(axis=1)
    same, heard = _common(names_a, names_b), _common(sounds_a, sounds_b)
    whole = (same == count_a) & (same == count_b)
    sounds = (heard == heard_a) & (heard == heard_b) & (heard >= 2)
    most = (same >= 2) | (heard >= 2)
    initials_a, initials_b = padded(left.initials, a, _WIDTH), padded(right.initials, b, _WIDTH)
    initial = _common(initials_a, initials_b) > 0
    kinds = [
        ((count_a == 0) | (count_b == 0), np.uint8(0)),
        (whole & (same >= 2), level("name", "all")),
        (whole & (same == 1), level("name", "single")),
        (sounds, level("name", "sounds_all")),
        (most, level("name", "most")),
        (same >= 1, level("name", "one")),
        (heard >= 1, level("name", "sound_one")),
        (initial, level("name", "initial")),
    ]
    return np.select([is_so for is_so, _ in kinds], [n for _, n in kinds], level("name", "none"))


def _dob(left: PeopleColumns, right: PeopleColumns, a: I64, b: I64) -> Levels:
    known = (left.dob[a] != 0) & (right.dob[b] != 0)
    same = left.dob[a] == right.dob[b]
    swapped = (left.dob_ordered[a] != 0) & (left.dob_ordered[a] == right.dob_ordered[b])
    default = left.default[a] | right.default[b]
    kinds = [
        (~known, np.uint8(0)),
        (same & default, level("dob", "same_default")),
        (same, level("dob", "same")),
        (swapped, level("dob", "swapped")),
        (default, level("dob", "other_default")),
    ]
    return np.select([is_so for is_so, _ in kinds], [n for _, n in kinds], level("dob", "other"))


def _nationality(left: PeopleColumns, right: PeopleColumns, a: I64, b: I64) -> Levels:
    x, y = left.nationality[a], right.nationality[b]
    return np.where((x == 0) | (y == 0), 0, np.where(x == y, 1, 2)).astype(np.uint8)
