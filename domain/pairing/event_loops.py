"""The loops over pairs of records that Numba compiles, one a field of the event.

Each fills in the level of its field for pairs of rows, as the function of that name in
domain.pairing.events has it.  Imported only when there is much to do (domain.pairing.kernel).
"""

from typing import Any, TypeAlias

from domain.pairing.arrays import I64, U64, Bytes
from domain.pairing.compiled import loop

WIDTH, UNKNOWN = 24, -(1 << 40)
"""As domain.pairing.events has it, and as domain.pairing.arrays has NO_DAY."""
Parts: TypeAlias = tuple[Any, ...]


@loop
def same_or_other(at_left: I64, at_right: I64, left: U64, right: U64, levels: Bytes) -> None:
    """Of two hashes."""
    for pair in range(len(levels)):
        a, b = left[at_left[pair]], right[at_right[pair]]
        levels[pair] = 0 if a == 0 or b == 0 else 1 if a == b else 2


@loop
def _slip(a: Parts, at_a: int, b: Parts, at_b: int) -> bool:
    """Whether two texts are one slip apart, as domain.pairing.edits has it."""
    (data_a, starts_a, lengths_a), (data_b, starts_b, lengths_b) = a, b
    start_a, start_b = starts_a[at_a], starts_b[at_b]
    of_a, of_b = min(int(lengths_a[at_a]), WIDTH), min(int(lengths_b[at_b]), WIDTH)
    short, long = min(of_a, of_b), max(of_a, of_b)
    if short < 3 or long - short > 1:
        return False
    prefix = 0
    while prefix < short and data_a[start_a + prefix] == data_b[start_b + prefix]:
        prefix += 1
    if prefix == long:
        return False
    suffix = 0
    last_a, last_b = start_a + of_a - 1, start_b + of_b - 1
    while suffix < short and data_a[last_a - suffix] == data_b[last_b - suffix]:
        suffix += 1
    if prefix + suffix >= long - 1:
        return True
    if short != long or prefix + suffix != long - 2:
        return False
    first_a, first_b = start_a + prefix, start_b + prefix
    crossed = data_a[first_a] == data_b[first_b + 1] and data_a[first_a + 1] == data_b[first_b]
    return bool(crossed)


@loop
def custody(at_left: I64, at_right: I64, left: Parts, right: Parts, levels: Bytes) -> None:
    """Of a custody number; `levels` come as those of two hashes, `left` has the texts."""
    for pair in range(len(levels)):
        if levels[pair] == 2 and not _slip(left, at_left[pair], right, at_right[pair]):
            levels[pair] = 3


@loop
def incident(at_left: I64, at_right: I64, left: Parts, right: Parts, levels: Bytes) -> None:
    """Of an incident number; `levels` come as those of two hashes, `left` has days and texts."""
    (days_a, texts_a), (days_b, texts_b) = left, right
    for pair in range(len(levels)):
        if levels[pair] == 0:
            continue
        a, b = at_left[pair], at_right[pair]
        undated = days_a[a] == UNKNOWN or days_b[b] == UNKNOWN
        apart = 0 if undated else abs(days_b[b] - days_a[a])
        if levels[pair] == 1:
            levels[pair] = 3 if undated else 1 + apart if apart <= 1 else 5
        else:
            levels[pair] = 4 if apart <= 1 and _slip(texts_a, a, texts_b, b) else 6


@loop
def difference(at_left: I64, at_right: I64, left: I64, right: I64, found: I64) -> None:
    """How much later the right one is."""
    for pair in range(len(found)):
        a, b = left[at_left[pair]], right[at_right[pair]]
        found[pair] = UNKNOWN if a == UNKNOWN or b == UNKNOWN else b - a


@loop
def postcode(at_left: I64, at_right: I64, left: Parts, right: Parts, levels: Bytes) -> None:
    """Of a postcode: `left` has the whole one, its outward half, and whether it has another."""
    whole_a, outward_a, placed_a = left
    whole_b, outward_b, placed_b = right
    for pair in range(len(levels)):
        a, b = at_left[pair], at_right[pair]
        if outward_a[a] == 0 or outward_b[b] == 0:
            levels[pair] = 0
        elif outward_a[a] != outward_b[b]:
            levels[pair] = 4
        elif placed_a[a] and placed_b[b]:
            levels[pair] = 1 if whole_a[a] == whole_b[b] else 2
        else:
            levels[pair] = 3


@loop
def vehicle(at_left: I64, at_right: I64, left: Parts, right: Parts, levels: Bytes) -> None:
    """Of two lists of vehicles: `left` has where each begins, how many it has, and all."""
    starts_a, counts_a, marks_a = left
    starts_b, counts_b, marks_b = right
    for pair in range(len(levels)):
        a, b = at_left[pair], at_right[pair]
        levels[pair] = 0 if counts_a[a] == 0 or counts_b[b] == 0 else 2
        for one in range(starts_a[a], starts_a[a] + counts_a[a]):
            for other in range(starts_b[b], starts_b[b] + counts_b[b]):
                if marks_a[one] == marks_b[other]:
                    levels[pair] = 1


@loop
def _quoted(left: Parts, a: int, right: Parts, b: int) -> int:
    serials_a, years_a, texts_a = left
    serials_b, years_b, texts_b = right
    years = years_a[a] != 0 and years_b[b] != 0
    same_year = years_a[a] == years_b[b]
    if serials_a[a] == serials_b[b]:
        return 1 if same_year else 3 if years else 2
    return 3 if (not years or same_year) and _slip(texts_a, a, texts_b, b) else 4


@loop
def reference(at_left: I64, at_right: I64, left: Parts, right: Parts, levels: Bytes) -> None:
    """The best of two lists: `left` has where each begins, how many, serials, years, texts."""
    starts_a, counts_a = left[:2]
    starts_b, counts_b = right[:2]
    for pair in range(len(levels)):
        a, b = at_left[pair], at_right[pair]
        best = 9
        for one in range(starts_a[a], starts_a[a] + counts_a[a]):
            for other in range(starts_b[b], starts_b[b] + counts_b[b]):
                best = min(best, _quoted(left[2:], one, right[2:], other))
        levels[pair] = best if best < 9 else 0
