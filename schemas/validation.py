"""Check a record against the published contract, and say what is wrong without saying it.

Two validators read the same JSON Schema: jsonschema-rs decides, because it is fast, and
jsonschema explains, because it names every broken rule and where.  A reason is written
here, one sentence a rule; jsonschema's own messages repeat the value and are never used.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema.protocols import Validator

CONTRACTS = {
    "referrals": "referral.v1.schema.json",
    "documents": "intelligence_document.v1.schema.json",
}
"""The schema file of each feed, beside this module."""

WORDS = {
    "string": "text",
    "integer": "a whole number",
    "array": "a list",
    "object": "an object",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row: where (a JSON pointer, RFC 6901) and why.

    `pointer` is "" for the whole row. `reason` completes a sentence whose subject is the
    field, and never repeats the value.
    """

    pointer: str
    reason: str


@cache
def contract(feed: str) -> dict[str, Any]:
    """The published JSON Schema of a feed, "referrals" or "documents"; KeyError otherwise."""
    path = Path(__file__).with_name(CONTRACTS[feed])
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def is_valid(feed: str, record: Mapping[str, Any]) -> bool:
    """Whether the record, in its JSON form, meets the feed's contract."""
    return decider(feed)(record)


def problems(feed: str, record: Mapping[str, Any]) -> list[Problem]:
    """Every way in which the record, in its JSON form, breaks the feed's contract.

    Empty exactly when `is_valid`. In order of pointer, then reason; each once.
    """
    if is_valid(feed, record):
        return []
    found = {problem for error in explainer(feed).iter_errors(record) for problem in _told(error)}
    if not found:
        return [Problem("", "does not meet the published contract")]
    return sorted(found, key=lambda problem: (problem.pointer, problem.reason))


@cache
def decider(feed: str) -> Callable[[Any], bool]:
    """The fast check of a feed; the loop over rows keeps it rather than ask each time."""
    return jsonschema_rs.Draft202012Validator(contract(feed)).is_valid


@cache
def explainer(feed: str) -> Validator:
    """The validator that names each broken rule."""
    extend: Callable[..., Any] = jsonschema.validators.extend
    strict_end = extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
    explaining: Validator = strict_end(contract(feed))
    return explaining


def _pattern(
    validator: Validator, pattern: str, instance: object, schema: object
) -> Iterator[jsonschema.ValidationError]:
    """`pattern` as ECMA-262 reads it: ``$`` is the very end, not before a last newline.

    Python's own ``$`` also matches before a trailing newline, on which the two
    validators would otherwise disagree.
    """
    if isinstance(instance, str) and not re.search(_ends_strictly(pattern), instance, re.ASCII):
        yield jsonschema.ValidationError("does not match")


@cache
def _ends_strictly(pattern: str) -> str:
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern


def _told(error: jsonschema.ValidationError) -> Iterator[Problem]:
    """The error as problems of ours; a missing property points at itself."""
    pointer = "".join(f"/{part}" for part in error.absolute_path)
    if error.validator == "required" and isinstance(error.instance, dict):
        for name in _listed(error.validator_value):
            if name not in error.instance:
                yield Problem(f"{pointer}/{name}", "is required and is missing")
        return
    yield Problem(pointer, _reason(str(error.validator), error.validator_value))


def _listed(names: Any) -> list[str]:
    """The value of ``required``, which the library types too loosely."""
    return list(names)


def _reason(keyword: str, limit: Any) -> str:
    """The sentence for one keyword of the schema; it may quote the schema, never the value."""
    match keyword:
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            return "must be " + " or ".join(WORDS.get(kind, kind) for kind in kinds)
        case "enum":
            return "must be one of " + ", ".join(str(code) for code in limit if code is not None)
        case "minLength":
            return "must not be empty"
        case "maxLength":
            return f"is longer than {limit} characters"
        case "maxItems":
            return f"lists more than {limit}"
        case "pattern":
            return "is not in the form that the contract describes"
    return f"breaks the contract's rule {keyword}"
