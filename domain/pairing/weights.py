"""The weights: how many bits each agreement or disagreement is worth. Data, not code.

A field has levels; a level has either its bits or the two probabilities that give them,
``log2(m / u)``: how often true pairs are at that level, over how often other pairs of the
same force and week are (Fellegi and Sunter, 1969).  Every value is rounded to 1/1024 of a
bit, so that sums are exact in any order and a decision can be re-added by hand.

Level 0 of every field means that there was nothing to compare, and is worth 0 bits.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import Refused

STEPS = 1024
"""Bits are whole multiples of 1/STEPS."""

LEVELS: dict[str, tuple[str, ...]] = {
    "reference": ("exact", "bare", "near", "other"),
    "officer": ("same", "other"),
    "incident": ("exact", "day_off", "no_day", "near", "other_day", "other"),
    "custody": ("same", "near", "other"),
    "vehicle": ("same", "other"),
    "postcode": ("full", "sector", "outward", "other"),
    "day": ("same", "one", "three", "fortnight", "far"),
    "gap": (
        "before",
        "h4",
        "h12",
        "h24",
        "h48",
        "h72",
        "week",
        "fortnight",
        "month",
        "later",
        "undated_before",
        "undated_h4",
        "undated_h12",
        "undated_h24",
        "undated_h48",
        "undated_h72",
        "undated_week",
        "undated_fortnight",
        "undated_month",
        "undated_later",
    ),
    "name": ("all", "single", "sounds_all", "most", "one", "sound_one", "initial", "none"),
    "dob": ("same", "same_default", "swapped", "other_default", "other"),
    "nationality": ("same", "other"),
}
"""Each field's levels; the first is level 1."""


class WeightsRefused(Refused):
    """A weights file cannot be used."""


@dataclass(frozen=True)
class People:
    """How the person evidence is put together, in bits (ADR 18)."""

    least: float
    most: float
    choice: float
    more: float
    more_at_most: float
    agrees_from: float


@dataclass(frozen=True)
class Bands:
    """Thresholds of the bands, in bits; `bands` says how they are put together.

    `total` is the weight of a pair, `event` and `people` the sums of their fields.

    - `auto`: total, to be paired by itself.
    - `auto_reference_person`: people beside a quoted reference, if `event` reaches `auto_event`.
    - `auto_reference_incident_person`: people beside a quoted reference and the same incident.
    - `auto_reference_event`: event without the officer, beside a quoted reference.
    - `auto_reference_event_person`: people beside these two.
    - `auto_person`: people, with the custody number, beside an event that agrees.
    - `auto_event`: event, without custody number and place, beside `auto_person`.
    - `auto_event_placed`: event with the place and without the custody number, instead of that.
    - `auto_person_sure`: people who are surely the same, beside an event that says little.
    - `auto_event_sure`: event, without custody number and place, beside these.
    - `auto_person_less`: people beside an event that says much, or a reference and no event.
    - `auto_event_more`: event, without custody number and place, that says much.
    - `cover_person`: people, with the custody number, of a document that answers another too.
    - `second_reference_person`: people, of a second document that quotes the referral.
    - `review`: total, to be put to a person.
    - `review_person`: people, for that, and for a document to be a rival.
    - `review_person_least`: people, for either, where less is said of them.
    - `review_event`: event, for that, where people do not reach `review_person`.
    - `review_second`: total, for a second document to be put to a person.
    - `second_silent`: total, of a second document that does not quote the referral (ADR 17).
    - `second_silent_person`: people, of such a document.
    - `second_silent_event`: event, of such a document.
    - `rival`: total, for a document to be a rival.
    - `margin`: total over the best alternative, to be made by itself.
    """

    auto: float
    auto_reference_person: float
    auto_reference_incident_person: float
    auto_reference_event: float
    auto_reference_event_person: float
    auto_person: float
    auto_event: float
    auto_event_placed: float
    auto_person_sure: float
    auto_event_sure: float
    auto_person_less: float
    auto_event_more: float
    cover_person: float
    second_reference_person: float
    review: float
    review_person: float
    review_person_least: float
    review_event: float
    review_second: float
    second_silent: float
    second_silent_person: float
    second_silent_event: float
    rival: float
    margin: float


