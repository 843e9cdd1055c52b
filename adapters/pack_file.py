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
from domain.working_paper.pack import MANIFEST

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
        NotAPack: It is not a zip, or holds no manifest of a pack.
        PackChanged: It is a pack, and not as `write` writes it.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED as why:
        raise NotAPack from why
    with archive:
        members = archive.infolist()
        if MANIFEST not in [each.filename for each in members]:
            raise NotAPack
        if len(members) > _MOST or sum(each.file_size for each in members) > len(content):
            raise PackChanged("the list of its files")
        files = {each.filename: _member(archive, each) for each in members}
    same = write(files)
    if same != content:
        pairs = enumerate(zip(content, same, strict=False))
        at = next(
            (at for at, (one, other) in pairs if one != other), min(map(len, (content, same)))
        )
        raise PackChanged(f"byte {at:,} of the zip itself")
    return files


class NotAPack(SampleRefused):
    """The file is no pack at all."""

    def __init__(self) -> None:
        super().__init__(
            "The file is not a pack, or is too damaged to be read as one. Take it again from"
            " whoever made it. Nothing of it was used."
        )


class PackChanged(SampleRefused):
    """The file is a pack that was changed, damaged or packed again; says where first."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: it is not as this program writes it. The pack was changed, damaged or"
            " packed again. Nothing of it was used."
        )


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if not _NAME.fullmatch(member.filename):
        raise PackChanged("the name of a file")
    try:
        return archive.read(member)
    except _DAMAGED as why:
        raise PackChanged(member.filename) from why


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
