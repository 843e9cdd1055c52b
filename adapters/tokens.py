"""Turn a person into keyed tokens, so that two records can be compared without a name.

A token is the first 16 hexadecimal digits of HMAC-SHA256 under the force's key of a kind,
the unit separator and a value.  Without the key a token says nothing; with it, equal
values give equal tokens.  Names are folded first, so that an accent, a title or the order
of names makes no difference, and each part also has a token of how it sounds.

Sources: HMAC is RFC 2104 with SHA-256 of FIPS 180-4; the sound is Lawrence Philips's
Metaphone (1990) as jellyfish implements it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import jellyfish

from domain.errors import SettingsRefused

SHORTEST_KEY = 16
"""Bytes."""

BLOCK = 64
"""Bytes that SHA-256 takes at a time."""

NAME, SOUND, INITIAL = "name", "sound", "initial_dob"
"""Kinds of token: of a part of a name, of its sound, of its first letter with a day of birth."""

TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "mx", "sir", "prof", "rev"})
_LATIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
    }
)
_ASCII_PARTS = re.compile(r"[a-z]{2,}")
_FIRST_IDEOGRAPH = "\u2e80"
"""From here on one letter may be a whole name."""


class Tokeniser:
    """Makes tokens under one key, remembering those of names and days it met lately.

    It holds plain names in memory, so it lives as long as the reading of one file.
    """

    def __init__(self, key: bytes) -> None:
        """Use `key`; SettingsRefused if it is under 16 bytes."""
        if len(key) < SHORTEST_KEY:
            raise SettingsRefused(
                f"The force's token key is under {SHORTEST_KEY} bytes, so tokens could be "
                "guessed. Set a longer key. Nothing was stored."
            )
        block = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._parted = lru_cache(maxsize=65536)(self.of_part)
        self._named = lru_cache(maxsize=65536)(self.of_name)
        self._born = lru_cache(maxsize=65536)(self.of_day)

    def token(self, kind: str, value: str) -> str:
        """16 hexadecimal digits of the HMAC of ``kind``, U+001F and ``value`` in UTF-8.

        The key's two pads are hashed once and copied, which RFC 2104 section 4 describes and
        which takes half as long as `hmac.digest`.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{kind}\x1f{value}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:16]

    def person(
        self,
        role: str | None,
        names: tuple[str, ...],
        born: date | None,
        nationality: str | None,
    ) -> dict[str, Any]:
        """The tokens of one person.

        Returns:
            ``{"role", "nationality", "names": [...], "sounds": [...], "dob",
            "dob_ordered", "initial_dob": [...], "dob_is_default"}``: lists sorted, each
            token once; ``dob_ordered`` takes the day and month in order, so that
            02/03 and 03/02 agree; ``dob_is_default`` marks 1 January, which is what is
            written when a day of birth is not known.
        """
        spelt: set[str] = set()
        heard: set[str] = set()
        initials: set[str] = set()
        for name in names:
            parts, sounds, starts = self._named(name)
            spelt.update(parts)
            heard.update(sounds)
            initials.update(starts)
        dob, ordered = (None, None) if born is None else self._born(born)
        return {
            "role": role or "unknown",
            "nationality": nationality,
            "names": sorted(spelt),
            "sounds": sorted(heard),
            "dob": dob,
            "dob_ordered": ordered,
            "initial_dob": []
            if born is None
            else sorted(self.of_initial(start, born) for start in initials),
            "dob_is_default": born is not None and born.month == 1 and born.day == 1,
        }

    def of_name(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The tokens of a name's parts and of their sounds, and the parts' first letters."""
        parts = folded(name)
        both = [self._parted(part) for part in parts]
        return (
            tuple(spelt for spelt, _ in both),
            tuple(heard for _, heard in both),
            tuple(part[0] for part in parts),
        )

    def of_part(self, part: str) -> tuple[str, str]:
        """The tokens of a folded part of a name and of its sound."""
        return self.token(NAME, part), self.token(SOUND, sound_of(part))

    def of_initial(self, start: str, born: date) -> str:
        """The token of a part's first letter with a date of birth."""
        return self.token(INITIAL, f"{start} {born}")

    def of_day(self, born: date) -> tuple[str, str]:
        """The tokens of a date of birth, and of that date with day and month in order."""
        low, high = sorted((born.day, born.month))
        return (
            self.token("dob", born.isoformat()),
            self.token("dob_ordered", f"{born.year}-{low:02}-{high:02}"),
        )


def person_tokens(person: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """The tokens of one person of the published contract, with a key of 16 bytes or more.

    Args:
        person: ``role``, ``forename``, ``surname``, ``date_of_birth`` (a date, or
            yyyy-mm-dd; ValueError otherwise) and ``nationality``, each of them optional.
        key: The force's own.
    """
    born = person.get("date_of_birth")
    names = (person.get("forename"), person.get("surname"))
    return Tokeniser(key).person(
        person.get("role"),
        tuple(name for name in names if name),
        date.fromisoformat(born) if isinstance(born, str) else born,
        person.get("nationality"),
    )


def folded(name: str) -> tuple[str, ...]:
    """The parts of a name in their plainest letters, sorted, each once.

    Accents go, ß becomes ss and ł becomes l; titles and single letters are left out.
    Letters of other scripts stay as they are, and there a single letter may be a name.
    """
    plain = name.casefold()
    if plain.isascii():
        parts = set(_ASCII_PARTS.findall(plain))
    else:
        bare = unicodedata.normalize("NFKD", plain.translate(_LATIN)).casefold()
        bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
        words = "".join(sign if _of_a_word(sign) else " " for sign in bare).split()
        parts = {word for word in words if len(word) > 1 or word >= _FIRST_IDEOGRAPH}
    return tuple(sorted(parts - TITLES))


def sound_of(part: str) -> str:
    """The Metaphone of a folded part, or the part itself when Metaphone has nothing to say."""
    return jellyfish.metaphone(part) or part


def _of_a_word(sign: str) -> bool:
    """Whether the sign is a letter, or a vowel sign that belongs to one."""
    return unicodedata.category(sign)[0] in "LM"