@dataclass(frozen=True)
class Twins:
    """How common documents of a referral's event and people are that do not answer it.

    `most` is the most that they may be of the documents that come two to a referral, and
    `allowed` up to what they are taken to be rare; both are shares, 0 to 1 (ADR 17).
    """

    most: float
    allowed: float

    @property
    def are_rare(self) -> bool:
        """Whether a document that quotes nothing is taken to answer beside another."""
        return self.most <= self.allowed


@dataclass(frozen=True)
class Limits:
    """The floor of an edge in bits, the window in days, and the bounds that keep blocks small."""

    floor: float
    days_before: float
    days_after: float
    block_pairs: float
    block_records: float
    people_each: float
    case_referrals: float


@dataclass(frozen=True)
class Weights:
    """A set of weights; `text` is its canonical JSON and `hash` that text's SHA-256."""

    version: str
    prior: float
    bits: Mapping[str, tuple[float, ...]]
    people: People
    bands: Bands
    limits: Limits
    twins: Twins
    text: str
    hash: str

    @property
    def floor(self) -> float:
        """The weight in bits from which an edge is kept and connects two records."""
        return self.limits.floor

    def content(self, member: str) -> Any:
        """One member of their file, with all that it says."""
        return json.loads(self.text)[member]

    def table(self, field: str) -> NDArray[np.float64]:
        """Bits by level, level 0 first."""
        return np.array(self.bits[field], dtype=np.float64)


def to_step(bits: float) -> float:
    """`bits` rounded to the nearest 1/1024."""
    return round(bits * STEPS) / STEPS


def default_weights() -> Weights:
    """The weights that ship with the product; other content, however small, is another version."""
    return _shipped()


@cache
def _shipped() -> Weights:
    file = resources.files("domain.pairing").joinpath("weights.default.json")
    read = load_weights(file.read_text(encoding="utf-8"))
    return replace(read, version=f"{read.version}-{read.hash[:12]}")


def load_weights(text: str) -> Weights:
    """Read weights from JSON.

    Raises:
        WeightsRefused: Something is missing, unknown or not a number.
    """
    try:
        data = json.loads(text)
        canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return Weights(
            version=str(data["version"]),
            prior=to_step(float(data["prior"])),
            bits={field: _field_bits(data["fields"][field], field) for field in LEVELS},
            people=_numbers(People, data["people"]),
            bands=_numbers(Bands, data["bands"]),
            limits=_numbers(Limits, data["limits"]),
            twins=_twins(data["twins"]),
            text=canonical,
            hash=hashlib.sha256(canonical.encode()).hexdigest(),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as fault:
        raise WeightsRefused(
            "The weights file cannot be used: something in it is missing, unknown or not a"
            f" number ({fault}). Compare it with the one that ships with the product."
        ) from fault


def weights_with(weights: Weights, member: str, value: Mapping[str, Any]) -> Weights:
    """The same weights with one member of their file replaced, under a version of their own."""
    content = {**json.loads(weights.text), member: value, "version": weights.version}
    read = load_weights(json.dumps(content))
    return replace(read, version=f"{weights.version}+{read.hash[:12]}")


def _twins(values: Mapping[str, Any]) -> Twins:
    most, allowed = float(values["most"]), float(values["allowed"])
    if not (0 <= most <= 1 and 0 <= allowed < 1):
        raise ValueError("a share of twins is not between 0 and 1")
    return Twins(most, allowed)


def _field_bits(levels: Mapping[str, Mapping[str, float]], field: str) -> tuple[float, ...]:
    unknown = set(levels) - set(LEVELS[field])
    if unknown:
        raise ValueError(f"unknown level {sorted(unknown)[0]} of {field}")
    return (0.0, *(to_step(_level_bits(levels[level])) for level in LEVELS[field]))


def _level_bits(level: Mapping[str, float]) -> float:
    if "bits" in level:
        return float(level["bits"])
    return math.log2(level["m"] / level["u"])


def _numbers(kind: type[Any], values: Mapping[str, float]) -> Any:
    unknown = set(values) - {field.name for field in fields(kind)}
    if unknown:
        raise ValueError(f"unknown value {sorted(unknown)[0]}")
    return kind(**{field.name: to_step(float(values[field.name])) for field in fields(kind)})
