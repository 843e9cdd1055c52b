"""A made-up month of one force, nights on it, and weights other than those that ship."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from adapters.feeds import DEFAULT_RULES, load_map, read_feed
from domain.pairing import Weights, default_weights
from domain.pairing.model_file import load_model, sealed
from domain.words import Feed
from models import PairingRow
from services import deliveries, full_pass, replay
from synthetic.generate import generate
from synthetic.writers import write_csv
from tests import builders
from tests.builders import POLICIES, Night, Record
from tests.cli.calling import call
from tests.integration.sampling.once import FOLDER, once
from tests.orchestration.installations import install

FORCE = "EX"
FIRST = datetime(2026, 4, 1, 2, 30, tzinfo=UTC)
SECOND = datetime(2026, 4, 2, 2, 30, tzinfo=UTC)
THIRD = datetime(2026, 4, 3, 2, 30, tzinfo=UTC)
NIGHT = "2026-04-01T02:30"
"""The first night of `an_installation`, by London's clock."""
KEPT = ("referral", "document", "role", "band", "rule", "weight", "margin")


@cache
def month(referrals: int = 120, seed: int = 31) -> tuple[Sequence[Record], Sequence[Record]]:
    """Referrals and documents (five for each) as they leave the door, badly written."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_month(folder, referrals, seed)
        left, right = (_read(folder / f"{feed}.csv", feed) for feed in Feed)
    return left, right


def write_month(folder: Path, referrals: int = 120, seed: int = 31) -> None:
    """The same as two CSV files."""
    write_csv(generate(referrals, seed, "harsh", 1, [FORCE], start=date(2026, 2, 1)), folder)


def _read(file: Path, feed: Feed) -> list[Record]:
    rows = read_feed(file, load_map(None, feed), force=None, key=builders.KEY, rules=DEFAULT_RULES)
    return [dict(row.record) for row in rows if row.record is not None]


def an_installation(home: Path, *forces: str) -> Path:
    """`home` as an installation in which the first of its forces has had the month's night."""
    return shutil.copytree(_installation(forces), home)


@cache
def _installation(forces: tuple[str, ...]) -> Path:
    """The same, made once in a process, to be copied and not touched."""
    folder = Path(tempfile.mkdtemp(dir=FOLDER.name))
    made = install(folder / "home", *forces)
    write_month(folder)
    for feed in Feed:
        (folder / f"{feed}.csv").rename(made / "drop" / forces[0] / feed / f"{feed}.csv")
    answer = call("run", "--no-prefect", "--force", forces[0], "--as-of", NIGHT, home=made)
    assert 1 == answer.code, answer.err
    return made


def other_weights() -> Weights:
    """Weights by which other pairings are made; nearly anything is put to a person."""
    return load_model(other_text())


def other_text() -> str:
    """The same as the text of a file."""
    content = json.loads(default_weights().text)
    content["prior"] = -11.0
    content["fields"]["officer"]["same"] = {"m": 0.5, "u": 0.05}
    content["fields"]["postcode"]["full"] = {"bits": 4.0}
    content["fields"]["name"]["most"] = {"bits": 8.0}
    content["fields"]["incident"]["other"] = {"bits": -9.0}
    content["limits"]["floor"] = 1.0
    content["bands"] |= {"review": 1.0, "review_second": 18.0}
    return sealed(content)


def a_first_night(engine: Engine) -> Night:
    """The night on which the whole month arrives, by the weights that ship."""
    once(engine, "a month", lambda: _first_nights.append(_arrived(engine)))
    return _first_nights[-1]


_first_nights: list[Night] = []
"""The night, each time that one was run: on any database with the same outcome."""


def _arrived(engine: Engine) -> Night:
    referrals, documents = month()
    return a_night(engine, FIRST, referrals=referrals, documents=documents)


def a_night(
    engine: Engine,
    as_of: datetime,
    weights: Weights | None = None,
    referrals: Sequence[Record] = (),
    documents: Sequence[Record] = (),
) -> Night:
    """One night by some weights."""
    return builders.a_night(
        engine, as_of, referrals=referrals, documents=documents, force=FORCE, weights=weights
    )


def deliver(engine: Engine, referrals: Sequence[Record], documents: Sequence[Record]) -> None:
    """Both feeds received, and nothing else done."""
    for feed, records in ((Feed.REFERRALS, referrals), (Feed.DOCUMENTS, documents)):
        file, rows = builders.a_file(feed, records, FORCE)
        with database.session(engine) as session:
            deliveries.receive(
                session, file, rows, policies=POLICIES, known_at=FIRST, now=FIRST, actor="system:x"
            )


def current(session: Session) -> list[PairingRow]:
    """The pairings that stand."""
    return list(session.exec(select(PairingRow).where(col(PairingRow.ended_at).is_(None))))


def assert_as_if_at_once(engine: Engine, as_of: datetime, weights: Weights) -> None:
    """What stands is what pairing everything at once by these weights gives, and says so."""
    with database.reading(engine) as session:
        known = replay.known(session, FORCE, as_of, POLICIES)
        at_once = full_pass.pair(known, weights).pairings
        standing = current(session)
        assert sorted(at_once.select(KEPT).iter_rows()) == sorted(
            tuple(getattr(row, name) for name in KEPT) for row in standing
        )
        assert {weights.version} == {row.weights_version for row in standing}


def bands(session: Session) -> pl.DataFrame:
    """referral, document, band and role of what stands, as texts."""
    rows = [
        (row.referral, row.document, row.band.value, row.role.value) for row in current(session)
    ]
    return pl.DataFrame(rows, schema=["referral", "document", "band", "role"], orient="row")
