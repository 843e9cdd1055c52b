"""Weights learned from what is stored, compared before they are adopted, and checked.

Nothing here changes what is stored: a file of weights is adopted by naming it in the
settings, and the next night then weighs everything again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import polars as pl
from sqlmodel import Session, col, select

from domain.pairing import DECISION_SCHEMA, Records, Weights
from domain.pairing.precision import Precision, precision
from domain.pairing.training import train
from domain.policy import PolicySet
from domain.words import Band, Feed, Verdict
from models import DecisionRow, DocumentRow, ReferralRow
from services import full_pass, replay, stored_frames
from services.dry_run_parts import Asked
from services.dry_run_reading import read
from services.frames import to_records
from services.full_pass import Known

MOST = 50_000
"""Referrals learned from at most, the newest; their documents are all those of their window."""
BATCH = 5_000
NONE = "none"
CHANGES = ("made", "ended", "changed")
PAIR = ["referral", "document"]
SHOWN = ("band", "role", "weight")
AFTER = [f"{name}_{when}" for name in SHOWN for when in ("before", "after")]


@dataclass(frozen=True)
class Comparison:
    """What other weights would change, a row a pairing, and how referrals stand with each.

    Columns of `changes`: force, referral_id, urn, change (one of CHANGES), then band, role and
    weight in bits as they are (``_before``) and as they would be (``_after``).
    """

    changes: pl.DataFrame
    before: Mapping[str, int]
    after: Mapping[str, int]

    def counts(self) -> dict[str, int]:
        """How many pairings would be made, ended and changed."""
        return {
            change: self.changes.filter(pl.col("change") == change).height for change in CHANGES
        }


def learn(
    session: Session, policies: Mapping[str, PolicySet], base: Weights, most: int = MOST
) -> dict[str, Any]:
    """A model's content, from the current versions of the newest referrals of some forces.

    Args:
        policies: Those of each force to learn from.
        base: The weights in use.
        most: Referrals to learn from at most.

    Raises:
        TrainingRefused: too little to learn from.
    """
    chosen = session.exec(
        select(ReferralRow.id, ReferralRow.force, ReferralRow.referred_at)
        .where(col(ReferralRow.force).in_(list(policies)))
        .order_by(col(ReferralRow.referred_at).desc(), col(ReferralRow.id))
        .limit(most)
    ).all()
    left, right = [to_records(Feed.REFERRALS, ())], [to_records(Feed.DOCUMENTS, ())]
    for force in sorted({row[1] for row in chosen}):
        theirs = [row for row in chosen if row[1] == force]
        made = [row[2] for row in theirs]
        ours = _documents(session, force, min(made), max(made), base)
        left += _frames(session, Feed.REFERRALS, [row[0] for row in theirs], policies[force])
        right += _frames(session, Feed.DOCUMENTS, ours, policies[force])
    referrals, documents = _together(left), _together(right)
    return train(referrals, documents, _decided(session, referrals, documents), base)


def _documents(
    session: Session, force: str, first: datetime, last: datetime, base: Weights
) -> list[int | None]:
    """The documents within the window of referrals made from `first` to `last`."""
    before = timedelta(days=base.limits.days_before)
    after = timedelta(days=base.limits.days_after)
    return list(
        session.exec(
            select(DocumentRow.id).where(
                col(DocumentRow.force) == force,
                col(DocumentRow.submitted_at) >= first - before,
                col(DocumentRow.submitted_at) <= last + after,
            )
        )
    )


def _frames(
    session: Session, feed: Feed, ids: Iterable[int | None], policies: PolicySet
) -> Iterator[Records]:
    """Some records' frames, a batch at a time, which bounds the memory used."""
    numbers = iter(sorted(number for number in ids if number is not None))
    while some := list(islice(numbers, BATCH)):
        yield stored_frames.current(session, feed, some, policies)


def _together(parts: Iterable[Records]) -> Records:
    parts = list(parts)
    return Records(
        pl.concat([part.records for part in parts]), pl.concat([part.people for part in parts])
    )


