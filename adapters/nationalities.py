"""Nationalities as people write them, by their codes: IRQ, Iraq and Iraqi are one.

The words are those of countryinfo: names, other spellings, ISO 3166-1 codes and what its people
are called.  `OTHERS` has what it lacks.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from countryinfo import CountryInfo, all_countries

OTHERS: Final[Mapping[str, str]] = {
    "afghani": "AFG",
    "argentine": "ARG",
    "argentinian": "ARG",
    "english": "GBR",
    "kosovan": "XKX",
    "kosovar": "XKX",
    "kosovo": "XKX",
    "kyrgyz": "KGZ",
    "northern irish": "GBR",
    "scottish": "GBR",
    "tajik": "TJK",
    "turkiye": "TUR",
    "uzbek": "UZB",
    "welsh": "GBR",
    "xxx": "",
}
"""Words by code: Kosovo has none of ISO's, and XKX is in use; ICAO's XXX is one not specified."""
MORE_PEOPLE: Final = 20
"""A word of several countries is that of the one with so many times the people of each other."""
_BETWEEN = re.compile(r"[/;,&+]|\band\b")
_CALLED = re.compile(r"\b(national|nationals|citizen|nationality)\b|[^\w ]|_")


@lru_cache(maxsize=4096)
def nationality_of(written: str) -> str | None:
    """The ISO 3166-1 alpha-3 code of a nationality; what is not known in small plain letters.

    None, nothing to compare, where it is of two countries: two nationalities, or a word that
    several countries share.
    """
    whole = _known(written)
    if whole is not None:
        return whole or None
    known = {code for part in _BETWEEN.split(written.casefold()) if (code := _known(part))}
    if len(known) > 1:
        return None
    return next(iter(known), _plain(written) or None)


def _known(written: str) -> str | None:
    """The code of a word or of words that are one name, "" for that of several countries."""
    return _words().get(_plain(written))


def _plain(written: str) -> str:
    """Small letters without accents, and without the words that every nationality may have."""
    letters = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(_CALLED.sub(" ", bare).split())


@cache
def _words() -> Mapping[str, str]:
    """The code of every word, and "" for one that several countries share."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for country in all_countries():
        code = country.iso().get("alpha3")
        if code:
            for word in _called(country):
                found[_plain(word)][code] = max(country.population() or 0, 0)
    return {word: _most(codes) for word, codes in found.items() if word} | dict(OTHERS)


def _called(country: CountryInfo) -> list[str]:
    codes = country.iso()
    names = (country.name(), country.demonym(), codes.get("alpha2"), codes.get("alpha3"))
    return [name for name in (*names, *country.alt_spellings()) if name]


def _most(people: Mapping[str, int]) -> str:
    """The country that most of those who share a word belong to by far; "" if there is none."""
    first, *others = sorted(people, key=lambda code: (-people[code], code))
    return first if all(people[first] > MORE_PEOPLE * people[one] for one in others) else ""
