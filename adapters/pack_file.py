"""A pack as one zip file that can be written in one way only.

Members are stored as they are, by name, with one time and no extra field, so equal files give
equal bytes.  A zip that is read has to be, byte for byte, what would be written: a changed
byte anywhere, in a header that no unzip looks at too, is found.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from domain.errors import SampleRefused

_TIME = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"(?:[a-z0-9-]{1,40}/)?[A-Za-z0-9.-]{1,40}")
_UNIX, _FILE = 3, 0o100644 << 16
_MOST = 2_000


def write(files: Mapping[str, bytes]) -> bytes:
    """The zip of the files, by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            if not _NAME.fullmatch(name):
                raise ValueError("a name that a pack has no place for")
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system, member.external_attr = _UNIX, _FILE
            archive.writestr(member, files[name])
    return stream.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    """The files of a pack by name.

    Raises:
        SampleRefused: It is not a zip, or not one as `write` writes it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST or sum(each.file_size for each in members) > len(content):
                raise _not_a_pack()
            files = {each.filename: archive.read(each) for each in members}
    except _DAMAGED as why:
        raise _not_a_pack() from why
    if not all(map(_NAME.fullmatch, files)) or write(files) != content:
        raise _not_a_pack()
    return files


_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
"""What `zipfile` raises for one that is damaged; encryption and unknown methods too."""


def _not_a_pack() -> SampleRefused:
    return SampleRefused(
        "The file is not a pack as this program writes it: it was changed, damaged or packed"
        " again. Take it again from whoever made it. Nothing of it was used."
    )
