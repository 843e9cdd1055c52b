"""The tickets that came into use, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Use(StrEnum):
    """What a ticket is for; a reserve is in nobody's hands yet."""

    SAMPLE = "sample"
    REPLACEMENT = "replacement"
    EXTENSION = "extension"
    RESERVE = "reserve"


@dataclass(frozen=True)
class TicketLine:
    """One ticket: `order` counts from 1 in its frame, in each stratum of a proportional design.

    `look` is the look for which it came into use, from 1; 0 for a reserve.
    """

    order: int
    number: str
    draw_id: str
    stratum: str
    use: Use
    look: int


@dataclass(frozen=True)
class Replacement:
    """An item that was out of frame, and the next ticket that came in for it."""

    draw_id_out: str
    draw_id_in: str
    reason: str
    by: str
    at: datetime
