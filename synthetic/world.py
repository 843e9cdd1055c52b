"""What happened: forces, incidents, people and the referrals made of them, as numpy columns.

Times are seconds since 1970 (UTC), days are days since 1970 of the London calendar, people
are rows of `Identities`.  An incident has one place, one reporting officer and one log
number, which restarts every day; usually one referral is made of it, sometimes several.
References are national and dense: the next number is usually live.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthetic.corruptions import Setting, rate
from synthetic.name_pools import ORIGIN_SHARES, ORIGINS, forenames, surnames

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NONE: Final = -1

DAY: Final = 86_400
DISTRICTS: Final = 8
OUTWARDS_PER_DISTRICT: Final = 4
EVENT_TYPES: Final = ("encounter", "arrest", "traffic_stop", "clandestine_entry", "other")
CLANDESTINE: Final = 3
CHANNELS: Final = ("phone", "e-mail", "form")
ROLES: Final = ("suspect", "victim", "witness", "other", "unknown")
_ROLE_SHARES: Final = (0.68, 0.12, 0.04, 0.08, 0.08)
_FORENAME_TWO: Final = 0.35
_SEEN_AGAIN: Final = 0.06


@dataclass(frozen=True)
class Identities:
    """One row a person: name parts (second parts may be NONE), birth day, origin."""

    forename: Integers
    second: Integers
    surname: Integers
    second_surname: Integers
    born: Integers
    origin: Integers

    def joined(self, others: "Identities") -> "Identities":
        """These people, then the others."""
        return Identities(
            *(
                np.concatenate([getattr(self, f.name), getattr(others, f.name)])
                for f in fields(self)
            )
        )


@dataclass(frozen=True)
class People:
    """One row a person named in a record, in order of the record."""

    record: Integers
    identity: Integers
    role: Integers


@dataclass(frozen=True)
class Referrals:
    """One row a referral, in order of time."""

    incident: Integers
    force: Integers
    at: Integers
    day: Integers
    officer: Integers
    district: Integers
    event_type: Integers
    channel: Integers
    serial: Integers
    incident_number: Integers
    incident_day: Integers
    custody: Integers
    postcode: Integers
    vehicle: Integers


@dataclass(frozen=True)
class World:
    """Everything that happened, before anybody wrote it down badly."""

    setting: Setting
    forces: tuple[str, ...]
    start: date
    days: int
    referrals: Referrals
    people: People
    identities: Identities

    @property
    def size(self) -> int:
        """How many referrals there are."""
        return len(self.referrals.at)


def london_day(seconds: Integers) -> Integers:
    """The London calendar day of each instant."""
    utc = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return utc.dt.convert_time_zone("Europe/London").dt.date().cast(pl.Int64).to_numpy()


def log_numbers(force: Integers, seconds: Integers) -> Integers:
    """An incident number for each row: restarts daily per force, rises with the time of day."""
    day = london_day(seconds)
    order = np.lexsort((seconds, day, force))
    key = force[order] * 1_000_000 + day[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    rank = np.arange(len(key)) - np.repeat(starts, np.diff(np.append(starts, len(key))))
    busy = 900 + (force[order] * 211) % 1500
    number = np.empty(len(key), np.int64)
    number[order] = 1 + rank + (seconds[order] % DAY) * busy // DAY
    return number


def drawn_identities(
    rng: np.random.Generator, count: int, start: date, origin: Integers | None = None
) -> Identities:
    """`count` different people, of the origins given or of any."""
    if origin is None:
        shares = ORIGIN_SHARES / ORIGIN_SHARES.sum()
        origin = rng.choice(len(ORIGINS), count, p=shares)
    first = (start - date(1970, 1, 1)).days
    second, second_surname = forenames().draw(rng, origin), surnames().draw(rng, origin)
    return Identities(
        forename=forenames().draw(rng, origin),
        second=np.where(rng.random(count) < _FORENAME_TWO, second, NONE),
        surname=surnames().draw(rng, origin),
        second_surname=np.where(rng.random(count) < 0.08, second_surname, NONE),
        born=first - (365.25 * np.clip(rng.gamma(5, 3, count) + 13, 13, 75)).astype(np.int64),
        origin=origin,
    )


def make_world(
    rng: np.random.Generator,
    *,
    referrals: int,
    setting: Setting,
    start: date,
    days: int,
    forces: tuple[str, ...],
) -> World:
    """Incidents over `days` days, and `referrals` referrals of them."""
    weights = 1 / np.arange(1, len(forces) + 1) ** 0.6
    force = rng.choice(len(forces), referrals, p=weights / weights.sum())
    begun = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())
    incident_of = _incident_of(rng, referrals, rate("several_referrals", setting))
    count = int(incident_of[-1]) + 1
    happened = np.sort(begun + rng.integers(0, days * DAY - 6 * 3600, count))
    places = _places(rng, force[:count], happened, len(forces))
    order, at = _reported(rng, happened, incident_of)
    incident = incident_of[order]
    clandestine = places["event_type"][incident] == CLANDESTINE
    arrested = np.where(places["event_type"][incident] == 1, 0.9, 0.15) > rng.random(referrals)
    rows = Referrals(
        incident=incident,
        at=at,
        day=london_day(at),
        channel=rng.choice(3, referrals, p=(0.7, 0.2, 0.1)),
        serial=300_000 + np.cumsum(rng.choice((1, 2, 3), referrals, p=(0.8, 0.15, 0.05))),
        custody=np.where(arrested, 1000 + np.arange(referrals), NONE),
        **{name: values[incident] for name, values in places.items()},
    )
    people, pool = _people(rng, clandestine, start)
    return World(setting, forces, start, days, rows, people, pool)


def _incident_of(rng: np.random.Generator, referrals: int, several: float) -> Integers:
    size = np.where(
        rng.random(referrals) < several,
        rng.choice((2, 3, 4, 5), referrals, p=(0.6, 0.22, 0.12, 0.06)),
        1,
    )
    return np.repeat(np.arange(referrals), size)[:referrals].astype(np.int64)


def _reported(
    rng: np.random.Generator, happened: Integers, incident_of: Integers
) -> tuple[Integers, Integers]:
    """The referrals' order in time and their times, minutes after the incident began."""
    first = np.diff(incident_of, prepend=-1) > 0
    at = happened[incident_of] + rng.integers(300, 7200, len(incident_of))
    at = np.where(first, happened[incident_of] + rng.integers(60, 3600, len(incident_of)), at)
    order = np.argsort(at, kind="stable")
    return order, at[order]


