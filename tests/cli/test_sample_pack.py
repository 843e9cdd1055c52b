"""`counterfoil sample pack`: a file that is written whole, or a sentence and no file."""

from pathlib import Path

import pytest

from tests.cli.calling import call, said_once, stored


@pytest.mark.parametrize(
    ("name", "because"),
    [
        pytest.param("Q1.zip", "There is no sample", id="no such sample"),
        pytest.param("Q1.pdf", "is no .zip", id="no zip"),
        pytest.param("none/Q1.zip", "There is no folder", id="no such folder"),
    ],
)
def test_what_cannot_be_packed_is_refused_and_no_file_is_left(
    judged: Path, tmp_path: Path, name: str, because: str
) -> None:
    """
    Nothing is stored either: the trail has no export that never was.
    """
    before = stored(judged)
    answer = call("sample", "pack", "Q1", "--out", tmp_path / name, home=judged)

    assert because in said_once(answer)
    assert before == stored(judged)
    assert not (tmp_path / name).exists()
