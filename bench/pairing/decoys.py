"""Documents that answer nothing: decoys that look as if they did, and the many that do not.

A decoy apes one referral (`lead`).  A twin apes a referral that has a live document, because
one of a referral without a document could not be told from its document by anybody.
"""

from dataclasses import dataclass

import numpy as np

from bench.pairing.answers import HOUR, SORT, Answers, delays, named, of_nothing
from bench.pairing.corruptions import DECOYS, Chooser, Flags
from bench.pairing.world import (
    DAY,
    DISTRICTS,
    NONE,
    Table,
    Whole,
    World,
    drawn_identities,
    officers,
    places,
    roles,
    stacked,
    taken,
)

_DAYS_LATER = {"decoy_person_later": (25, 100), "decoy_relative": (2, 40)}
_FAMILIAR = 0.2


@dataclass(frozen=True)
class Others:
    """Documents that answer nothing, who is named, and the incidents and people new in them."""

    documents: Table
    people: Table
    incidents: Table
    identities: Table


class Desk:
    """Where documents of no referral are written; people and incidents are numbered on."""

    def __init__(self, chooser: Chooser, world: World) -> None:
        """The people and incidents of the world, and no document."""
        self.chooser, self.rng, self.world = chooser, chooser.rng, world
        self.incidents = [world.incidents]
        self.identities = [world.identities]
        self.events, self.known = len(world.incidents["at"]), len(world.identities["born"])

    def unrelated(self, sort: str, force: Whole, at: Whole, lead: Whole) -> tuple[Table, Whole]:
        """Documents of matters of their own, and how many people each names."""
        rng, count = self.rng, len(force)
        district = np.minimum(rng.geometric(0.28, count) - 1, DISTRICTS - 1)
        logged = rng.random(count) < 0.6
        incident = np.where(logged, self.events + np.cumsum(logged) - 1, NONE)
        self.incidents.append({"force": force[logged], "at": at[logged]})
        self.events += int(logged.sum())
        crew = len(self.world.incidents["at"])
        documents = {
            "sort": np.full(count, SORT[sort]),
            "lead": lead,
            "force": force,
            "district": district,
            "at": at + delays(rng, count).clip(0),
            "author": officers(rng, force, district, self.world.forces, crew),
            "serial": of_nothing(count),
            "incident": incident,
            "event_at": at,
            "custody": np.where(rng.random(count) < 0.1, rng.integers(1000, 10**7, count), NONE),
            "postcode": np.where(rng.random(count) < 0.85, places(rng, district), NONE),
            "vehicle": np.where(rng.random(count) < 0.15, rng.integers(0, 2**40, count), NONE),
        }
        return documents, rng.choice(4, count, p=(0.25, 0.5, 0.18, 0.07))

    def strangers(self, size: Whole) -> Table:
        """So many people for each document: some known to the force's files, most not."""
        rng, record = self.rng, np.repeat(np.arange(len(size)), size)
        familiar = rng.random(len(record)) < _FAMILIAR
        identity = np.where(
            familiar,
            rng.integers(0, self.known, len(record)),
            self.known + np.cumsum(~familiar) - 1,
        )
        self._join(drawn_identities(rng, int((~familiar).sum()), self.world.start))
        return {"record": record, "identity": identity, "role": roles(rng, len(record))}

    def relatives(self, referral: Whole) -> Table:
        """One relative of the first person of each referral."""
        people, pool = self.world.people, self.world.identities
        of = people["identity"][np.searchsorted(people["record"], referral)]
        drawn = drawn_identities(self.rng, len(of), self.world.start, pool["origin"][of])
        identity = self.known + np.arange(len(of))
        self._join({**drawn, "surname": pool["surname"][of]})
        return {
            "record": np.arange(len(of)),
            "identity": identity,
            "role": roles(self.rng, len(of)),
        }

    def _join(self, people: Table) -> None:
        self.identities.append(people)
        self.known += len(people["born"])


