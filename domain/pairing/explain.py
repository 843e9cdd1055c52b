"""Say in words why two records were, or were not, put together.

The words name kinds of things (the officer, a date of birth) and never a value of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from domain.pairing.frames import FIELDS
from domain.pairing.weights import LEVELS, Weights
from domain.policy import normal
from domain.reasons import STATUS_WORDS


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


_LACKING = {
    "": "",
    "reference": "but too little agrees besides the reference",
    "incident": "but the document is of another incident",
    "event": "but neither incident, day nor time ties the two to one event",
}
_BESIDE = {
    "": "and nothing stands in its way: the next night decides",
    "document_confirmed": "but a person confirmed the document for another referral",
    "referral_confirmed": "but a person confirmed another document for the referral",
    "uncompared": "but no night compares the two: they are too far apart in time, or what they"
    " share is too common",
    "both": "but another document and another referral fit too",
    "document": "but another document fits too",
    "referral": "but another referral fits too",
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
    """A short sentence: what disagrees, what agrees, and what kept it from being a pairing.

    `row` has the edge, its obstacles (`with_obstacles`) and the document's `status`.
    """
    if row["weight"] is None:
        return "The two were never compared."
    compared = [item for item in explain(row, weights) if item.field in LEVELS and item.level]
    against = [item.words for item in compared if item.bits <= _WORTH_SAYING]
    agreeing = [item.words for item in compared if item.bits >= -_WORTH_SAYING]
    said = "; but ".join(", ".join(words) for words in (against, agreeing) if words)
    said = said or "too little to compare"
    return f"{said[0].upper()}{said[1:]}; {_short_of(row, weights)}."


def _short_of(row: Mapping[str, Any], weights: Weights) -> str:
    """What kept the pair from being made: its evidence, its document, a person or a rival."""
    weight, lacking, barred = f"{row['weight']:.1f} bits", _lacking(row, weights), _barred(row)
    if lacking:
        return f"{weight}, {lacking}" + (f", and {barred}" if barred else "")
    return f"{weight}, enough by itself, " + (f"but {barred}" if barred else _BESIDE[row["beside"]])


def _lacking(row: Mapping[str, Any], weights: Weights) -> str:
    """What the evidence lacks for a pairing without a person, "" for nothing."""
    if row["lack"] == "weight":
        return f"and pairing by itself starts at {weights.bands.auto:.1f}"
    if row["lack"] != "bits":
        return _LACKING[row["lack"]]
    short = {"people": row["person_short"], "event": row["event_short"]}
    said = [
        f"{ceil(bits * 10) / 10:.1f} bits too few about the {family}"
        for family, bits in short.items()
        if bits > 0
    ]
    return f"but {' and '.join(said)}"


def _barred(row: Mapping[str, Any]) -> str:
    """What keeps the pair from being made whatever its evidence, "" for nothing."""
    said = []
    if not row["live"]:
        status = STATUS_WORDS.get(normal(row["status"] or ""), "is not of a type that counts")
        said.append(f"the document {status}")
    if row["rejected"]:
        said.append("a person rejected the pair")
    return " and ".join(said)


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
        return f"event {apart} {'day' if apart == 1 else 'days'} {side} that of the referral"
    return _WORDS[field, level]


def _gap_words(hours: int) -> str:
    if hours < 0:
        return "submitted before the referral"
    if hours < 1:
        return "submitted within an hour of the referral"
    if hours < 72:
        return f"submitted {hours} h after the referral"
    return f"submitted {hours // 24} days after the referral"
