"""Whether each page of a Parquet file says a size and a number of values that can be.

Polars (2.1) sets aside as much memory as a page's header asks for.  Fewer values than none, and a
dictionary of more entries than bytes, ask for more than there is, and then the whole process ends,
which nothing here could catch.  So headers are looked at first.  Whatever cannot be told of them is
left for Polars to refuse.

The format: https://parquet.apache.org/docs/file-format/, its headers in Thrift's compact protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from pathlib import Path
from typing import IO, Any, TypeAlias

_Struct: TypeAlias = dict[int, Any]
"""The values of a Thrift struct by the numbers of their fields."""

_LONGEST = 1 << 16
"""Bytes of a page's header; the longest real ones hold two short values."""
_ROW_GROUPS, _COLUMNS, _COLUMN = 4, 1, 3
_BYTES, _FIRST_PAGE, _DICTIONARY_PAGE = 7, 9, 11
"""Of a column: the bytes of its pages, where the first is, and where one is that goes before."""
_UNPACKED, _PACKED = 2, 3
_VALUES = {"data": 5, "dictionary": 7, "data, version 2": 8}
"""Of a page: its bytes, and by its kind the field whose first field is the number of values."""
_STRANGE = (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError)
"""What reading by headers that are none may raise."""


def pages_can_be(path: Path) -> bool:
    """Whether no page of the file says what cannot be."""
    with path.open("rb") as file:
        return all(_can_be(file, column) for column in _columns(file))


def _columns(file: IO[bytes]) -> list[_Struct]:
    """Each column of each group of rows; none if the end of the file does not say."""
    try:
        file.seek(-8, 2)
        size = int.from_bytes(file.read(4), "little")
        file.seek(-8 - size, 2)
        footer = _Thrift(file.read(size)).struct()
        return [one[_COLUMN] for group in footer[_ROW_GROUPS] for one in group[_COLUMNS]]
    except _STRANGE:
        return []


def _can_be(file: IO[bytes], column: _Struct) -> bool:
    """Whether no page of a column says what cannot be."""
    try:
        at = column.get(_DICTIONARY_PAGE) or column[_FIRST_PAGE]
        end = at + column[_BYTES]
        while at < end:
            file.seek(at)
            header = _Thrift(file.read(_LONGEST))
            page = header.struct()
            values = {kind: page[field][1] for kind, field in _VALUES.items() if field in page}
            if min(page[_UNPACKED], page[_PACKED], *values.values()) < 0:
                return False
            if values.get("dictionary", 0) > page[_UNPACKED]:
                return False
            at += header.at + page[_PACKED]
    except _STRANGE:
        pass
    return True


class _Thrift:
    """Values of the compact protocol, one after the other, and how many bytes they took."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self) -> _Struct:
        found: _Struct = {}
        field = 0
        while kind := self._byte():
            field = field + (kind >> 4) if kind >> 4 else self._whole()
            found[field] = kind & 15 == 1 if kind & 15 in (1, 2) else self._value(kind & 15)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (1, 2, 3):
            return self._byte()
        if kind in (4, 5, 6):
            return self._whole()
        if kind == 7:
            return self._bytes(8)
        if kind == 8:
            return self._bytes(self._number())
        if kind in (9, 10):
            return self._list()
        if kind == 12:
            return self.struct()
        raise ValueError(kind)

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._number()
        return [self._value(head & 15) for _ in range(size)]

    def _bytes(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def _whole(self) -> int:
        number = self._number()
        return number >> 1 ^ -(number & 1)

    def _number(self) -> int:
        number = 0
        for shift in range(0, 64, 7):
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        raise ValueError(number)

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]
