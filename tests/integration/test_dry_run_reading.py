"""A file read for the dry run: in one part or many, by one process or two, it is the same.

Real files of each format, with rows that are refused and records that come twice.
"""

import multiprocessing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from adapters.feeds import FeedRefused
from bench.writers import WRITERS
from domain.errors import Refused, SettingsRefused
from domain.policy import Policy, PolicySet
from domain.words import Feed
from services.dry_run_parts import Asked, Refusal
from services.dry_run_reading import Read, read
from synthetic import generate
from tests.builders import asked_of

AS_OF = datetime(2025, 6, 1, 2, 30, tzinfo=UTC)
LATE = PolicySet((Policy(effective_from=date(2025, 5, 1)),))
FEEDS = generate(120, 5, "harsh", forces=["EX", "XA"])


@pytest.fixture(params=[(feed, kind) for feed in Feed for kind in WRITERS], ids=str)
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    feed, kind = request.param
    path = tmp_path / f"{feed.value}.{kind}"
    frame = FEEDS.referrals if feed == Feed.REFERRALS else FEEDS.documents
    WRITERS[kind](_damaged(frame), path)
    return asked_of(feed, path, as_of=AS_OF)


def test_parts_change_nothing(asked: Asked) -> None:
    """
    A force with a large file and a force with a small one are told the same.
    """
    _check_same(asked, processes=1, part=37)


@pytest.mark.parametrize("feed", Feed)
def test_processes_change_nothing(feed: Feed, tmp_path: Path) -> None:
    """
    They are given rows, whatever the format of the file was.
    """
    path = tmp_path / f"{feed.value}.csv"
    frame = FEEDS.referrals if feed == Feed.REFERRALS else FEEDS.documents
    WRITERS["csv"](_damaged(frame), path)
    _check_same(asked_of(feed, path, as_of=AS_OF), processes=2, part=50)


def _check_same(asked: Asked, *, processes: int, part: int) -> None:
    whole, refusals = _read(asked, processes=1, part=10_000)
    other, others = _read(asked, processes=processes, part=part)

    assert refusals == others
    assert whole.refused == other.refused > 0
    assert whole.times == other.times
    assert {"EX", "XA"} == set(whole.times)
    for one, two in (
        (whole.side.facts, other.side.facts),
        (whole.side.records.records, other.side.records.records),
        (whole.side.records.people, other.side.records.people),
    ):
        assert_frame_equal(one, two)
        assert one.height > 0


def test_the_last_row_of_a_record_is_kept_in_whatever_part_it_stands(asked: Asked) -> None:
    """
    An export may hold a record as it was and, later on, as it is.
    """
    found, _ = _read(asked, processes=1, part=37)

    assert found.side.facts.select("force", found.side.facts.columns[2]).is_unique().all()
    kept = found.side.records.records.filter(pl.col("postcode") == "AB1 2CD")
    assert 5 == kept.height


def test_each_forces_times_are_counted_up_to_the_instant(asked: Asked) -> None:
    """
    A record from the future must not make a feed that has stopped look alive.
    """
    found, _ = _read(asked, processes=1, part=50)

    for times in found.times.values():
        assert times.oldest is not None
        assert times.newest is not None
        assert times.oldest <= times.newest <= AS_OF
        assert 0 < times.future < times.count
    rows = sum(times.count for times in found.times.values())
    assert rows >= found.side.facts.height


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_cut_short_is_refused_and_leaves_no_process(tmp_path: Path, processes: int) -> None:
    """
    Half a file must not be taken for a whole one, however many rows were read by then.
    """
    path = tmp_path / "documents.jsonl"
    WRITERS["jsonl"](FEEDS.documents, path)
    path.write_text(path.read_text("utf-8")[:-20], "utf-8")

    with pytest.raises(FeedRefused, match="cut short"):
        _read(asked_of(Feed.DOCUMENTS, path, as_of=AS_OF), processes=processes, part=50)
    assert [] == multiprocessing.active_children()


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        pytest.param({"key": b"too short"}, SettingsRefused, id="a short key"),
    ],
)
def test_a_refusal_is_the_same_whichever_process_came_upon_it(
    tmp_path: Path, changes: dict[str, Any], refused: type[Refused]
) -> None:
    """
    The person who asked gets one sentence, and not a report of a broken process.
    """
    path = tmp_path / "documents.jsonl"
    WRITERS["jsonl"](FEEDS.documents, path)
    asked = asked_of(Feed.DOCUMENTS, path, as_of=AS_OF, **changes)

    said = []
    for processes in (1, 2):
        with pytest.raises(refused) as why:
            _read(asked, processes=processes, part=50)
        said.append(str(why.value))
    assert said[0] == said[1]


def test_a_referral_before_any_policy_is_a_refused_row(tmp_path: Path) -> None:
    """
    The others are read; and a document of then counts as the first policy says.
    """
    for feed, name in ((Feed.REFERRALS, "referrals"), (Feed.DOCUMENTS, "documents")):
        path = tmp_path / f"{name}.jsonl"
        WRITERS["jsonl"](getattr(FEEDS, name), path)
        asked = asked_of(feed, path, as_of=AS_OF)
        whole, _ = _read(asked, processes=1, part=50)
        late, refusals = _read(replace(asked, policies=LATE), processes=1, part=50)
        why = {reason for _, pointer, reason in refusals if pointer == "/referred_at"}

        gone = late.refused - whole.refused
        assert (gone > 0) == (feed == Feed.REFERRALS)
        assert late.side.facts.height + gone == whole.side.facts.height or gone == 0
        assert all("is before 01/05/2025" in reason for reason in why)
        assert bool(why) == (feed == Feed.REFERRALS)


def _read(asked: Asked, *, processes: int, part: int) -> tuple[Read, list[Refusal]]:
    refusals: list[Refusal] = []
    moved: list[int] = []
    found = read(asked, refusals.append, moved.append, processes=processes, part=part)
    assert sum(moved) >= found.side.facts.height + found.refused
    return found, refusals


def _damaged(frame: pl.DataFrame) -> pl.DataFrame:
    """The feed with three rows that have no officer, and five records once more, changed."""
    officer = next(name for name in frame.columns if name.endswith("officer_id"))
    bad = frame.slice(20, 3).with_columns(pl.lit(None, pl.String).alias(officer))
    again = frame.slice(40, 5).with_columns(postcode=pl.lit("AB1 2CD"))
    return pl.concat([frame.head(60), bad, frame.slice(60), again])
