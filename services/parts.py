"""A force's records cut into periods: each weighed by itself, then decided as a whole.

    export (Parquet) -> weigh a period, anywhere -> decide on the edges of all periods

A period has the referrals made in it, and every document within their window of time, so
each edge is found in the one period of its referral.  An edge depends on its two records
only, and nothing is decided before all edges are together: the cuts change nothing, and
components that cross them stay whole.  A blocking key is left out when it is too common
within a period; over all periods at once it may be so sooner, so periods find at least
what the whole would.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
from sqlmodel import Session, col, or_, select

from adapters.weights_file import read_weights
from domain import pairing
from domain.errors import Refused
from domain.pairing import Records, Weights
from domain.policy import PolicySet
from domain.words import Feed
from models import DecisionRow
from services import decisions_in_force, stored_frames, stored_records

PERIOD = timedelta(days=182)
"""Longer than the window, so that most documents are read in one or two periods."""
NO_DECISIONS = pl.DataFrame(schema=pairing.DECISION_SCHEMA)


@dataclass(frozen=True)
class Plan:
    """What an exported folder holds; `spans` are the periods, start included and end not."""

    as_of: datetime
    weights_file: str | None
    weights_version: str
    spans: tuple[tuple[datetime, datetime], ...]

    def weights(self) -> Weights:
        """The weights of the pass; Refused when the file has been changed since it began."""
        found = read_weights(Path(self.weights_file) if self.weights_file else None)
        if found.version != self.weights_version:
            raise Refused(
                "The weights were changed while a full pass was under way. Start the pass"
                " again. Nothing was stored."
            )
        return found


def export(
    session: Session,
    force: str,
    folder: Path,
    *,
    as_of: datetime,
    policies: PolicySet,
    weights: Weights,
    weights_file: Path | None = None,
) -> Plan:
    """Write what was known of a force at `as_of` (aware UTC) into `folder`, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    for feed in Feed:
        sides = stored_frames.known(session, feed, force, as_of, policies)
        for number, side in enumerate(sides):
            write_side(folder, feed, side, number)
    decisions = _decisions(session, force, as_of)
    decisions.write_parquet(folder / "decisions.parquet")
    return write_plan(folder, as_of, weights, weights_file)


def write_side(folder: Path, feed: Feed, side: Records, number: int = 0) -> None:
    """Add some records of one feed to a folder."""
    side.records.write_parquet(folder / f"{feed.value}.{number:06}.parquet")
    side.people.write_parquet(folder / f"people-of-{feed.value}.{number:06}.parquet")


def write_plan(
    folder: Path, as_of: datetime, weights: Weights, weights_file: Path | None = None
) -> Plan:
    """Cut the referrals of a folder into periods, and keep that beside them."""
    times = pl.scan_parquet(folder / f"{Feed.REFERRALS.value}.*.parquet").select("at").collect()
    file = str(weights_file) if weights_file else None
    plan = Plan(as_of, file, weights.version, tuple(spans(times["at"])))
    kept = {
        "as_of": as_of.isoformat(),
        "weights_file": file,
        "weights_version": weights.version,
        "spans": [[start.isoformat(), end.isoformat()] for start, end in plan.spans],
    }
    (folder / "plan.json").write_text(json.dumps(kept), "utf-8")
    return plan


def read_plan(folder: Path) -> Plan:
    """The plan of an exported folder."""
    kept = json.loads((folder / "plan.json").read_text("utf-8"))
    cuts = ((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in kept["spans"])
    return Plan(
        datetime.fromisoformat(kept["as_of"]),
        kept["weights_file"],
        kept["weights_version"],
        tuple(cuts),
    )


def spans(times: pl.Series) -> Iterator[tuple[datetime, datetime]]:
    """Periods that hold each of `times` once; none of no times."""
    start, last = times.min(), times.max()
    while isinstance(start, datetime) and isinstance(last, datetime) and start <= last:
        yield start, start + PERIOD
        start += PERIOD


def weigh(folder: Path, number: int, weights: Weights) -> list[str]:
    """Weigh one period and write its edges, whole or not at all; what it did not compare by.

    Any process that reads the folder may do it, more than once, with the same result.
    """
    start, end = read_plan(folder).spans[number]
    before = timedelta(days=weights.limits.days_before)
    after = timedelta(days=weights.limits.days_after)
    at = pl.col("at")
    found = pairing.pair(
        _side(folder, Feed.REFERRALS, (at >= start) & (at < end)),
        _side(folder, Feed.DOCUMENTS, (at >= start - before) & (at <= end + after)),
        NO_DECISIONS,
        weights,
    )
    beside = folder / f"{uuid4().hex}.writing"
    found.edges.write_parquet(beside)
    beside.replace(_edges(folder, number))
    return list(found.warnings)


def decide(folder: Path, weights: Weights) -> pl.DataFrame:
    """The pairings (PAIRING_SCHEMA, sorted) of all periods together, with people's decisions."""
    count = len(read_plan(folder).spans)
    files = [pl.read_parquet(_edges(folder, number)) for number in range(count)]
    edges = pl.concat([pl.DataFrame(schema=pairing.EDGE_SCHEMA), *files])
    decisions = pl.read_parquet(folder / "decisions.parquet")
    told = pairing.confirmed_pairs(decisions).join(edges, on=["referral", "document"], how="anti")
    sides = {feed: _records(folder, feed) for feed in Feed}
    for feed, end in ((Feed.REFERRALS, "referral"), (Feed.DOCUMENTS, "document")):
        told = told.join(sides[feed], left_on=end, right_on="key", how="semi")
    if not told.is_empty():
        left = _side(folder, Feed.REFERRALS, pl.col("key").is_in(told["referral"].to_list()))
        right = _side(folder, Feed.DOCUMENTS, pl.col("key").is_in(told["document"].to_list()))
        edges = pl.concat([edges, pairing.weigh(told, left, right, weights)])
    decided = pairing.decide(
        edges, sides[Feed.REFERRALS], sides[Feed.DOCUMENTS], decisions, weights
    )
    return decided.pairings.sort("referral", "document")


def _edges(folder: Path, number: int) -> Path:
    return folder / f"edges.{number:06}.parquet"


def _records(folder: Path, feed: Feed) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{feed.value}.*.parquet")


def _side(folder: Path, feed: Feed, wanted: pl.Expr) -> Records:
    records = pl.scan_parquet(folder / f"{feed.value}.*.parquet").filter(wanted).collect()
    people = (
        pl.scan_parquet(folder / f"people-of-{feed.value}.*.parquet")
        .join(records.lazy().select("key"), left_on="record", right_on="key", how="semi")
        .collect()
    )
    return Records(records, people)


def _decisions(session: Session, force: str, as_of: datetime) -> pl.DataFrame:
    """What people had decided at `as_of`, on evidence that stood then."""
    rows = session.exec(
        select(DecisionRow)
        .where(
            col(DecisionRow.force) == force,
            col(DecisionRow.decided_at) <= as_of,
            or_(col(DecisionRow.ended_at).is_(None), col(DecisionRow.ended_at) > as_of),
        )
        .order_by(col(DecisionRow.id))
    ).all()
    ends: dict[Feed, Any] = {
        Feed.REFERRALS: {row.referral for row in rows},
        Feed.DOCUMENTS: {row.document for row in rows},
    }
    known = {
        feed: stored_records.as_known(session, feed, force, as_of, ends[feed]) for feed in Feed
    }
    split = decisions_in_force.split(rows, known[Feed.REFERRALS], known[Feed.DOCUMENTS])
    return split.frame()
