"""How one system's export becomes the published contract: the column map of a feed.

A map is a TOML file.  It names the headings of each field, gives constants for what the
file does not hold, and says how its times are to be read.  Headings are compared without
regard to case, spaces, underscores and punctuation.  Without a map the contract's own
names and some common headings are understood.  What no field claims is dropped.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.feeds.aliases import FIELDS, KNOWN
from adapters.feeds.instants import Clock
from domain.errors import MapRefused

SETTINGS: dict[str, type] = {
    "feed": str,
    "timezone": str,
    "date_order": str,
    "one_row_a_person": bool,
    "two_digit_years": bool,
    "ambiguous_times": str,
    "date_only_time": str,
    "encoding": str,
    "delimiter": str,
    "sheet": str,
    "allow_empty": bool,
    "constants": dict,
    "columns": dict,
}
"""Every key that a map may hold, with its TOML type."""

ENCODINGS = ("utf-8", "utf-16", "cp1252")


def plain_heading(heading: str) -> str:
    """A heading in small letters and digits only: "Ref. ID" and "ref_id" are one."""
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


@dataclass(frozen=True)
class ColumnMap:
    """A checked column map.

    `aliases` gives each field its headings in plain form; `pairs` gives a field that is
    written in two columns the plain headings of its date and its time.
    """

    feed: str
    aliases: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "Europe/London"
    one_row_a_person: bool = False
    two_digit_years: bool = False
    ambiguous_times: str = "earlier"
    date_only_time: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    allow_empty: bool = True

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all that the map says, in hexadecimal; equal maps, equal hashes."""
        said = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    @cached_property
    def field_of(self) -> dict[str, str]:
        """The field that each plain heading belongs to; pairs are not in it."""
        return {name: key for key, names in self.aliases.items() for name in names}

    def clock(self, *, excel_1904: bool = False) -> Clock:
        """How this map reads times."""
        return Clock(
            ZoneInfo(self.timezone),
            two_digit_years=self.two_digit_years,
            ambiguous_times=self.ambiguous_times,
            date_only_time=self.date_only_time,
            excel_1904=excel_1904,
        )


def load_map(path: Path | None, feed: str) -> ColumnMap:
    """The map in the TOML file, or the built-in one; MapRefused says what is wrong with it."""
    if feed not in KNOWN:
        raise _refused(f'There is no feed "{feed}". Name "referrals" or "documents".')
    if path is None:
        return ColumnMap(feed, KNOWN[feed])
    return map_from(read_table(path), feed, path.name)


def read_table(path: Path) -> dict[str, Any]:
    """The file's TOML; MapRefused says why there is none."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _refused(
            f"The map {path.name} cannot be opened: {error.strerror}. Check the path."
        ) from None
    except UnicodeDecodeError:
        raise _refused(f"The map {path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(f"The map {path.name} is not TOML: {error}.") from None


def map_from(table: Mapping[str, Any], feed: str, name: str) -> ColumnMap:
    """The map that the TOML table says; `name` is what a refusal calls the file."""
    _check_settings(table, feed, name)
    aliases, pairs = _columns(table.get("columns", {}), feed, name)
    constants = _constants(table.get("constants", {}), feed, name)
    plain = {
        key: table[key]
        for key in SETTINGS
        if key in table and key not in ("feed", "date_order", "columns", "constants")
    }
    return ColumnMap(feed, aliases, pairs, constants, **plain)


def _refused(why: str) -> MapRefused:
    """The refusal of a map: why, and that no feed was read by it."""
    return MapRefused(f"{why} Nothing was read by it.")


def _check_settings(table: Mapping[str, Any], feed: str, name: str) -> None:
    for key, value in table.items():
        if key not in SETTINGS:
            raise _refused(f"The map {name} has no setting {key}. Known: {', '.join(SETTINGS)}.")
        if not isinstance(value, SETTINGS[key]):
            raise _refused(f"In the map {name}, {key} must be a {SETTINGS[key].__name__}.")
    _one_of(table, "feed", (feed,), name)
    _one_of(table, "date_order", ("day first",), name)
    _one_of(table, "ambiguous_times", ("earlier", "later", "refuse"), name)
    _one_of(table, "encoding", ENCODINGS, name)
    _one_of(table, "delimiter", (",", ";", "\t", "|"), name)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", table.get("date_only_time", "00:00")):
        raise _refused(f'In the map {name}, date_only_time must be a time such as "00:00".')
    try:
        ZoneInfo(table.get("timezone", "Europe/London"))
    except (KeyError, ValueError, OSError):  # not found, a bad name, a folder of the zone files
        raise _refused(f"In the map {name}, timezone is not an IANA zone's name.") from None


def _one_of(table: Mapping[str, Any], key: str, allowed: tuple[str, ...], name: str) -> None:
    if key in table and table[key] not in allowed:
        known = ", ".join(f'"{word}"' for word in allowed)
        raise _refused(f"In the map {name}, {key} must be one of {known}.")


def _columns(
    columns: Mapping[str, Any], feed: str, name: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """Aliases and pairs: what the map names replaces a field's built-in headings."""
    given: dict[str, tuple[str, ...]] = {}
    pairs: dict[str, tuple[str, str]] = {}
    for key, value in columns.items():
        if key not in KNOWN[feed]:
            known = ", ".join(KNOWN[feed])
            raise _refused(f"The map {name} maps {key}, which no {feed} hold. Known: {known}.")
        headings = [value] if isinstance(value, str) else value
        if isinstance(headings, dict) and set(headings) == {"date", "time"}:
            pairs[key] = (plain_heading(str(value["date"])), plain_heading(str(value["time"])))
            given[key] = ()
        elif isinstance(headings, list) and all(isinstance(one, str) for one in headings):
            given[key] = tuple(dict.fromkeys(map(plain_heading, headings)))
        else:
            raise _refused(
                f"In the map {name}, columns.{key} must be a heading, a list of headings, "
                'or {date = "…", time = "…"}.'
            )
    claimed = [one for names in (*given.values(), *pairs.values()) for one in names]
    if "" in claimed or len(set(claimed)) < len(claimed):
        raise _refused(f"The map {name} gives one heading to two fields, or an empty heading.")
    aliases = {
        key: given.get(key, tuple(one for one in names if one not in claimed))
        for key, names in KNOWN[feed].items()
    }
    return aliases, pairs


def _constants(constants: Mapping[str, Any], feed: str, name: str) -> dict[str, str]:
    for key, value in constants.items():
        if key not in FIELDS[feed] or FIELDS[feed][key] in ("people", "list"):
            raise _refused(f"The map {name} cannot give the constant {key} to {feed}.")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise _refused(f"In the map {name}, constants.{key} must be text.")
    return {key: str(value) for key, value in constants.items()}
