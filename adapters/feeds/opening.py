"""Tell what a delivered file is from its first bytes, and how its text is encoded.

The name of a file is not believed.  Text is decoded by a ladder: a byte order mark says
it; else UTF-8 if the whole file is; else cp1252, which is what Excel on Windows writes.
Every refusal is about the file as a whole, and then nothing of it is stored.
"""

import codecs
import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

from domain.errors import FeedRefused

LONGEST_LINE = 1 << 20
"""Characters. The longest real line is some thousand."""

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_KINDS = ((b"PK", "xlsx"), (b"PAR1", "parquet"))
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old .xls workbook or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
)
_REMEDY = "Save it as CSV in UTF-8, XLSX, JSON Lines or Parquet. Nothing from this file was stored."


def refused(path: Path, why: str, remedy: str = _REMEDY) -> FeedRefused:
    """The refusal of a whole file: its name, why, what to do."""
    return FeedRefused(f"{path.name} {why}. {remedy}")


def kind_of(path: Path) -> str:
    """ "xlsx", "parquet", "jsonl" or "csv"; FeedRefused for anything else.

    Only the first bytes are looked at, so a damaged file is found out later.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except IsADirectoryError:
        again = "Name one file in it. Nothing was stored."
        raise refused(path, "is a folder", again) from None
    except OSError as error:
        why = f"cannot be opened: {error.strerror}"
        raise refused(path, why, "Check the path. Nothing was stored.") from None
    if not start:
        raise refused(path, "is empty", "Ask for it again. Nothing was stored.")
    for magic, kind in _KINDS:
        if start.startswith(magic):
            return kind
    for magic, what in _OTHERS:
        if start.startswith(magic):
            raise refused(path, f"is {what}, which cannot be read")
    return _kind_of_text(path, start)


def _kind_of_text(path: Path, start: bytes) -> str:
    encoding = _marked(start) or "latin-1"
    head = start.decode(encoding, errors="ignore").lstrip()
    if head.startswith("<"):
        raise refused(path, "is a web page or XML, whatever its name says")
    if head.startswith("["):
        why = "is a JSON list; JSON Lines has one object on each line and no brackets around"
        raise refused(path, why)
    return "jsonl" if head.startswith("{") else "csv"


def encoding_of(path: Path, stated: str | None = None) -> str:
    """The codec that reads the whole of the file; FeedRefused if none does.

    Args:
        path: A text file.
        stated: What the map says; a byte order mark still wins.
    """
    with path.open("rb") as file:
        marked = _marked(file.read(4))
        file.seek(0)
        if marked is not None:
            return marked
        if stated is not None:
            return stated
        return _unmarked(path, file)


def _marked(start: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if start.startswith(mark)), None)


def _unmarked(path: Path, file: io.BufferedReader) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, beyond_ascii = True, False
    foreign = False
    while chunk := file.read(_CHUNK):
        if b"\0" in chunk:
            raise refused(path, "holds NUL bytes, so it is not text or is UTF-16 without its mark")
        if not foreign and not chunk.isascii():
            foreign = any(byte in chunk for byte in _NOT_IN_CP1252)
        if is_utf8:
            try:
                beyond_ascii = not decoder.decode(chunk).isascii() or beyond_ascii
            except UnicodeDecodeError:
                is_utf8 = False
        if foreign and not is_utf8:
            raise refused(path, "is neither UTF-8 nor Windows-1252 text")
    pending = decoder.getstate()[0] if is_utf8 else b""
    if pending and beyond_ascii:
        again = "Ask for the whole file. Nothing from this file was stored."
        raise refused(path, "is cut short in the middle of a character", again)
    return "utf-8" if is_utf8 and not pending else "cp1252"


@contextlib.contextmanager
def lines(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    """The lines of the text with their ends, in constant memory.

    FeedRefused, while they are read, at a line of over a million characters, a NUL or
    bytes that are not in the encoding.
    """
    with path.open(encoding=encoding, newline="") as file:
        yield _bounded(path, file)


def _bounded(path: Path, file: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    try:
        for line in iter(lambda: file.readline(LONGEST_LINE), ""):
            number += 1
            if len(line) >= LONGEST_LINE:
                raise refused(path, f"has a line of over a million characters, line {number}")
            if "\0" in line:
                raise refused(path, f"holds a NUL on line {number}, so it is damaged")
            yield line
    except UnicodeError:
        raise refused(path, f"is not {encoding_name(file)} text after line {number}") from None


def encoding_name(file: io.TextIOWrapper) -> str:
    """The encoding as people call it."""
    names = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8"}
    return names.get(file.encoding, file.encoding.upper())
