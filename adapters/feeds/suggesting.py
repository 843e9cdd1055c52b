"""Propose a column map for a file, as TOML that `load_map` accepts.

Headings that the built-in map knows are assigned, a date with the time that goes with it;
headings that resemble a known one are proposed in a comment, for a person to decide; the
others are listed as dropped.  A comment without its first ``#`` is a line of the map.  Only
the row of headings is looked at, and none of the rows under it.
"""

import difflib
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from adapters.feeds.aliases import FIELDS, KEYS, KNOWN, PERSON_COLUMNS, REQUIRED
from adapters.feeds.column_map import ColumnMap, load_map, plain_heading
from adapters.feeds.delimited import csv_rows
from adapters.feeds.heading import AGAIN, FEWEST, SEARCHED, as_text, hits
from adapters.feeds.json_lines import first_names
from adapters.feeds.opening import kind_of
from adapters.feeds.parquet import parquet_table
from adapters.feeds.workbook import workbook_rows
from domain.errors import FeedRefused

ALIKE = 0.75
"""Of difflib's ratio, from which a heading is proposed for a field."""

KEY_WORDS = frozenset({"id", "key", "no", "number", "record", "ref", "reference", "unique"})
"""A heading of these words and no other may be the record's own key."""


def suggest_map(path: Path, feed: str) -> str:
    """TOML of a map for the file; FeedRefused if no row of it looks like headings.

    One row a person is proposed if the file has columns of a person.
    """
    known = load_map(None, feed)
    headings = _headings(path, known)
    assigned, unknown = _assigned(headings, known)
    lines = [
        f"# Proposed for {feed}. Check each line, then run map preview.",
        f"feed = {_quoted(feed)}",
        'timezone = "Europe/London"',
        'date_order = "day first"',
        f"one_row_a_person = {str(bool({*assigned} & {*PERSON_COLUMNS})).lower()}",
        "",
    ]
    if "force" not in assigned:
        lines += ["[constants]", '# force = "your force\'s code"', ""]
    times = _times_of(assigned, unknown, feed)
    lines += ["[columns]", *_columns(assigned, times)]
    left = [said for said in unknown if said not in times.values()]
    free = [name for name in KNOWN[feed] if name not in assigned]
    return "\n".join([*lines, *_proposals(left, free, feed, known)]) + "\n"


def _headings(path: Path, known: ColumnMap) -> list[str]:
    """The texts of the row that names most fields, or of the first object's properties."""
    kind = kind_of(path)
    if kind == "jsonl":
        return first_names(path)
    if kind == "parquet":
        names = parquet_table(path).collect_schema().names()
        return [said for name in names if (said := name.strip())]
    rows: Iterator[tuple[int, Sequence[Any]]]
    rows = workbook_rows(path, known)[1] if kind == "xlsx" else csv_rows(path, known)
    head = [cells for _, cells in itertools.islice(rows, SEARCHED)]
    best = max(head, key=lambda cells: hits(cells, known), default=())
    if hits(best, known) < FEWEST:
        best = next((one for one, under in itertools.pairwise(head) if _heads(one, under)), ())
    texts = [as_text(cell).strip() for cell in best]
    if sum(map(bool, texts)) < FEWEST:
        raise FeedRefused(f"{path.name} has no row that looks like headings. {AGAIN}")
    return [said for said in texts if said]


def _heads(cells: Sequence[Any], under: Sequence[Any]) -> bool:
    """Whether a row of strange words may be headings: no digits, and digits under it.

    A record always has a time, so a file without headings offers no such row, and no
    person in it is taken for a heading.
    """
    said = "".join(map(as_text, cells))
    digits_under = any(map(str.isdigit, "".join(map(as_text, under))))
    return bool(said) and not any(map(str.isdigit, said)) and digits_under


def _assigned(headings: list[str], known: ColumnMap) -> tuple[dict[str, str], list[str]]:
    """The heading of each field that is known by name, and the headings left over."""
    assigned: dict[str, str] = {}
    unknown: list[str] = []
    for said in headings:
        name = known.field_of.get(plain_heading(said))
        if name is None or name in assigned:
            unknown.append(said)
        else:
            assigned[name] = said
    return assigned, unknown


def _times_of(assigned: dict[str, str], unknown: list[str], feed: str) -> dict[str, str]:
    """For each instant whose heading says "date", the left heading that says "time" instead."""
    plain = {plain_heading(said): said for said in unknown}
    return {
        name: plain[other]
        for name, said in assigned.items()
        if FIELDS[feed].get(name) == "instant"
        and "date" in plain_heading(said)
        and (other := plain_heading(said).replace("date", "time")) in plain
    }


def _columns(assigned: dict[str, str], times: dict[str, str]) -> Iterator[str]:
    for name, said in assigned.items():
        if name in times:
            yield f"{name} = {{ date = {_quoted(said)}, time = {_quoted(times[name])} }}"
        else:
            yield f"{name} = [{_quoted(said)}]"


def _proposals(unknown: list[str], free: list[str], feed: str, known: ColumnMap) -> Iterator[str]:
    """Comments for the fields without a heading and the headings without a field."""
    for name in free:
        said = next((one for one in unknown if _may_be(one, name, feed, known)), "")
        need = "  # required" if name in REQUIRED[feed] else ""
        if said or need:
            yield f"# {name} = [{_quoted(said)}]{need}"
    for said in unknown:
        yield f"# Dropped unless a field above claims it: {_quoted(said)}"


def _may_be(said: str, name: str, feed: str, known: ColumnMap) -> bool:
    """Whether a heading resembles a field's name, ends in words for it, or says "key"."""
    plain, words = plain_heading(said), re.findall(r"[^\W_]+", said.casefold())
    if difflib.get_close_matches(name.replace("_", ""), [plain], 1, ALIKE):
        return True
    endings = ("".join(words[at:]) for at in range(1, len(words)))
    if any(known.field_of.get(ending) == name for ending in endings):
        return True
    return name == KEYS[feed] and bool(words) and KEY_WORDS.issuperset(words)


def _quoted(said: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's for these texts."""
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