def _decided(session: Session, referrals: Records, documents: Records) -> pl.DataFrame:
    """What people decided about the records learned from, as pairing reads it."""
    rows = session.exec(
        select(DecisionRow).where(col(DecisionRow.ended_at).is_(None)).order_by(col(DecisionRow.id))
    )
    decided = [(row.referral, row.document, row.verdict.value) for row in rows]
    return (
        pl.DataFrame(decided, schema=DECISION_SCHEMA, orient="row")
        .join(referrals.records, left_on="referral", right_on="key", how="semi")
        .join(documents.records, left_on="document", right_on="key", how="semi")
    )


def learn_from_files(asked: Iterable[Asked], base: Weights) -> tuple[dict[str, Any], int]:
    """A model's content from two files, of which nothing is stored, and the rows refused.

    Args:
        asked: Each feed's file and how it is read. Tokens are forgotten afterwards, so any key
            will do.
        base: The weights in use.

    Raises:
        TrainingRefused: too little to learn from.
        FeedRefused: a file cannot be read.
    """
    found = {one.feed: read(one, _nothing, _nothing) for one in asked}
    ours, theirs = (found[feed].side.records for feed in (Feed.REFERRALS, Feed.DOCUMENTS))
    content = train(ours, theirs, pl.DataFrame(schema=DECISION_SCHEMA), base)
    return content, sum(one.refused for one in found.values())


def _nothing(_: object) -> None:
    """Neither reasons nor progress are told."""


def compare(
    session: Session,
    policies: Mapping[str, PolicySet],
    before: Weights,
    after: Weights,
    *,
    as_of: datetime,
) -> Comparison:
    """What pairing everything known with `after` instead of `before` would change.

    Args:
        policies: Those of each force to compare.
        as_of: Aware UTC; what was known then.
    """
    changes, standing = [], {True: Counter[str](), False: Counter[str]()}
    for force in sorted(policies):
        known = replay.known(session, force, as_of, policies[force])
        old, new = full_pass.pair(known, before), full_pass.pair(known, after)
        for is_new, paired in ((False, old), (True, new)):
            standing[is_new].update(paired.outcomes["state"])
        changes.append(_changes(force, known, old.pairings, new.pairings))
    return Comparison(pl.concat(changes), standing[False], standing[True])


def _changes(force: str, known: Known, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    was, is_now = (
        side.select(*PAIR, *(pl.col(name).alias(f"{name}_{when}") for name in SHOWN))
        for side, when in ((old, "before"), (new, "after"))
    )
    same = [pl.col(f"{name}_before") == pl.col(f"{name}_after") for name in ("band", "role")]
    change = (
        pl.when(pl.col("band_before").is_null())
        .then(pl.lit("made"))
        .when(pl.col("band_after").is_null())
        .then(pl.lit("ended"))
        .otherwise(pl.lit("changed"))
    )
    return (
        was.join(is_now, on=PAIR, how="full", coalesce=True)
        .filter(~pl.all_horizontal(same).fill_null(False))
        .join(known.referrals.facts.select("referral_id", referral="key"), on="referral")
        .join(known.documents.facts.select("urn", document="key"), on="document")
        .select(pl.lit(force).alias("force"), "referral_id", "urn", change.alias("change"), *AFTER)
        .sort("referral_id", "urn")
    )


def check(
    session: Session, policies: Mapping[str, PolicySet], weights: Weights, *, as_of: datetime
) -> list[Precision]:
    """How often people confirmed what `weights` would pair, by band.

    Every decision that holds on today's evidence is a label, and none is told to the engine.
    Band ``none`` is of decided pairs that would be neither paired nor offered; each of them
    that people confirmed is one that the weights would miss.
    """
    decided: Counter[tuple[str, str]] = Counter()
    for force in sorted(policies):
        known = replay.known(session, force, as_of, policies[force])
        alone = replace(known, decisions=known.decisions.clear())
        bands = full_pass.pair(alone, weights).pairings.select(*PAIR, "band")
        labels = known.decisions.join(bands, on=PAIR, how="left")
        decided.update(labels.select(pl.col("band").fill_null(NONE), "verdict").iter_rows())
    return [
        precision(
            band,
            decided[band, Verdict.CONFIRMED],
            sum(decided[band, verdict] for verdict in Verdict),
        )
        for band in (*(band.value for band in Band), NONE)
    ]
