"""Whether each page of a Parquet file says a size and a number of values that can be.

Polars (2.1) sets aside as much memory as a page's header asks for.  Fewer values than none, and a
dictionary of more entries than bytes, ask for more than there is, and then the whole process ends,
which nothing here could catch.  So headers are read first, as Polars reads them: a field that it
knows is read as what it should be, whatever type is written, and a column ends with its last value.

The format: https://parquet.apache.org/docs/file-format/, its headers in Thrift's compact protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

_Struct: TypeAlias = dict[int, Any]
"""The values of a Thrift struct by the numbers of their fields."""
_Known: TypeAlias = Mapping[int, Any]
"""What fields of a struct are: a type, or what the fields of theirs are."""

_BOOL, _BOOL_NO, _BYTE, _I16, _I32, _I64, _DOUBLE, _BYTES, _LIST, _SET, _STRUCT = (
    *range(1, 11),
    12,
)
_STATISTICS = {1: _BYTES, 2: _BYTES, 3: _I64, 4: _I64, 5: _BYTES, 6: _BYTES, 7: _BOOL, 8: _BOOL}
_DATA, _INDEX, _DICTIONARY, _DATA_2 = 5, 6, 7, 8
_HEADER: _Known = {
    **dict.fromkeys(range(1, 5), _I32),
    _DATA: {**dict.fromkeys(range(1, 5), _I32), 5: _STATISTICS},
    _INDEX: {},
    _DICTIONARY: {1: _I32, 2: _I32, 3: _BOOL},
    _DATA_2: {**dict.fromkeys(range(1, 7), _I32), 7: _BOOL, 8: _STATISTICS},
}
_UNPACKED, _PACKED, _COUNT = 2, 3, 1
"""Of a page: its bytes, and of what says its kind the number of values."""
_ROW_GROUPS, _COLUMNS, _COLUMN = 4, 1, 3
_VALUES, _SIZE, _FIRST_PAGE, _DICTIONARY_PAGE = 5, 7, 9, 11
"""Of a column: its values, the bytes of its pages, and where they begin."""
_MOST = 1 << 31
_STRANGE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading by headers that are none may raise."""


def pages_can_be(path: Path) -> bool:
    """Whether the headers of all pages of the file can be read, and none says what cannot be."""
    with path.open("rb") as file:
        try:
            return all(_can_be(file, column) for column in _columns(file))
        except _STRANGE:
            return False


def _columns(file: IO[bytes]) -> list[_Struct]:
    """Each column of each group of rows."""
    at = file.seek(-8, 2)
    file.seek(at - int.from_bytes(file.read(4), "little"))
    groups = _Thrift(file).struct({})[_ROW_GROUPS]
    return [one[_COLUMN] for group in groups for one in group[_COLUMNS]]


def _can_be(file: IO[bytes], column: _Struct) -> bool:
    """Whether no page of a column says what cannot be."""
    at, seen = column.get(_DICTIONARY_PAGE) or column[_FIRST_PAGE], 0
    end = at + column[_SIZE]
    while at < end and seen < column[_VALUES]:
        file.seek(at)
        page = _Thrift(file).struct(_HEADER)
        data = [page[kind][_COUNT] for kind in (_DATA, _DATA_2) if kind in page]
        entries = page[_DICTIONARY][_COUNT] if _DICTIONARY in page else 0
        said = (page[_UNPACKED], page[_PACKED], entries, *data)
        if not all(0 <= one < _MOST for one in said) or entries > page[_UNPACKED]:
            return False
        seen += sum(data)
        at = file.tell() + page[_PACKED]
    return True


class _Thrift:
    """Values of the compact protocol, one after the other from where the file stands."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def struct(self, known: _Known) -> _Struct:
        found: _Struct = {}
        field = 0
        while head := self._byte():
            kind = head & 15
            field = field + (head >> 4) if head >> 4 else self._whole()
            meant = known.get(field, kind)
            if isinstance(meant, Mapping):
                found[field] = self.struct(meant)
            elif kind in (_BOOL, _BOOL_NO) and meant in (_BOOL, _BOOL_NO):
                found[field] = kind == _BOOL
            else:
                found[field] = self._value(meant)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (_BOOL, _BOOL_NO, _BYTE):
            return self._byte()
        if kind in (_I16, _I32, _I64):
            return self._whole()
        if kind == _DOUBLE:
            return self._skip(8)
        if kind == _BYTES:
            return self._skip(self._number())
        if kind in (_LIST, _SET):
            return self._list()
        if kind == _STRUCT:
            return self.struct({})
        raise ValueError(kind)

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._number()
        return [self._value(head & 15) for _ in range(size)]

    def _skip(self, size: int) -> None:
        self.file.seek(size, 1)

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
        return self.file.read(1)[0]
