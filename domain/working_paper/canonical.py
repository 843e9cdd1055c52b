"""One way only to write a document, so that its SHA-256 names it.

JSON with sorted keys, no spaces, ASCII letters (others as \\u escapes), whole numbers only, and
one line feed at the end.  Text is composed (NFC) and has no control character but line feeds,
so it has one spelling.  Rates are text, ``1/20``; a float is never written and never read.
What is read has to be, byte for byte, what would be written.
"""

import json
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from domain.errors import SampleRefused


def sha256_hex(content: bytes) -> str:
    """64 lowercase hexadecimal digits."""
    return sha256(content).hexdigest()


def to_bytes(value: Any) -> bytes:
    """The one canonical form of objects, lists, text, whole numbers, true, false and null.

    Raises:
        SampleRefused: There is a float, or text with two spellings or control characters.
    """
    _check(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def from_bytes(content: bytes, name: str) -> Any:
    """The value that `content` is the canonical form of.

    Raises:
        SampleRefused: It is not JSON, or would be written otherwise; says `name` and no content.
    """
    try:
        value = json.loads(content, parse_float=_no_float, parse_constant=_no_float)
        canonical = to_bytes(value)
    except (ValueError, RecursionError, SampleRefused) as why:
        raise _not_canonical(name) from why
    if canonical != content:
        raise _not_canonical(name)
    return value


def to_lines(values: Iterable[Any]) -> bytes:
    """JSON Lines: the canonical form of each, one after another."""
    return b"".join(to_bytes(value) for value in values)


def from_lines(content: bytes, name: str) -> list[Any]:
    """The values of canonical JSON Lines."""
    lines = content.split(b"\n")
    if lines.pop():
        raise SampleRefused(f"{name} does not end with a line feed. Nothing of it was used.")
    return [from_bytes(line + b"\n", f"{name}, line {at}") for at, line in enumerate(lines, 1)]


def is_plain(text: str) -> bool:
    """Whether the text has one spelling: composed, no control but line feeds, no surrogates."""
    return (text.isascii() and text.isprintable()) or (
        unicodedata.is_normalized("NFC", text)
        and not any(
            unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" for letter in text
        )
    )


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, held in value.items():
            _check(str(key))
            _check(held)
    elif isinstance(value, list | tuple):
        for held in value:
            _check(held)
    elif isinstance(value, str):
        if not is_plain(value):
            raise SampleRefused(
                "A text of the exercise has a control character, or a letter that can be written"
                " in two ways. Type it again. Nothing was stored."
            )
    elif not (value is None or isinstance(value, int)):
        raise SampleRefused(
            f"A document cannot hold a {type(value).__name__}; give rates as 1/20."
            " Nothing was stored."
        )


def _no_float(_: str) -> Any:
    raise ValueError("a number that is not whole")


def _not_canonical(name: str) -> SampleRefused:
    return SampleRefused(
        f"{name} is not written as this program writes it, so it was changed or damaged."
        " Take it again from where it was lodged. Nothing of it was used."
    )
