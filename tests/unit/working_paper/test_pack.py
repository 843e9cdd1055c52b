"""A pack is read as it was written, and a changed byte anywhere is found."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import pack_file
from adapters.typeset import typesetter
from domain.errors import SampleRefused
from domain.sampling.choices import State
from domain.working_paper import (
    document,
    lines,
)
from domain.working_paper.lodged import as_lodged
from domain.working_paper.pack import files, finished, read
from domain.working_paper.verify import verify
from tests.unit.working_paper.builders import (
    an_exercise,
)
from tests.unit.working_paper.packs import KINDS, packed, small, whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_pack_of_every_kind_is_verified_from_its_files_alone(kind: str) -> None:
    """
    Reading what was written gives the same exercise, and making it again the same bytes.
    """
    content = packed(KINDS[kind]())
    made = whole(content)
    archive = pack_file.write(made)

    assert pack_file.read(archive) == made
    assert read(made) == content
    assert pack_file.write(whole(content)) == archive
    found = verify(pack_file.read(archive), typesetter())
    assert found.difference is None
    assert found.conclusion == content.outcome.conclusion


def is_found(archive: bytes) -> bool:
    """Whether the file is refused, or its files are found to differ."""
    try:
        given = pack_file.read(archive)
    except SampleRefused:
        return True
    return verify(given).difference is not None


def places(archive: bytes) -> list[int]:
    """Every place of a zip that no member holds, and every seventh of those that one does."""
    held: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for each in opened.infolist():
            start = archive.index(opened.read(each), each.header_offset + len(each.filename))
            held |= {*range(start, start + each.file_size)}
    return [place for place in range(len(archive)) if place not in held or place % 7 == 0]


def test_a_changed_byte_is_found_wherever_it_is() -> None:
    """
    At every place of the zip's own headers and list of files, and at every seventh of what
    the files hold; another bit at each next place.  The PDF, by far the largest file, is a
    short one here.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 12, State.UNMATCHED: 1}, tolerable="50%")
    made = finished(files(packed(exercise)), b"%PDF-1.7\n")
    archive = bytearray(pack_file.write(made))
    assert not is_found(bytes(archive))
    missed = []
    for place in places(bytes(archive)):
        bit = 1 << (place % 8)
        archive[place] ^= bit
        if not is_found(bytes(archive)):
            missed.append(place)
        archive[place] ^= bit
    assert not missed


@settings(deadline=None, max_examples=500)
@given(data=st.data())
def test_any_changed_bit_of_a_whole_pack_is_found(data: st.DataObject) -> None:
    """
    The PDF included.
    """
    archive = bytearray(pack_file.write(small()))
    archive[data.draw(st.integers(0, len(archive) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert is_found(bytes(archive))


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_whatever_is_cut_out_put_in_or_overwritten_is_found(data: st.DataObject) -> None:
    """
    A pack has one spelling.
    """
    archive = pack_file.write(small())
    start = data.draw(st.integers(0, len(archive)))
    end = data.draw(st.integers(start, min(len(archive), start + 50)))
    instead = data.draw(st.binary(max_size=50))
    changed = archive[:start] + instead + archive[end:]

    assert is_found(changed) == (changed != archive)


def test_the_same_files_in_another_order_are_the_same_pack() -> None:
    """
    And a name with a way out of its folder is in none.
    """
    made = small()
    assert pack_file.write(dict(reversed(made.items()))) == pack_file.write(made)
    with pytest.raises(ValueError, match="no place"):
        pack_file.write({"../x": b""})


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7\n", bytes(1000)])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    """
    In one sentence.
    """
    with pytest.raises(pack_file.NotAPack, match="not a pack"):
        pack_file.read(content)


def test_a_pack_packed_again_by_another_program_is_refused_with_the_place() -> None:
    """
    Its files may be as they were; that it was opened is told.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in small().items():
            archive.writestr(name, held)
    with pytest.raises(pack_file.PackChanged, match=r"list of its files|zip itself"):
        pack_file.read(stream.getvalue())
    damaged = bytearray(pack_file.write(small()))
    damaged[damaged.index(b"WORKING PAPER")] ^= 1
    with pytest.raises(pack_file.PackChanged, match=r"^README\.txt: "):
        pack_file.read(bytes(damaged))


def test_the_lodged_commitment_is_the_file_that_was_exported() -> None:
    """
    The receipt came later.
    """
    commitment = packed(KINDS["simple"]()).exercise.frames[0].commitment
    assert as_lodged(commitment) == document(replace(commitment, receipt=None))
    assert lines(()) == b""
