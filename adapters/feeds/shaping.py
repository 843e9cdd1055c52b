"""Bring the cells of one row into the form of the published contract.

Text is stripped, words that mean "nothing" become nothing, lists are split, codes put in
the contract's case, times and dates resolved by the map's clock.  What cannot be resolved
becomes a problem of that field; everything else goes on to be checked by the schema.  A
person's plain data passes through here in memory and nowhere else.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from adapters.feeds.aliases import FIELDS, PERSON_FIELDS, PERSON_HEADINGS
from adapters.feeds.instants import Clock, UnreadableError
from schemas.validation import Problem

NOTHING = frozenset(
    {"", "-", "--", "n/a", "n/k", "nk", "nil", "none", "null", "tbc", "unknown"}
    | {"not known", "not applicable", "not recorded", "not stated"}
)
"""What people write into a cell that has no value."""

NO_NAME = frozenset({"", "-", "--", "n/a", "n/k", "nk", "unknown", "not known", "not stated"})
"""The same for names: Null and None are people's names."""

_CODE = re.compile(r"([A-Za-z0-9])(?:\.0+)?(?:[^A-Za-z0-9].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that arrived without a usable value, and the reason."""

    reason: str


@dataclass(slots=True)
class Shaped:
    """One record in the contract's JSON form, and what was resolved on the way.

    `moments` holds the record's instants (UTC) and days by field; `births` one date of
    birth or None for each of the record's people. `whole` says that the row is no record
    at all, so that its fields are not looked at.
    """

    record: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    moments: dict[str, Any] = field(default_factory=dict)
    births: list[date | None] = field(default_factory=list)
    whole: bool = False


def shape(feed: str, values: Mapping[str, Any], clock: Clock) -> Shaped:
    """The record of a row whose values are named by the contract's fields."""
    shaped = Shaped()
    kinds, record = FIELDS[feed], shaped.record
    for name, value in values.items():
        if value is None or value == "":
            continue
        kind = kinds[name]
        read = READ.get(kind)
        if isinstance(value, Fault):
            shaped.problems.append(Problem(f"/{name}", value.reason))
        elif read is not None:
            plain = read(value)
            if plain is not None:
                record[name] = plain
        elif kind == "people":
            _shape_people(shaped, value, clock)
        else:
            _shape_moment(shaped, name, kind, value, clock)
    return shaped


def _shape_moment(shaped: Shaped, name: str, kind: str, value: Any, clock: Clock) -> None:
    """Resolve an instant or a day into `moments` and its ISO form into the record."""
    written = text(value)
    if written is None:
        return
    if not isinstance(written, str):
        shaped.record[name] = written
        return
    try:
        moment: datetime | date
        moment = clock.instant(written) if kind == "instant" else clock.day(written)
    except UnreadableError as reason:
        shaped.problems.append(Problem(f"/{name}", str(reason)))
        return
    shaped.moments[name] = moment
    shaped.record[name] = moment.isoformat()


def _shape_people(shaped: Shaped, value: Any, clock: Clock) -> None:
    """Resolve the people, given as a list or as JSON text."""
    if isinstance(value, str):
        value = value.strip()
        if value.lower() in NOTHING:
            return
        escaped = "\\u" in value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            shaped.problems.append(Problem("/people", "is not JSON"))
            return
        if escaped and half_a_sign(value):
            shaped.problems.append(Problem("/people", "holds half of a character"))
            return
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        if value is not None:
            shaped.record["people"] = value
        return
    people: list[Any] = []
    for given in value:
        if not isinstance(given, dict):
            people.append(given)
            shaped.births.append(None)
            continue
        person, born = _shape_person(shaped, len(people), given, clock)
        if person:
            people.append(person)
            shaped.births.append(born)
    shaped.record["people"] = people


def _shape_person(
    shaped: Shaped, place: int, given: Mapping[str, Any], clock: Clock
) -> tuple[dict[str, Any], date | None]:
    """One person with the contract's properties only, and the date of birth."""
    person: dict[str, Any] = {}
    born = None
    for key, value in given.items():
        name = person_field(key)
        if name is None or value is None or value == "":
            continue
        kind = PERSON_FIELDS[name]
        if isinstance(value, Fault):
            shaped.problems.append(Problem(f"/people/{place}/{name}", value.reason))
            person[name] = None
            continue
        value = READ[kind](value)
        if kind == "birthday" and isinstance(value, str):
            try:
                born = clock.birthday(value)
                value = born.isoformat()
            except UnreadableError as reason:
                shaped.problems.append(Problem(f"/people/{place}/{name}", str(reason)))
                person[name] = None
                continue
        if value is not None:
            person[name] = value
    return person, born


@lru_cache(maxsize=256)
def person_field(key: str) -> str | None:
    """The field that a person's property is meant for, however it is written; None if none."""
    return PERSON_HEADINGS.get("".join(filter(str.isalnum, key.casefold())))


def text(value: Any) -> Any:
    """Stripped text, or None if it means nothing; what is not text goes on as it is."""
    if not isinstance(value, str):
        return value
    value = value.strip()
    return None if value.lower() in NOTHING else value


def name_text(value: Any) -> Any:
    """As `text`, for names, some of which are words that mean nothing elsewhere."""
    if not isinstance(value, str):
        return value
    value = value.strip()
    return None if value.lower() in NO_NAME else value


def lower(value: Any) -> Any:
    """As `text`, in small letters."""
    value = text(value)
    return value.lower() if isinstance(value, str) else value


def grade(value: Any) -> Any:
    """A grading's code in capitals: "b - known indirectly" is B; else the text unchanged."""
    value = text(value)
    if not isinstance(value, str):
        return value
    found = _CODE.fullmatch(value)
    return found[1].upper() if found else value


def grade_number(value: Any) -> Any:
    """A grading's code as a number: "2 - untested" is 2; else the text unchanged."""
    code = grade(value)
    return int(code) if isinstance(code, str) and code in tuple("0123456789") else code


def listed(value: Any) -> Any:
    """A list from text parted by semicolons, or the list itself, without empty entries."""
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list):
        return value
    kept = [plain for one in value if (plain := text(one)) is not None]
    return kept or None


READ: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "name": name_text,
    "birthday": text,
    "lower": lower,
    "grade": grade,
    "grade number": grade_number,
    "list": listed,
}
"""How each kind of field is read from a cell or a JSON value."""


def half_a_sign(value: Any) -> bool:
    """Whether any text in the JSON value holds a lone surrogate, which no encoding can write."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
