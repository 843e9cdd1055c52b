"""Say in words why two records were, or were not, put together.

The words name kinds of things (the officer, a date of birth) and never a value of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.pairing.frames import EVENT_FIELDS, FIELDS, PEOPLE_FIELDS
from domain.pairing.weights import LEVELS, Weights


@dataclass(frozen=True)
class Evidence:
    """One field's part in a weight: its level's name ("" if none), its bits, and the words."""

    field: str
    level: str
    bits: float
    words: str


_WORTH_SAYING = -1.0
"""Bits from which a field is said to disagree; a late hour of submission is not."""
_MISSING = {
    "reference": "no reference to compare",
    "officer": "no officer to compare",
    "incident": "no incident number to compare",
    "custody": "no custody number to compare",
    "vehicle": "no vehicle to compare",
    "postcode": "no place to compare",
    "day": "no event date to compare",
    "name": "no name to compare",
    "dob": "no date of birth to compare",
    "nationality": "no nationality to compare",
}
_WORDS = {
    ("reference", "exact"): "reference agrees",
    ("reference", "bare"): "reference agrees, quoted without its year",
    ("reference", "near"): "reference differs by one slip",
    ("reference", "other"): "another reference is quoted",
    ("officer", "same"): "officer agrees",
    ("officer", "other"): "another officer",
    ("incident", "exact"): "incident number and day agree",
    ("incident", "day_off"): "incident number agrees, one day apart",
    ("incident", "no_day"): "incident number agrees, its day is not known",
    ("incident", "near"): "incident number differs by one digit",
    ("incident", "other_day"): "same incident number on another day",
    ("incident", "other"): "another incident number",
    ("custody", "same"): "custody number agrees",
    ("custody", "near"): "custody number differs by one slip",
    ("custody", "other"): "another custody number",
    ("vehicle", "same"): "a vehicle agrees",
    ("vehicle", "other"): "other vehicles",
    ("postcode", "full"): "postcode agrees",
    ("postcode", "sector"): "same postcode district, another postcode",
    ("postcode", "outward"): "postcode district agrees",
    ("postcode", "other"): "another place",
    ("day", "same"): "event date agrees",
    ("name", "all"): "all name parts of a person agree",
    ("name", "single"): "the one name given agrees",
    ("name", "sounds_all"): "all name parts of a person sound alike",
    ("name", "most"): "most name parts of a person agree or sound alike",
    ("name", "one"): "one name part of a person agrees",
    ("name", "sound_one"): "one name part of a person sounds alike",
    ("name", "initial"): "an initial of a person agrees",
    ("name", "none"): "no name agrees",
    ("dob", "same"): "date of birth agrees",
    ("dob", "same_default"): "date of birth agrees, but is 1 January",
    ("dob", "swapped"): "date of birth agrees with day and month swapped",
    ("dob", "other_default"): "another date of birth, one of them 1 January",
    ("dob", "other"): "another date of birth",
    ("nationality", "same"): "nationality agrees",
    ("nationality", "other"): "another nationality",
}
_PUT_TOGETHER = {
    "people_choice": "the best of several comparisons of people",
    "people_more": "further people agree",
    "people_cap": "people count no further than this",
}


def explain(row: Mapping[str, Any], weights: Weights) -> list[Evidence]:
    """The evidence of one edge, the prior first; the bits add up to the edge's weight.

    A confirmed pair that has no edge has no evidence.
    """
    if row["weight"] is None:
        return []
    prior = Evidence("prior", "", weights.prior, "before anything is compared")
    return [prior, *(_evidence(row, field) for field in FIELDS if _shown(row, field))]


def disagreements(row: Mapping[str, Any], weights: Weights) -> str:
    """A short sentence: what disagrees, what agrees, and what kept it from being a pairing."""
    if row["weight"] is None:
        return "The two were never compared."
    compared = [item for item in explain(row, weights) if item.field in LEVELS and item.level]
    against = [item.words for item in compared if item.bits <= _WORTH_SAYING]
    agreeing = [item.words for item in compared if item.bits >= -_WORTH_SAYING]
    said = "; but ".join(", ".join(words) for words in (against, agreeing) if words)
    said = said or "too little to compare"
    return f"{said[0].upper()}{said[1:]}; {_short_of(row, weights)}."


def _short_of(row: Mapping[str, Any], weights: Weights) -> str:
    """What was missing for a pairing without a person: weight, or one of the two families."""
    bands, weight = weights.bands, f"{row['weight']:.1f} bits"
    if row["weight"] < bands.auto:
        return f"{weight}, and pairing by itself starts at {bands.auto:.1f}"
    event = sum(float(row[f"w_{field}"]) for field in EVENT_FIELDS)
    person = sum(float(row[f"w_{field}"]) for field in PEOPLE_FIELDS)
    if person < bands.auto_person:
        return f"{weight}, but too little of that is about the people"
    if event < bands.auto_event and person < bands.auto_person_sure:
        return f"{weight}, but too little of that is about the event"
    return f"{weight}, enough by itself, but another document or another referral fits too"


def _shown(row: Mapping[str, Any], field: str) -> bool:
    if field in _PUT_TOGETHER:
        return bool(row[f"w_{field}"] != 0)
    return bool(row[f"l_{field}"]) or field in _MISSING


def _evidence(row: Mapping[str, Any], field: str) -> Evidence:
    bits = float(row[f"w_{field}"])
    if field in _PUT_TOGETHER:
        return Evidence(field, "", bits, _PUT_TOGETHER[field])
    number = int(row[f"l_{field}"])
    if not number:
        return Evidence(field, "", bits, _MISSING[field])
    level = LEVELS[field][number - 1]
    return Evidence(field, level, bits, _words(row, field, level))


def _words(row: Mapping[str, Any], field: str, level: str) -> str:
    if field == "gap":
        return _gap_words(int(row["hours"]))
    if field == "day" and level != "same":
        apart = abs(int(row["days"]))
        side = "after" if row["days"] > 0 else "before"
        return f"event {apart} {'day' if apart == 1 else 'days'} {side} the referral's day"
    return _WORDS[field, level]


def _gap_words(hours: int) -> str:
    if hours < 0:
        return "submitted before the referral"
    if hours < 1:
        return "submitted within an hour of the referral"
    if hours < 72:
        return f"submitted {hours} h after the referral"
    return f"submitted {hours // 24} days after the referral"
