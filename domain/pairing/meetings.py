"""Whether a document tells of the time that the referral's people were met, by day, hour and place.

No reference, incident number or custody number is looked at here: each says it by itself.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from domain.pairing.arrays import Flags
from domain.pairing.edge_levels import at

_HALF_A_DAY = ("h4", "h12")
_A_DAY = (*_HALF_A_DAY, "h24")
_WITHIN_A_DAY = ("before", *_A_DAY)
_THREE_DAYS = (*_WITHIN_A_DAY, "h48", "h72")
_FORTNIGHT = (*_THREE_DAYS, "week", "fortnight")


def met_once(edges: pl.DataFrame, sure: Flags) -> Flags:
    """Whether the day, or how soon the document came, ties it to the referral's event.

    `sure` marks edges whose people are surely the same.
    """
    day = at(edges, "day", "same")
    soon = _soon(edges, at(edges, "officer", "same"), sure)
    found: Flags = (day | soon) & ~_elsewhere(edges, day)
    return found


def _elsewhere(edges: pl.DataFrame, day: Flags) -> Flags:
    """Whether a document tells of another place, and not of the day in half a day after the call.

    It is of the referral's event all the same if it has the vehicle.
    """
    at_once = day & at(edges, "gap", *_HALF_A_DAY)
    found: Flags = at(edges, "postcode", "other") & ~at(edges, "vehicle", "same") & ~at_once
    return found


def _soon(edges: pl.DataFrame, officer: Flags, sure: Flags) -> Flags:
    """Whether a document that is not of the referral's day came soon enough to tell of its event.

    One of the day beside it within a day after the call, one without a day within three; the
    officer or, within a day, the people must surely be the same, and if both are, one without a
    day has a fortnight.  The officer and the vehicle do on the day beside, whenever it came.
    """
    three_days = at(edges, "gap", *_undated(_THREE_DAYS))
    fortnight = at(edges, "gap", *_undated(_FORTNIGHT))
    vehicle = at(edges, "day", "one") & at(edges, "vehicle", "same")
    found: Flags = within_a_day(edges) & (officer | sure)
    return found | (officer & (three_days | (fortnight & sure) | vehicle))


def within_a_day(edges: pl.DataFrame) -> Flags:
    """Whether a document of the day beside the call's came in the day after it, or of none near."""
    found: Flags = at(edges, "day", "one") & at(edges, "gap", *_A_DAY)
    return found | undated_within_a_day(edges)


def undated_within_a_day(edges: pl.DataFrame) -> Flags:
    """Whether a document without a day came in the day after the call, or before it."""
    return at(edges, "gap", *_undated(_WITHIN_A_DAY))


def _undated(gaps: Iterable[str]) -> Iterator[str]:
    return (f"undated_{gap}" for gap in gaps)
