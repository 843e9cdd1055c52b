"""Whole columns of numbers, folded and laid end to end, as pairing takes them.

Of much, the forms in which numbers are mostly written are told byte by byte by compiled loops
(`adapters.feeds.number_loops`); what those leave, columns under patterns of a force's own, and
little, `adapters.feeds.whole_columns` folds.  Tests hold the two together.  A folded form is
never empty text, so text of no length is none.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from adapters.feeds import whole_columns
from domain.identifiers import DEFAULT_RULES, IdentifierRules
from domain.pairing.arrays import I32, I64, NO_DAY, Bytes, Flat, days, flat, lists
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.texts import Packed, packed


class Kind(IntEnum):
    """Kinds of number, as `adapters.feeds.number_loops` numbers them."""

    REFERENCE = 0
    INCIDENT = 1
    CUSTODY = 2
    POSTCODE = 3
    VEHICLE = 4


class Written(NamedTuple):
    """Texts end to end, and the length of each."""

    data: Bytes
    length: I32


class Numbers(NamedTuple):
    """Folded numbers, and for incidents the day written with each, NO_DAY for none."""

    texts: Packed
    days: I64


class Lists(NamedTuple):
    """Lists of folded numbers, each once in its list."""

    of: Flat
    texts: Packed


Fold = Callable[[pl.Series, IdentifierRules], pl.Series]
_FOLDS: Final[Mapping[Kind, Fold]] = {
    Kind.REFERENCE: whole_columns.references,
    Kind.INCIDENT: whole_columns.incidents,
    Kind.CUSTODY: whole_columns.custodies,
    Kind.POSTCODE: lambda column, _: whole_columns.postcodes(column),
    Kind.VEHICLE: lambda column, _: whole_columns.vehicles(column),
}
_NONE: Final = np.empty(0, np.int64)


def numbers(kind: Kind, column: pl.Series, rules: IdentifierRules = DEFAULT_RULES) -> Numbers:
    """A column's numbers, folded as the rules say."""
    if not is_worth_compiling(len(column)) or _are_own(kind, rules):
        return _by_patterns(kind, column, rules)
    from adapters.feeds import loops, number_loops

    written = raw(column)
    room = len(written.data) + len(column) + 8
    form, length = np.empty(room, np.uint8), np.empty(len(column), np.int32)
    found = np.full(len(column), NO_DAY) if kind == Kind.INCIDENT else _NONE
    aside = np.empty(number_loops.WIDEST, np.uint8), np.empty((2, number_loops.MOST_RUNS), np.int64)
    held = number_loops.folded(int(kind), written, (form, length, found), aside)
    left = np.flatnonzero(length == number_loops.LEFT)
    if not len(left):
        return Numbers(_packed(form[:held], length), found)
    other = _by_patterns(kind, column.gather(left), rules)
    if kind == Kind.INCIDENT:
        found[left] = other.days
    length[left] = other.texts.length
    whole = np.empty(held + len(other.texts.data), np.uint8)
    loops.woven((form[:held], other.texts.data), length, left, whole)
    return Numbers(_packed(whole, length), found)


def several(kind: Kind, column: pl.Series, rules: IdentifierRules = DEFAULT_RULES) -> Lists:
    """Lists with each number folded, each form once, in the order written."""
    count = column.list.len().fill_null(0).cast(pl.Int64).to_numpy(writable=True)
    flattened = column.explode(empty_as_null=False, keep_nulls=False)
    if not is_worth_compiling(len(flattened)):
        where, items = lists(_once_each(column, _FOLDS[kind], rules))
        return Lists(where, packed(items))
    from adapters.feeds import loops

    texts = numbers(kind, flattened, rules).texts
    form, length = np.empty_like(texts.data), np.empty_like(texts.length)
    some, held = loops.once_each(count, Written(texts.data, texts.length), (form, length))
    return Lists(flat(count), _packed(form[:held], length[:some]))


def only(texts: Packed) -> Lists:
    """Lists of one number or of none."""
    there = texts.length > 0
    return Lists(
        flat(there.astype(np.int64)), Packed(texts.data, texts.start[there], texts.length[there])
    )


def raw(column: pl.Series) -> Written:
    """The texts of a column as they are written."""
    whole = column.str.join("").cast(pl.Binary).item() if len(column) else b""
    length = column.str.len_bytes().fill_null(0).to_numpy().view(np.int32)
    return Written(np.frombuffer(whole or b"", np.uint8), length)


def column_of(texts: Packed) -> pl.Series:
    """The texts as a column, null where there is none; no text holds the end of a line."""
    count = len(texts.length)
    place = np.arange(len(texts.data)) + np.repeat(np.arange(count), texts.length)
    parted = np.full(len(texts.data) + count, ord("\n"), np.uint8)
    parted[place] = texts.data
    lines = pl.Series([parted.tobytes().decode()]).str.split("\n").explode().head(count)
    return lines.set(pl.Series(texts.length == 0), None)


def lists_of(found: Lists) -> pl.Series:
    """The lists as a column."""
    row = pl.Series(np.repeat(np.arange(len(found.of.count)), found.of.count))
    some = pl.DataFrame({"row": row, "value": column_of(found.texts)})
    grouped = some.group_by("row", maintain_order=True).agg("value")
    rows = pl.int_range(len(found.of.count), eager=True).alias("row").to_frame()
    return rows.join(grouped, on="row", how="left", maintain_order="left")["value"].fill_null([])


def _are_own(kind: Kind, rules: IdentifierRules) -> bool:
    """Whether the patterns of a kind are not those that ship."""
    name = kind.name.lower()
    return getattr(rules, name, None) != getattr(DEFAULT_RULES, name, None)


def _by_patterns(kind: Kind, column: pl.Series, rules: IdentifierRules) -> Numbers:
    found = _FOLDS[kind](column, rules)
    if kind != Kind.INCIDENT:
        return Numbers(packed(found), _NONE)
    return Numbers(packed(found.struct.field("serial")), days(found.struct.field("day")))


def _packed(data: Bytes, length: I32) -> Packed:
    if len(data) < 1 << 31:
        return Packed(data, np.cumsum(length, dtype=np.int32) - length, length)
    return Packed(data, np.cumsum(length, dtype=np.int64) - length, length)


def _once_each(column: pl.Series, fold: Fold, rules: IdentifierRules) -> pl.Series:
    """Lists with `fold` done to each entry, each result once, in the order written; never null."""
    row = pl.int_range(len(column), eager=True)
    some = column.list.len().fill_null(0) > 0
    parts = pl.DataFrame({"row": row.filter(some), "value": column.filter(some)}).explode("value")
    folded = parts.with_columns(value=fold(parts["value"], rules)).drop_nulls()
    grouped = (
        folded.unique(maintain_order=True)
        .with_columns(pl.col("row").set_sorted())
        .group_by("row", maintain_order=True)
        .agg("value")
    )
    whole = row.alias("row").to_frame().join(grouped, on="row", how="left", maintain_order="left")
    return whole["value"].fill_null([])
