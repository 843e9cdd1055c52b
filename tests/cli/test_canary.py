"""No name and no date of birth leaves a feed: not by a command, a log, a file or the database.

Every command is run on feeds in which people carry names found nowhere else.  Their spellings
and their dates in every usual form are then looked for in every byte that came out.  The
archive is left out: it holds the export as it came.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.calling import Answer, call, files
from tests.cli.test_installed import shell
from tests.orchestration.installations import deliver, install, made_up

AS_OF = "2026-02-03T02:30Z"
PERSON = {
    "role": "suspect",
    "forename": "Zyxwenna Qorvath",
    "surname": "Brzękczyszczykiewicz-Xqatl",
    "date_of_birth": "1987-06-05",
    "nationality": "POL",
}
CANARIES = [
    *("zyxwenna", "qorvath", "brzękczyszczykiewicz", "brzekczyszczykiewicz", "xqatl"),
    *("1987-06-05", "05/06/1987", "5 june 1987", "5 jun 1987", "19870605", "05061987"),
    *("narrativecanary", "zyxw"),
]
WRONG = (
    [{**PERSON, "date_of_birth": "05/06/1987x"}],
    [{**PERSON, "role": "Zyxwenna"}],
    [{**PERSON, "surname": ["Brzękczyszczykiewicz"]}],
    [{**PERSON, "Zyxwenna Qorvath": "5 June 1987"}],
    "Zyxwenna Qorvath 05/06/1987",
)
"""What a column of people holds when it is wrong."""


@pytest.fixture
def feeds() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The made-up month with the same person everywhere, and rows wrong in every way."""
    right, story = json.dumps([PERSON]), {"narrative": "narrativecanary"}
    referrals, documents = (
        [{**row, "people": right, **story} for row in rows] for rows in made_up()
    )
    for rows, key in ((referrals, "referral_id"), (documents, "urn")):
        bad = [json.dumps(each) if isinstance(each, list) else each for each in WRONG]
        rows += [
            {**rows[0], key: f"BAD-{number}", "people": each} for number, each in enumerate(bad)
        ]
    return referrals, documents


def seen(content: bytes) -> list[str]:
    """The canaries in some bytes, whatever the encoding, the case or JSON's escapes."""
    said = " ".join(content.decode(codec, "ignore") for codec in ("utf-8", "cp1252", "utf-16-le"))
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), said).casefold()
    return [canary for canary in CANARIES if canary in plain]


def leaks(folder: Path) -> dict[str, list[str]]:
    """The canaries in each file under `folder`, but for the archive and what was not taken."""
    return {
        str(path.relative_to(folder)): found
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not {"archive", "drop"} & {*path.parts}
        and (found := seen(path.read_bytes()))
    }


def test_the_search_sees_a_canary_in_any_dress() -> None:
    """
    A search that finds nothing proves something only if it can find.
    """
    assert ["qorvath"] == seen("...QORVATH...".encode("utf-16-le"))
    assert "brzękczyszczykiewicz" in seen(json.dumps(PERSON).encode())
    assert {"zyxwenna", "qorvath", "1987-06-05", "zyxw"} <= set(seen(json.dumps(PERSON).encode()))
    assert [] == seen(b"EX-R-0000001 1987-06-04 PC 1234")


def test_no_command_lets_a_name_or_a_date_of_birth_out(
    feeds: tuple[list[dict[str, str]], list[dict[str, str]]], tmp_path: Path
) -> None:
    """
    Standard output, standard error with the log, the database and every file but the archive.
    """
    home = install(tmp_path / "home")
    deliver(home, "r.csv", feeds[0], feed="referrals")
    deliver(home, "d.csv", feeds[1])
    _workbook(home / "drop/EX/referrals/r.xlsx", feeds[0][:9])
    unread = "Zyxwenna,Qorvath\n05/06/1987,x\n" * 3
    (home / "drop/EX/documents/unread.csv").write_text(unread, "utf-8")
    exports = {"r": home / "drop/EX/referrals/r.csv", "d": home / "drop/EX/documents/d.csv"}
    said = list(_asked(home, exports, tmp_path))

    told = {
        words: found
        for words, answer in said
        if (found := seen((answer.out + answer.err).encode()))
    }

    assert {} == told
    assert {} == leaks(tmp_path)
    assert {0, 1, 2} == {answer.code for _, answer in said}
    assert {"counterfoil.db", "refused.csv", "quarantine.csv", "referrals.csv"} <= {
        Path(name).name for name in files(tmp_path)
    }
    assert [] != [path for path in home.rglob("archive/**/*.csv") if seen(path.read_bytes())]


def _asked(
    home: Path, exports: dict[str, Path], folder: Path
) -> Iterator[tuple[tuple[object, ...], Answer]]:
    """Every command in an order in which each has something to say."""
    words: list[tuple[object, ...]] = []
    for feed, file in (("referrals", exports["r"]), ("documents", exports["d"])):
        words += [
            ("map", "suggest", file, "--feed", feed),
            ("map", "preview", file, "--feed", feed, "--rows", "99"),
            ("map", "preview", file, "--feed", feed, "--json"),
            ("map", "preview", home / "drop/EX/documents/unread.csv", "--feed", feed),
        ]
    asked = ("check", "--referrals", exports["r"], "--documents", exports["d"], "--as-of", AS_OF)
    words += [
        (*asked, "--out", folder / "answer"),
        (*asked, "--out", folder / "answer", "--json"),
        ("receive", "--force", "EX", "--as-of", AS_OF),
        ("run", "--no-prefect", "--as-of", AS_OF),
        ("run", "--no-prefect", "--as-of", AS_OF, "--json"),
        *(("status", *more) for more in ((), ("--json",), ("--all",), ("--as-of", AS_OF))),
        *(("quarantine", "list", *more) for more in ((), ("--json",))),
        ("quarantine", "export", folder / "refused.csv"),
        *(("audit", "verify", *more) for more in ((), ("--json",))),
        *(("doctor", *more) for more in ((), ("--json",))),
        ("decision", "reject", "EX-R-0000001", "EX/INT/0000001", "--reason", "another arrest"),
        *(("decision", "list", *more) for more in ((), ("--json",))),
        ("init", "EX"),
    ]
    for each in words:
        yield each, call(*each, home=home)


def _workbook(file: Path, rows: list[dict[str, str]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([*{**row, "referral_id": f"{row['referral_id']}-X"}.values()])
    book.save(file)


def test_no_run_leaves_a_name_in_any_file_and_prefect_has_no_part_in_what_it_says(
    feeds: tuple[list[dict[str, str]], list[dict[str, str]]], tmp_path: Path
) -> None:
    """
    Prefect keeps parameters, artifacts, results and logs in a database of its own, and a
    record of the steps: the night with it and without is the same night.
    """
    told = []
    for prefect in ("--prefect", "--no-prefect"):
        home = install(tmp_path / prefect.strip("-") / "home")
        deliver(home, "r.csv", feeds[0], feed="referrals")
        deliver(home, "d.csv", feeds[1])

        done = shell("--home", home, "run", "--as-of", AS_OF, prefect, "--json", cwd=home.parent)

        assert 1 == done.returncode, done.stderr
        assert [] == seen(done.stdout.encode()) + seen(done.stderr.encode())
        assert {} == leaks(home.parent)
        kept = any(name.endswith("prefect.db") for name in files(home.parent))
        assert (prefect == "--prefect") == kept
        told.append(json.loads(done.stdout))
    assert told[0] == told[1]
    assert told[0][0]["counts"]["paired"]