def others(chooser: Chooser, world: World, given: Answers, wanted: int) -> Others:
    """Decoys of every sort, and unrelated documents until there are `wanted` in all."""
    desk = Desk(chooser, world)
    made = [decoys(desk, sort, _aped(chooser, world, given, sort)) for sort in DECOYS]
    count = max(wanted - len(given.live) - sum(len(d["at"]) for d, _ in made), 0)
    alike = chooser.rng.integers(0, world.size, count)
    at = chooser.rng.integers(world.start, int(world.referrals["at"][-1]) + 5 * DAY, count)
    documents, size = desk.unrelated(
        "unrelated", world.referrals["force"][alike], at, of_nothing(count)
    )
    made.append((documents, desk.strangers(size)))
    offsets = np.cumsum([0] + [len(documents["at"]) for documents, _ in made])
    people = [
        {**named_in, "record": named_in["record"] + offset}
        for (_, named_in), offset in zip(made, offsets, strict=False)
    ]
    return Others(
        stacked([documents for documents, _ in made]),
        stacked(people),
        stacked(desk.incidents),
        stacked(desk.identities),
    )


def _aped(chooser: Chooser, world: World, given: Answers, sort: str) -> Whole:
    among: Flags = np.ones(world.size, dtype=np.bool_)
    if sort == "decoy_twin":
        pairs = given.pairs
        among[:] = False
        among[pairs["referral"][given.live[pairs["document"]]]] = True
    return np.flatnonzero(chooser.choose(sort, among))


def decoys(desk: Desk, sort: str, referral: Whole) -> tuple[Table, Table]:
    """One decoy of this sort for each referral, and the people they name."""
    rng, rows = desk.rng, taken(desk.world.referrals, referral)
    count = len(referral)
    if sort == "decoy_person_soon":
        at = rows["at"] + rng.integers(DAY, 3 * DAY, count)
    elif sort in _DAYS_LATER:
        low, high = _DAYS_LATER[sort]
        at = rows["at"] + rng.integers(low * DAY, high * DAY, count)
    else:
        at = rows["at"] + rng.integers(-2 * HOUR, 5 * HOUR, count)
    documents, size = desk.unrelated(sort, rows["force"], at, referral)
    documents["district"] = rows["district"]
    return documents, _APE[sort](desk, documents, rows, size)


def _officer_day(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    documents["author"] = rows["officer"]
    return desk.strangers(size)


def _person(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    home, same = desk.rng.random(len(size)) < 0.5, desk.rng.random(len(size)) < 0.2
    documents["postcode"] = np.where(home, rows["postcode"], documents["postcode"])
    documents["author"] = np.where(same, rows["officer"], documents["author"])
    return named(desk.world, np.arange(len(size)), documents["lead"])


def _incident(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    same = desk.rng.random(len(size)) < 0.3
    documents["author"] = np.where(same, rows["officer"], documents["author"])
    _place(desk, documents, rows)
    return desk.strangers(size)


def _place(desk: Desk, documents: Table, rows: Table) -> None:
    """The document is about the very incident of the referral."""
    documents["incident"] = rows["incident"]
    documents["event_at"] = desk.world.incidents["at"][rows["incident"]]
    documents["postcode"] = rows["postcode"]
    documents["vehicle"] = rows["vehicle"]


def _relative(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    documents["postcode"] = rows["postcode"]
    return desk.relatives(documents["lead"])


def _reference(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    documents["serial"] = rows["serial"]
    return desk.strangers(size)


def _twin(desk: Desk, documents: Table, rows: Table, size: Whole) -> Table:
    documents["author"] = rows["officer"]
    _place(desk, documents, rows)
    return named(desk.world, np.arange(len(size)), documents["lead"])


_APE = {
    "decoy_officer_day": _officer_day,
    "decoy_person_later": _person,
    "decoy_person_soon": _person,
    "decoy_incident": _incident,
    "decoy_relative": _relative,
    "decoy_reference": _reference,
    "decoy_twin": _twin,
}
