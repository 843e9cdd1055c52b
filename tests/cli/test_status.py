"""`counterfoil status`: the oldest flags of each kind, or all of them, and where the rest are."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from adapters import database, settings
from models import FlagRow, ReferralRow
from tests.cli.calling import call, said_once
from tests.cli.test_reads import ME, events, numbers
from tests.orchestration.installations import FIRST_NIGHT

LISTS = {"unmatched": "oldest", "ambiguous": "ambiguous", "incomplete": "incomplete"}


def _open_flags(home: Path) -> dict[str, set[str]]:
    """The referrals with an open flag, by the flag's kind, as the tables have them."""
    engine = database.engine(settings.load(home).database)
    with database.reading(engine) as session:
        rows = session.exec(
            select(FlagRow.kind, ReferralRow.referral_id)
            .join(ReferralRow, col(ReferralRow.id) == col(FlagRow.referral))
            .where(col(FlagRow.state) == "open")
        ).all()
    engine.dispose()
    return {kind: {name for flag, name in rows if flag == kind} for kind in LISTS}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """One flag of each kind is shown unless all are asked for, so that few flags suffice."""
    monkeypatch.setattr("cli.status.OLDEST", 1)
    return 1


def test_all_lists_every_open_flag_and_says_so_in_the_trail(
    judged_on_either: Path, few: int
) -> None:
    """
    "Which referrals have no document" is a question with one answer, not with five.
    """
    flags = _open_flags(judged_on_either)
    assert len(flags["unmatched"]) > few
    assert flags["incomplete"]

    (found,) = call("status", "--all", "--json", home=judged_on_either).json
    assert flags == {
        kind: {flag["referral_id"] for flag in found[name]} for kind, name in LISTS.items()
    }
    assert [
        (
            ME,
            "force/EX",
            {
                "list": "open flags",
                "referrals": numbers(judged_on_either, set().union(*flags.values())),
            },
        )
    ] == events(judged_on_either, "list read")

    shown = call("status", "--all", home=judged_on_either).out
    assert all(name in shown for names in flags.values() for name in names)
    assert "more: counterfoil status --all" not in shown


def test_without_all_it_says_how_many_more_there_are(judged: Path, few: int) -> None:
    """
    A few of many must not look like all.
    """
    flags = _open_flags(judged)

    shown = call("status", home=judged).out

    assert f"and {len(flags['unmatched']) - few} more: counterfoil status --all" in shown
    (found,) = call("status", "--json", home=judged).json
    assert few == len(found["oldest"])
    assert {flag["referral_id"] for flag in found["oldest"]} < flags["unmatched"]


def test_an_incomplete_one_is_shown_with_what_its_document_lacks(judged: Path) -> None:
    """
    It has a document, so nothing is said of nearest ones.
    """
    (found,) = call("status", "--json", home=judged).json
    shown = call("status", home=judged).out.partition("\nIncomplete\n")[2]

    assert found["incomplete"]
    for flag in found["incomplete"]:
        assert flag["reason"].startswith("incomplete: document ")
        assert flag["reason"] in shown
    assert "nearest" not in shown
    assert "no document shares" not in shown


def test_all_is_of_now(judged: Path) -> None:
    """
    A look back counts, and lists nothing.
    """
    said = said_once(call("status", "--all", "--as-of", FIRST_NIGHT.isoformat(), home=judged))

    assert "Give one of them" in said
