"""The first place at which two plain values differ, in words."""

from typing import Any

_LONGEST = 80


def first_difference(given: Any, computed: Any, at: str = "") -> str | None:
    """``looks, 1, drawn is 57, and 58 was computed``; None if there is no difference."""
    if type(given) is type(computed) is dict:
        for key in sorted(set(given) | set(computed)):
            if key not in given or key not in computed:
                return f"{_path(at, key)} is there on one side only"
            told = first_difference(given[key], computed[key], _path(at, key))
            if told:
                return told
        return None
    if type(given) is type(computed) is list and len(given) == len(computed):
        for place, pair in enumerate(zip(given, computed, strict=True), 1):
            told = first_difference(*pair, _path(at, str(place)))
            if told:
                return told
        return None
    if given == computed:
        return None
    return f"{at or 'it'} is {_short(given)}, and {_short(computed)} was computed"


def first_line(given: bytes, computed: bytes) -> str:
    """The number of the first line that differs."""
    pairs = zip(given.split(b"\n"), computed.split(b"\n"), strict=False)
    same = next((at for at, (one, other) in enumerate(pairs, 1) if one != other), None)
    return "it is longer or shorter than computed" if same is None else f"line {same} differs"


def _path(at: str, key: str) -> str:
    return f"{at}, {key}" if at else key


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = "none" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
