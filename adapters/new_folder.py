"""A folder of files that is there whole or not at all, and overwrites nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.errors import SampleRefused


class Put:
    """Writes files into a folder that is not in its place yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, files: Mapping[str, bytes]) -> None:
        self.folder.mkdir()
        for name, content in files.items():
            (self.folder / name).write_bytes(content)


@contextmanager
def new_folder(out: Path) -> Iterator[Put]:
    """A folder that takes its place when the block ended well, and else is gone.

    Raises:
        SampleRefused: `out` is there already, or is in no folder; nothing was stored.
    """
    if out.exists():
        raise SampleRefused(
            f"{out} is there already. Name a new folder, so that nothing lodged is overwritten."
            " Nothing was stored."
        )
    if not out.parent.is_dir():
        raise SampleRefused(f"There is no folder {out.parent}. Make it first. Nothing was stored.")
    with TemporaryDirectory(prefix=".counterfoil-", dir=out.parent) as passing:
        put = Put(Path(passing) / "frame")
        yield put
        put.folder.rename(out)
