"""The loops over the pairs of blocks that Numba compiles: which are within the window, once each.

Imported only when there is much to do (domain.pairing.kernel).
"""

from typing import Any

from domain.pairing.arrays import I32, Starts
from domain.pairing.compiled import loop

UNKNOWN = -(1 << 40)
"""As domain.pairing.arrays has NO_DAY."""


@loop
def grouped(group: I32, value: I32, first: Starts, values: I32) -> None:
    """Put values by group into `values`, in the order in which they come.

    Those of group i are then at first[i] to first[i + 1]; `first` comes with 0 for each group,
    and two more.
    """
    for item in range(len(group)):
        first[group[item] + 2] += 1
    for place in range(2, len(first)):
        first[place] += first[place - 1]
    for item in range(len(group)):
        at = group[item] + 1
        values[first[at]] = value[item]
        first[at] += 1


@loop
def _is_within(a: int, b: int, window: tuple[Any, ...]) -> bool:
    """Whether two rows are of one force and near in time, as domain.pairing.candidates has it."""
    at_left, at_right, of_left, of_right, least, most = window
    if of_left[a] != of_right[b] or of_left[a] == 0:
        return False
    if at_left[a] == UNKNOWN or at_right[b] == UNKNOWN:
        return False
    gap = at_right[b] - at_left[a]
    return bool(least <= gap <= most)


@loop
def count_within(
    first: Starts, referral: I32, block: I32, document: I32, window: tuple[Any, ...]
) -> int:
    """How many pairs of the blocks are within the window, which is that of Window."""
    found = 0
    for item in range(len(document)):
        for place in range(first[block[item]], first[block[item] + 1]):
            if _is_within(referral[place], document[item], window):
                found += 1
    return found


@loop
def list_within(
    first: Starts, referral: I32, block: I32, document: I32, window: tuple[Any, ...], pairs: I32
) -> int:
    """Put them into `pairs`, the rows of both sides; how many there are."""
    found = 0
    for item in range(len(document)):
        for place in range(first[block[item]], first[block[item] + 1]):
            if _is_within(referral[place], document[item], window):
                pairs[0, found], pairs[1, found] = referral[place], document[item]
                found += 1
    return found


@loop
def once_each(first: Starts, left: I32, last: I32, pairs: I32) -> int:
    """Put the distinct pairs into `pairs`, by document; how many there are.

    `left` has the referrals of each document, as `grouped` puts them; `last` comes with -1 for
    each referral.
    """
    held = 0
    for document in range(len(first) - 1):
        for place in range(first[document], first[document + 1]):
            if last[left[place]] != document:
                last[left[place]] = document
                pairs[0, held], pairs[1, held] = left[place], document
                held += 1
    return held
