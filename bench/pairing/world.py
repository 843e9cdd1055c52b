"""What happened, before anybody wrote it down: forces, incidents, referrals and people.

Times are seconds since 1970 UTC, days are days since 1970 in London, everything else is a
number that `written` turns into text; NONE where there is nothing.  The forces are as unlike
each other in size as 1, 1/sqrt(2), 1/sqrt(3), ...; there are more of them, and more months,
the more referrals there are, so that a force has about 310 referrals a month at every size.
References are national, dense, and begin again each year.  Some places are busy (a lorry
park, a hotel, the station), and some people are met again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.pairing.corruptions import Chooser, Flags
from synthetic.name_pools import ORIGIN_SHARES, ORIGINS, forenames, surnames

Whole = NDArray[np.int64]
Table = dict[str, Whole]
"""Columns of one length by name."""

NONE: Final = -1
DAY: Final = 86_400
END: Final = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
DISTRICTS: Final = 6
MOST_FORCES: Final = 44
A_MONTH: Final = 315
"""Referrals of one force, on average."""
LEAST_MONTHS: Final = 6
ROLES: Final = ("suspect", "victim", "witness", "other", "unknown")
_ROLE_SHARES: Final = (0.70, 0.11, 0.04, 0.07, 0.08)
_BUSY_PLACES: Final = 3
_IN_A_BUSY_PLACE: Final = 0.12
_MET_AGAIN: Final = 0.05


@dataclass(frozen=True)
class World:
    """Referrals in order of time, their people, and everybody there is.

    `referrals` has incident, force, officer, district, at, serial, custody, postcode, vehicle,
    event_type, channel; `people` has record, identity, role in order of record; `identities`
    has forename, second, surname, born, origin.  `incidents` has force and at.
    """

    forces: int
    start: int
    referrals: Table
    people: Table
    identities: Table
    incidents: Table

    @property
    def size(self) -> int:
        """How many referrals there are."""
        return len(self.referrals["at"])


def taken(table: Table, rows: Whole | Flags) -> Table:
    """Those rows of every column."""
    return {name: column[rows] for name, column in table.items()}


def stacked(tables: list[Table]) -> Table:
    """The rows of each in turn; all have the same columns."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def london_day(seconds: Whole) -> Whole:
    """The London calendar day of each instant."""
    utc = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return utc.dt.convert_time_zone("Europe/London").dt.date().cast(pl.Int64).to_numpy()


def years(seconds: Whole) -> pl.Series:
    """The year (UTC) of each instant."""
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC")).dt.year()