def _places(
    rng: np.random.Generator, force: Integers, happened: Integers, forces: int
) -> dict[str, Integers]:
    count = len(force)
    weights = np.arange(DISTRICTS, 0, -1)
    district = rng.choice(DISTRICTS, count, p=weights / weights.sum())
    crew = np.bincount(force, minlength=forces)
    officers = np.maximum(crew // 60, 4)
    event_type = rng.choice(len(EVENT_TYPES), count, p=(0.42, 0.26, 0.18, 0.04, 0.10))
    driving = (event_type == 2) | (event_type == CLANDESTINE) | (rng.random(count) < 0.08)
    number = (rng.beta(0.8, 1.6, count) * officers[force]).astype(np.int64)
    return {
        "force": force,
        "officer": 1 + number * DISTRICTS + district,
        "district": district,
        "event_type": event_type,
        "incident_number": log_numbers(force, happened),
        "incident_day": london_day(happened),
        "postcode": postcodes(rng, district),
        "vehicle": np.where(driving, rng.integers(0, 2**40, count), NONE),
    }


def postcodes(rng: np.random.Generator, district: Integers) -> Integers:
    """A place in each district: the outward half's number x 10,000 + a number for the rest."""
    outward = district * OUTWARDS_PER_DISTRICT + rng.integers(
        0, OUTWARDS_PER_DISTRICT, len(district)
    )
    return (1 + outward) * 10_000 + rng.integers(0, 4000, len(district))


def drawn_roles(rng: np.random.Generator, count: int) -> Integers:
    """The role of each of `count` people: an index of `ROLES`."""
    return rng.choice(len(ROLES), count, p=_ROLE_SHARES)


def _people(rng: np.random.Generator, clandestine: Flags, start: date) -> tuple[People, Identities]:
    count = len(clandestine)
    size = rng.choice((1, 2, 3, 4), count, p=(0.80, 0.13, 0.05, 0.02))
    size = np.where(clandestine, size + rng.integers(0, 3, count), size)
    record = np.repeat(np.arange(count), size).astype(np.int64)
    rows = len(record)
    identity = np.arange(rows)
    again = rng.random(rows) < _SEEN_AGAIN
    earlier = (rng.random(rows) * identity).astype(np.int64)
    identity = np.where(again, earlier, identity)
    return People(record, identity, drawn_roles(rng, rows)), drawn_identities(rng, rows, start)
