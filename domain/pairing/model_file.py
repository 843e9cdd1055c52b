"""A weights file: canonical content, its SHA-256 inside it, refused if anything is amiss.

The hash is of the JSON object without its member `sha256`, written with sorted keys and no
spaces; the layout of the file may change and what it says may not.  `version` of a trained
model is made from its content, so two models never share one.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from domain.pairing.weights import LEVELS, Weights, WeightsRefused, load_weights

UNDATED = tuple(name for name in LEVELS["gap"] if name.startswith("undated_"))
DISTANCES = {("day", name) for name in LEVELS["day"]} | {("gap", name) for name in UNDATED}
"""Levels that measure how far away a document is: u is in units of a block, not a share."""
_NEXT = "Train again, or go back to the weights that ship with the product."


def sealed(content: Mapping[str, Any]) -> str:
    """The text of a weights file with this content, with its version and hash filled in."""
    named = {**content, "version": ""}
    named["version"] = f"trained-{_digest(named)[:12]}"
    return json.dumps({**named, "sha256": _digest(named)}, indent=2, sort_keys=True) + "\n"


def load_model(text: str) -> Weights:
    """The weights of a file's text, every part of it checked.

    `hash` is the file's own `sha256`.

    Raises:
        WeightsRefused: Not JSON, another hash than it says, a level missing or unknown, or a
            probability that is none.
    """
    content = _parsed(text)
    said = content.pop("sha256", None)
    if said is None:
        raise WeightsRefused(
            f"The weights file does not say its own hash (sha256): it is not a whole one. {_NEXT}"
        )
    if said != (found := _digest(content)):
        raise WeightsRefused(
            f"The weights file says that its hash is {str(said)[:12]}... and it is {found[:12]}...:"
            f" it was changed after it was written. {_NEXT}"
        )
    check_levels(content)
    return load_weights(_canonical(content))


def check_levels(content: Mapping[str, Any]) -> None:
    """Refuse a level that is missing or not worth a finite number of bits."""
    fields = content.get("fields")
    if not isinstance(fields, dict):
        raise WeightsRefused(f"The weights file has no fields. {_NEXT}")
    for problem in _problems(fields):
        raise WeightsRefused(f"The weights file cannot be used: {problem}. {_NEXT}")


def _problems(fields: Mapping[str, Any]) -> Iterator[str]:
    for field, names in LEVELS.items():
        levels = fields.get(field)
        if not isinstance(levels, dict):
            yield f"{field} is missing"
            return
        for name in names:
            yield from _level_problems(field, name, levels.get(name))


def _level_problems(field: str, name: str, level: Any) -> Iterator[str]:
    if not isinstance(level, dict):
        yield f"level {name} of {field} is missing"
    elif "bits" in level:
        if not _is_number(level["bits"]):
            yield f"the bits of level {name} of {field} are not a finite number"
    else:
        for part in ("m", "u"):
            most = math.inf if part == "u" and (field, name) in DISTANCES else 1.0
            if not (_is_number(level.get(part)) and 0 < level[part] < most):
                wanted = "above 0" if most > 1 else "between 0 and 1"
                yield f"{part} of level {name} of {field} is not a number {wanted}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_constant=_no_number)
    except ValueError as why:
        raise WeightsRefused(f"The weights file is not JSON ({why}). {_NEXT}") from None
    if not isinstance(content, dict):
        raise WeightsRefused(f"The weights file is not a JSON object. {_NEXT}")
    return content


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()