def make_world(chooser: Chooser, referrals: int) -> World:
    """Incidents, and so many referrals of them."""
    rng = chooser.rng
    forces = int(np.clip(round(MOST_FORCES * (referrals / 1e6) ** 0.6), 2, MOST_FORCES))
    months = max(LEAST_MONTHS, referrals / (A_MONTH * forces))
    start = END - round(months * 30.4 * DAY)
    incident_of = _parts(chooser, referrals)
    count = int(incident_of[-1]) + 1
    shares = 1 / np.sqrt(np.arange(1, forces + 1))
    force = rng.choice(forces, count, p=shares / shares.sum())
    days = rng.integers(0, (END - start) // DAY - 1, count)
    at = start + days * DAY + (rng.beta(2.2, 1.6, count) * DAY).astype(np.int64)
    incidents = {"force": force, "at": np.sort(at)}
    rows = _referrals(rng, incidents, incident_of, forces)
    people, identities = _people(rng, rows, start)
    return World(forces, start, rows, people, identities, incidents)


def _parts(chooser: Chooser, referrals: int) -> Whole:
    """The incident of each referral; some incidents have several."""
    several = chooser.choose("several", np.ones(referrals, dtype=np.bool_))
    drawn = chooser.rng.choice((2, 3, 4, 5, 6), referrals, p=(0.6, 0.2, 0.1, 0.06, 0.04))
    size = np.where(several, drawn, 1)
    return np.repeat(np.arange(referrals), size)[:referrals].astype(np.int64)


def _referrals(rng: np.random.Generator, incidents: Table, of: Whole, forces: int) -> Table:
    count = len(incidents["at"])
    district = np.minimum(rng.geometric(0.28, count) - 1, DISTRICTS - 1)
    event_type = rng.choice(5, count, p=(0.40, 0.26, 0.18, 0.04, 0.12))
    driving = (event_type == 2) | (event_type == 3) | (rng.random(count) < 0.06)
    per_incident = {
        "force": incidents["force"],
        "district": district,
        "officer": officers(rng, incidents["force"], district, forces, count),
        "postcode": places(rng, district),
        "vehicle": np.where(driving, rng.integers(0, 2**40, count), NONE),
        "event_type": event_type,
    }
    first = np.diff(of, prepend=-1) > 0
    size = len(of)
    wait = np.where(first, rng.integers(60, 5400, size), rng.integers(600, 9000, size))
    at = incidents["at"][of] + wait
    order = np.argsort(at, kind="stable")
    rows = {"incident": of, "at": at, **taken(per_incident, of)}
    colleague = officers(rng, rows["force"], rows["district"], forces, count)
    other = ~first & (rng.random(size) < 0.3)
    rows["officer"] = np.where(other, colleague, rows["officer"])
    arrested = rng.random(size) < np.where(rows["event_type"] == 1, 0.9, 0.1)
    rows["custody"] = np.where(arrested, 1000 + np.arange(size), NONE)
    rows["channel"] = rng.integers(0, 3, size)
    rows = taken(rows, order)
    rows["serial"] = _serials(rng, rows["at"])
    return rows


def officers(
    rng: np.random.Generator, force: Whole, district: Whole, forces: int, incidents: int
) -> Whole:
    """An officer of each force and district; a few of them do much of the work."""
    crew = max(round(incidents / forces / DISTRICTS / 40), 8)
    number = (rng.beta(0.7, 1.8, len(force)) * crew).astype(np.int64)
    return 1 + (number * DISTRICTS + district)


def places(rng: np.random.Generator, district: Whole) -> Whole:
    """A place of each district: (1 + outward half) * 10,000 + a number for the rest."""
    outward = district * 3 + rng.integers(0, 3, len(district))
    rest = rng.integers(_BUSY_PLACES, 4000, len(district))
    busy = rng.random(len(district)) < _IN_A_BUSY_PLACE
    rest = np.where(busy, rng.integers(0, _BUSY_PLACES, len(district)), rest)
    return (1 + outward) * 10_000 + rest


def _serials(rng: np.random.Generator, at: Whole) -> Whole:
    year = years(at).to_numpy()
    running = np.cumsum(rng.choice((1, 2, 3), len(at), p=(0.85, 0.1, 0.05)))
    first = np.flatnonzero(np.diff(year, prepend=0))
    before = np.repeat(running[first], np.diff(np.append(first, len(at))))
    serials: Whole = 20_000 + running - before
    return serials


def drawn_identities(
    rng: np.random.Generator, count: int, start: int, origin: Whole | None = None
) -> Table:
    """So many different people, of the origins given or of any."""
    if origin is None:
        origin = rng.choice(len(ORIGINS), count, p=ORIGIN_SHARES / ORIGIN_SHARES.sum())
    age = np.clip(rng.gamma(5, 3, count) + 13, 13, 78)
    second = np.where(rng.random(count) < 0.3, forenames().draw(rng, origin), NONE)
    return {
        "forename": forenames().draw(rng, origin),
        "second": second,
        "surname": surnames().draw(rng, origin),
        "born": start // DAY - (365.25 * age).astype(np.int64),
        "origin": origin,
    }


def roles(rng: np.random.Generator, count: int) -> Whole:
    """A role for each of so many people."""
    return rng.choice(len(ROLES), count, p=_ROLE_SHARES)


def _people(rng: np.random.Generator, rows: Table, start: int) -> tuple[Table, Table]:
    """Who each referral is about; the parts of an incident are often a family."""
    count = len(rows["at"])
    size = rng.choice((1, 2, 3, 4), count, p=(0.80, 0.12, 0.05, 0.03))
    size = np.where(rows["event_type"] == 3, size + rng.integers(0, 4, count), size)
    record = np.repeat(np.arange(count), size).astype(np.int64)
    pool = drawn_identities(rng, len(record), start)
    incident = rows["incident"][record]
    head = np.full(count, NONE)
    head[incident[::-1]] = np.arange(len(record))[::-1]
    first = head[incident]
    related = (first != np.arange(len(record))) & (rng.random(len(record)) < 0.3)
    pool["surname"] = np.where(related, pool["surname"][first], pool["surname"])
    pool["origin"] = np.where(related, pool["origin"][first], pool["origin"])
    identity = np.arange(len(record))
    again = np.flatnonzero(rng.random(len(record)) < _MET_AGAIN)
    identity[again] = _met_before(rng, rows["force"][record], again)
    people = {"record": record, "identity": identity, "role": roles(rng, len(record))}
    return people, pool


def _met_before(rng: np.random.Generator, force: Whole, again: Whole) -> Whole:
    """Somebody whom the same force met earlier, half of them not long ago."""
    order = np.argsort(force, kind="stable")
    place = np.empty(len(force), dtype=np.int64)
    place[order] = np.arange(len(force))
    starts = np.searchsorted(force[order], np.arange(force.max() + 1))
    back = place[again] - starts[force[again]]
    lately = rng.random(len(again)) < 0.5
    step = (rng.random(len(again)) * np.where(lately, np.minimum(back, 200), back)).astype(np.int64)
    earlier: Whole = order[place[again] - step]
    return earlier
