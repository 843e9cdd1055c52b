"""Which edges are strong enough, for which role: the two-family rule.

A pairing is made without a person only if the event AND the people agree, or if the quoted
reference is right and something else corroborates it.  A reference alone is not enough: a
slip in a dense serial number lands on somebody else's referral (pairing notes, sections 0
and 5).

Two fields change sides for this rule.  A custody number belongs to one person's arrest, so
when it agrees it speaks for the person.  A place often is that person's address, which
comes back whenever the person does, so with it the event must agree more strongly.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import Bits, Flags
from domain.pairing.events import level
from domain.pairing.frames import EVENT_FIELDS, PEOPLE_FIELDS
from domain.pairing.weights import Weights


@dataclass(frozen=True)
class Strength:
    """For each edge: event and person bits, and whether it would do for each role and band."""

    event: Bits
    person: Bits
    referenced: Flags
    auto: Flags
    auto_cover: Flags
    auto_second: Flags
    review: Flags
    review_second: Flags


def strengths(edges: pl.DataFrame, weights: Weights) -> Strength:
    """The strength of each edge, in the order of `edges`."""
    bands = weights.bands
    total = edges["weight"].fill_null(0.0).to_numpy()
    event = _sum(edges, EVENT_FIELDS)
    person = _sum(edges, PEOPLE_FIELDS)
    exact = _at(edges, "reference", "exact", "bare")
    near = _at(edges, "reference", "near")
    same_incident = _at(edges, "incident", "exact", "day_off")
    corroborated = exact & (
        (person >= bands.auto_reference_person)
        | (same_incident & (person >= bands.auto_reference_incident_person))
        | ((event >= bands.auto_reference_event) & (person >= bands.auto_reference_event_person))
    )
    custody = np.maximum(_sum(edges, ("custody",)), 0.0)
    place = np.maximum(_sum(edges, ("postcode",)), 0.0)
    tied = event - custody - place
    happened = (tied >= bands.auto_event) | (event - custody >= bands.auto_event_placed)
    sure = (person >= bands.auto_person_sure) & (tied >= bands.auto_event_sure)
    both = ((person + custody >= bands.auto_person) & happened) | sure
    auto = (total >= bands.auto) & (corroborated | both)
    strong = (
        (total >= bands.second) & (person >= bands.second_person) & (tied >= bands.second_event)
    )
    some_person = person >= bands.review_person
    suggestive = near | (event >= bands.review_event)
    not_another = person >= bands.review_person_least
    return Strength(
        event=event,
        person=person,
        referenced=exact,
        auto=auto,
        auto_cover=auto & (person + custody >= bands.cover_person),
        auto_second=(total >= bands.auto)
        & ((exact & (person >= bands.second_reference_person)) | strong),
        review=(total >= bands.review) & (some_person | exact | (suggestive & not_another)),
        review_second=(total >= bands.review_second) & (some_person | exact),
    )


def _sum(edges: pl.DataFrame, fields: tuple[str, ...]) -> Bits:
    columns = [edges[f"w_{field}"].fill_null(0.0).to_numpy() for field in fields]
    total: Bits = np.sum(columns, axis=0, dtype=np.float64)
    return total


def _at(edges: pl.DataFrame, field: str, *levels: str) -> Flags:
    numbers = [int(level(field, name)) for name in levels]
    return edges[f"l_{field}"].fill_null(0).is_in(numbers).to_numpy()
