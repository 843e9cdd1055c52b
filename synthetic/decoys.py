"""Documents that answer nothing: decoys that look as if they did, and unrelated ones.

They are written before the damage is done, so they are as badly written as the others.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from synthetic.corruptions import DECOYS
from synthetic.documents import HOUR, Drafts, Facts, chosen, delays, named_in
from synthetic.world import (
    DAY,
    DISTRICTS,
    NONE,
    Identities,
    Integers,
    People,
    Referrals,
    World,
    drawn_identities,
    drawn_roles,
    log_numbers,
    london_day,
    postcodes,
)

UNRELATED: Final = len(DECOYS)
SORTS: Final = (*DECOYS, "unrelated")
"""What a document that answers nothing is called, by the number in `Facts.decoy`."""


def unrelated(
    rng: np.random.Generator, world: World, force: Integers, at: Integers, pool: Identities
) -> Drafts:
    """Documents about something else: one for each force and instant given.

    Three in ten of the people they name are already known; the others join the pool.
    """
    count = len(force)
    district = rng.integers(0, DISTRICTS, count)
    day = london_day(at)
    without_incident = chosen(rng, count, 0.35)
    vehicle = np.where(chosen(rng, count, 0.15), rng.integers(0, 2**40, count), NONE)
    facts = Facts(
        decoy=np.full(count, UNRELATED),
        source=np.full(count, NONE),
        force=force,
        submitted=at + delays(rng, count).clip(0, 5 * DAY),
        author=_colleague(rng, world, force, district),
        serial=np.full(count, NONE),
        incident_number=np.where(without_incident, NONE, log_numbers(force, at)),
        incident_day=day,
        event_day=day,
        custody=np.where(chosen(rng, count, 0.1), 10**6 + rng.integers(0, 10**6, count), NONE),
        postcode=np.where(chosen(rng, count, 0.8), postcodes(rng, district), NONE),
        vehicle=vehicle,
    )
    people, pool = _strangers(rng, world, rng.choice(4, count, p=(0.25, 0.5, 0.18, 0.07)), pool)
    return Drafts(facts, people, pool)


def decoys(
    rng: np.random.Generator, world: World, sort: int, referral: Integers, pool: Identities
) -> Drafts:
    """One decoy of this sort (a row of `DECOYS`) for each referral given."""
    rows, count = world.referrals, len(referral)
    shift = {"decoy_same_person": 90 * DAY, "decoy_relative": 30 * DAY, "decoy_reference": 2 * DAY}
    spread = shift.get(DECOYS[sort], 5 * HOUR)
    at = rows.at[referral] + rng.integers(-spread // 4, spread, count)
    base = unrelated(rng, world, rows.force[referral], at, pool)
    facts = replace(base.facts, decoy=np.full(count, sort), source=referral)
    people, pool = base.people, base.identities
    if DECOYS[sort] == "decoy_same_officer":
        facts = replace(facts, author=rows.officer[referral])
    elif DECOYS[sort] == "decoy_same_person":
        near = chosen(rng, count, 0.5)
        facts = replace(facts, postcode=np.where(near, rows.postcode[referral], facts.postcode))
        people = named_in(world, np.arange(count), referral)
    elif DECOYS[sort] == "decoy_same_incident":
        facts = _of_same_incident(rng, facts, rows, referral)
    elif DECOYS[sort] == "decoy_relative":
        facts = replace(facts, postcode=rows.postcode[referral])
        people, pool = _relatives(rng, world, referral, pool)
    else:
        facts = replace(facts, serial=rows.serial[referral])
    return Drafts(facts, people, pool)


def _of_same_incident(
    rng: np.random.Generator, facts: Facts, rows: Referrals, referral: Integers
) -> Facts:
    same_author = chosen(rng, len(referral), 0.3)
    return replace(
        facts,
        incident_number=rows.incident_number[referral],
        incident_day=rows.incident_day[referral],
        event_day=rows.incident_day[referral],
        postcode=rows.postcode[referral],
        author=np.where(same_author, rows.officer[referral], facts.author),
    )


def _colleague(
    rng: np.random.Generator, world: World, force: Integers, district: Integers
) -> Integers:
    """An officer of the force, who works in the district."""
    highest = np.zeros(len(world.forces), np.int64)
    np.maximum.at(highest, world.referrals.force, world.referrals.officer)
    crews = np.maximum(highest[force] // DISTRICTS, 4)
    return 1 + (rng.random(len(force)) * crews).astype(np.int64) * DISTRICTS + district


def _strangers(
    rng: np.random.Generator, world: World, size: Integers, pool: Identities
) -> tuple[People, Identities]:
    record = np.repeat(np.arange(len(size)), size)
    rows, known = len(record), len(pool.born)
    familiar = chosen(rng, rows, 0.3)
    fresh = known + np.cumsum(~familiar) - 1
    identity = np.where(familiar, rng.integers(0, known, rows), fresh)
    pool = pool.joined(drawn_identities(rng, int((~familiar).sum()), world.start))
    return People(record, identity, drawn_roles(rng, rows)), pool


def _relatives(
    rng: np.random.Generator, world: World, referral: Integers, pool: Identities
) -> tuple[People, Identities]:
    first = np.searchsorted(world.people.record, referral)
    of = world.people.identity[first]
    count = len(referral)
    drawn = drawn_identities(rng, count, world.start, origin=pool.origin[of])
    family = replace(drawn, surname=pool.surname[of], second_surname=pool.second_surname[of])
    identity = len(pool.born) + np.arange(count)
    return People(np.arange(count), identity, drawn_roles(rng, count)), pool.joined(family)
