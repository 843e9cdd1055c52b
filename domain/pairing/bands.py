"""Which edges are strong enough, for which role: the two-family rule.

A pairing is made without a person only if the event AND the people agree, or if the quoted
reference is right and something else corroborates it.  A reference alone is not enough: a
slip in a dense serial number lands on somebody else's referral, and one pasted from an
earlier report shares that report's officer (ADR 18).

Two fields change sides for this rule.  A custody number belongs to one person's arrest, so
when it agrees it speaks for the person.  A place often is that person's address, which
comes back whenever the person does, so with it the event must agree more strongly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Bits, Flags
from domain.pairing.edge_levels import at, filled
from domain.pairing.frames import EVENT_FIELDS, PEOPLE_FIELDS
from domain.pairing.meetings import met_once, undated_within_a_day
from domain.pairing.weights import Bands, Weights


@dataclass(frozen=True)
class Strength:
    """For each edge, whether it would do for each role and band, and why.

    `told`: the document quotes the referral, and something corroborates it.
    `quoting`: the document quotes some reference, right or wrong.
    `both`: event and people agree.  `sure`: reference and incident number do.
    `rival`: the document may tell of the referral's event.
    `auto_also`: it would do for a further referral of an incident that has a document.
    `named`: the people agree well enough if the document answers another one of the incident.
    `people`: the people agree well enough to ask about a document that answers another.
    """

    told: Flags
    quoting: Flags
    both: Flags
    sure: Flags
    rival: Flags
    people: Flags
    auto: Flags
    auto_cover: Flags
    auto_second: Flags
    auto_also: Flags
    named: Flags
    review: Flags
    review_second: Flags

    def only(self, kept: I64) -> "Strength":
        """That of some of the edges, in the order of `kept`."""
        return Strength(*(getattr(self, each.name)[kept] for each in fields(self)))


@dataclass(frozen=True)
class _Facts:
    """What the rules are made of, for each edge: bits, and flags."""

    event: Bits
    person: Bits
    officer: Bits
    custody: Bits
    place: Bits
    exact: Flags
    near: Flags
    quoted: I64
    numbered: Flags
    same_incident: Flags
    same_officer: Flags
    other_officer: Flags
    arrest: Flags
    one_event: Flags
    another: Flags

    @property
    def elsewhere(self) -> Bits:
        """Event bits without the officer, who is the same in a reference that was pasted."""
        return self.event - self.officer


def strengths(edges: pl.DataFrame, of: I64, weights: Weights) -> Strength:
    """The strength of each edge, in the order of `edges`, which has all edges of a document.

    `of` names each edge's document by a number from 0.
    """
    bands, facts = weights.bands, _facts(edges, of, weights.bands)
    total = filled(edges["weight"])
    both = facts.one_event & _both_families(facts, bands)
    corroborated = facts.exact & _corroborated(facts, bands)
    corroborated &= ~_meant_for_another(facts, both, of, bands)
    told = corroborated | (facts.near & (facts.quoted == 0) & (both | _slipped(facts, bands)))
    same_custody = np.where(at(edges, "custody", "same"), facts.custody, 0.0)
    same_people = facts.person + same_custody >= bands.cover_person
    other_birth = at(edges, "dob", "other")
    same_people &= ~other_birth
    elsewhere = np.bincount(of[told], minlength=int(of.max(initial=0)) + 1)[of] > 0
    auto = (total >= bands.auto) & (told | (both & (same_people | ~elsewhere)))
    some_person = facts.person >= bands.review_person
    suggestive = facts.near | (facts.event >= bands.review_event)
    silent = _silent(edges, facts, total, bands) & both & weights.twins.are_rare
    whole = at(edges, "name", "all", "single", "sounds_all")
    whole |= at(edges, "dob", "same", "same_default", "swapped")
    named = (facts.person >= bands.auto_person_less) & whole & ~other_birth & ~facts.another
    second = told & (facts.person >= bands.second_reference_person)
    not_another = facts.person >= bands.review_person_least
    return Strength(
        told=told,
        quoting=filled(edges["l_reference"]) > 0,
        both=both,
        sure=corroborated & facts.same_incident,
        rival=(total >= bands.rival) & _rival(edges, facts, bands),
        people=facts.person >= bands.auto_person_less,
        auto=auto,
        auto_cover=auto & (same_people | (facts.exact & (facts.quoted > 1))),
        auto_second=auto & (second | (silent & ~elsewhere)),
        auto_also=auto & second,
        named=named,
        review=(total >= bands.review) & (some_person | facts.exact | (suggestive & not_another)),
        review_second=(total >= bands.review_second) & (some_person | facts.exact),
    )


@dataclass(frozen=True)
class Lack:
    """For each edge by itself, what it lacks of the two families.

    `quoted`: the document quotes the referral.  `another`: it is of another incident.
    `one_event`: incident, day or time tie the two to one event.
    `person`, `event`: the bits short, of the way to agree that is nearest; 0 if they agree.
    """

    quoted: Flags
    another: Flags
    one_event: Flags
    person: Bits
    event: Bits


def lacking(edges: pl.DataFrame, weights: Weights) -> Lack:
    """What each edge lacks, whatever other edges its document has."""
    facts = _facts(edges, np.arange(edges.height), weights.bands)
    ways = np.maximum(np.array(list(_short(facts, weights.bands))), 0.0)
    person, event = np.take_along_axis(ways, ways.sum(axis=1).argmin(axis=0)[None, None], axis=0)[0]
    return Lack(facts.exact, facts.another, facts.one_event, person, event)


def _facts(edges: pl.DataFrame, of: I64, bands: Bands) -> _Facts:
    exact = at(edges, "reference", "exact", "bare")
    numbered = at(edges, "incident", "exact", "day_off", "no_day", "near")
    person = _sum(edges, PEOPLE_FIELDS)
    arrest = at(edges, "custody", "same")
    another = at(edges, "incident", "other", "other_day") & ~arrest
    return _Facts(
        event=_sum(edges, EVENT_FIELDS),
        person=person,
        officer=np.maximum(_sum(edges, ("officer",)), 0.0),
        custody=np.maximum(_sum(edges, ("custody",)), 0.0),
        place=np.maximum(_sum(edges, ("postcode",)), 0.0),
        exact=exact,
        near=at(edges, "reference", "near"),
        quoted=np.bincount(of[exact], minlength=int(of.max(initial=0)) + 1)[of],
        numbered=numbered,
        same_incident=at(edges, "incident", "exact", "day_off"),
        same_officer=at(edges, "officer", "same"),
        other_officer=at(edges, "officer", "other"),
        arrest=arrest,
        one_event=(numbered | arrest | met_once(edges, person >= bands.auto_person_sure))
        & ~another,
        another=another,
    )


def _corroborated(facts: _Facts, bands: Bands) -> Flags:
    """Whether an exact reference is corroborated: by people, by the incident, by the event.

    People of whom one name agrees are enough only where something of the event agrees as well.
    A document that quotes several referrals of its incident says itself that it covers them.
    """
    happened = facts.event >= bands.auto_event
    enough = np.where(happened, bands.auto_reference_person, bands.auto_person_less)
    enough = np.where(facts.another, bands.auto_person, enough)
    by_people = facts.person >= enough
    meant = (facts.person >= bands.auto_reference_incident_person) | (facts.quoted > 1)
    by_event = (facts.elsewhere >= bands.auto_reference_event) & ~facts.another
    by_event &= facts.person >= bands.auto_reference_event_person
    found: Flags = by_people | (facts.same_incident & meant) | by_event
    return found


def _slipped(facts: _Facts, bands: Bands) -> Flags:
    """Whether a reference one slip away is meant: of the same officer, and of the same people.

    If the incident is the same as well, it is enough that the people may be.
    """
    placed = facts.same_incident & (facts.person >= bands.review_person)
    found: Flags = facts.same_officer & (placed | (facts.person >= bands.auto_person))
    return found


def _meant_for_another(facts: _Facts, both: Flags, of: I64, bands: Bands) -> Flags:
    """Whether a quoted reference is not meant: pasted, or a slip, in place of another's.

    The document is right about event and people of another referral of the incident, which it
    does not quote, and the people here are others; if it quotes several, surely others.
    """
    right = ~facts.exact & both & facts.same_incident
    there = np.bincount(of[right], minlength=int(of.max(initial=0)) + 1)[of] > 0
    alone = (facts.quoted == 1) & (facts.person < bands.auto_reference_person)
    found: Flags = there & (alone | (facts.person < 0))
    return found


def _both_families(facts: _Facts, bands: Bands) -> Flags:
    """Whether event and people agree: the more of one, the less of the other will do."""
    found = np.zeros(len(facts.event), dtype=np.bool_)
    for person, event in _short(facts, bands):
        found |= (person <= 0) & (event <= 0)
    return found


def _short(facts: _Facts, bands: Bands) -> Iterator[tuple[Bits, Bits]]:
    """How many bits people and event are short of each way to agree; 0 or less: none.

    Of another officer, who may have met others at the incident, less of the people will not do.
    A custody number is of one arrest, as a reference is of one referral.
    """
    unheld = facts.event - facts.custody
    tied = unheld - facts.place
    happened = np.minimum(bands.auto_event - tied, bands.auto_event_placed - unheld)
    yield bands.auto_person - (facts.person + facts.custody), happened
    yield bands.auto_person_sure - facts.person, bands.auto_event_sure - tied
    stranger = facts.other_officer & ~facts.near
    less = np.where(stranger, bands.auto_person, bands.auto_person_less)
    yield less - facts.person, bands.auto_event_more - tied
    yield bands.auto_reference_person - facts.person, np.where(facts.arrest, 0.0, np.inf)


def _silent(edges: pl.DataFrame, facts: _Facts, total: Bits, bands: Bands) -> Flags:
    """Whether a document that does not quote the referral is strong enough beside another.

    The day and a place, which may be the person's home, are not enough of an event for that,
    nor is the officer of another day, nor the day where the incident is another; and a
    second document is not written before the referral is made.
    """
    strong = (total >= bands.second_silent) & (facts.person >= bands.second_silent_person)
    strong &= facts.event >= bands.second_silent_event
    soon = at(edges, "day", "same") | undated_within_a_day(edges)
    tied = (facts.same_officer & soon) | (facts.numbered & ~at(edges, "incident", "near"))
    tied |= (facts.custody > 0) | at(edges, "vehicle", "same")
    strong &= ~at(edges, "incident", "other", "other_day")
    found: Flags = strong & tied & ~at(edges, "gap", "before", "undated_before")
    return found


def _rival(edges: pl.DataFrame, facts: _Facts, bands: Bands) -> Flags:
    """Whether the document may tell of the referral's event, however little it says."""
    placed = facts.same_incident | (facts.elsewhere >= bands.auto_reference_event)
    unnamed = facts.person >= bands.review_person_least
    tells = (facts.person >= bands.review_person) | (facts.exact & placed)
    tells |= unnamed & (facts.exact | (facts.numbered & facts.same_officer))
    apart = at(edges, "day", "three", "fortnight", "far") & ~facts.numbered
    found: Flags = tells & ~facts.another & ~apart
    return found


def _sum(edges: pl.DataFrame, names: tuple[str, ...]) -> Bits:
    total = np.zeros(edges.height, dtype=np.float64)
    for name in names:
        total += filled(edges[f"w_{name}"])
    return total
