"""The steps of a force's night, each one transaction; a file of a feed is one by itself.

Codes and instants go in and counts come out, because either may end up in Prefect's
storage.  Every step may be run again: what it did before, it finds done.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from prefect import task

from adapters import clock
from domain.words import Feed
from services import deliveries, intake, judging, nights, pairing
from tasks.context import step
from tasks.policy import STEP


@task(task_run_name="begin-{force}", **STEP)
def begin_night(force: str, as_of: datetime, actor: str) -> bool:
    """Open one force's night; False when a later one has been judged already."""
    with step(force, actor) as at, at.transaction() as session:
        return nights.begin(
            session,
            force,
            as_of=as_of,
            policies=at.force.policies,
            weights=at.force.weights,
            actor=actor,
            now=clock.now(),
        ).run


@task(task_run_name="receive-{force}-{feed}", **STEP)
def receive_feed(force: str, as_of: datetime, actor: str, feed: str) -> dict[str, Any]:
    """Take what waits in one feed's folder; return counts of files and rows."""
    with step(force, actor) as at:
        taken = intake.take_all(
            at.transaction,
            at.force,
            Feed(feed),
            known_at=as_of,
            now=clock.now(),
            actor=actor,
        )
    return {
        "files": taken.files,
        "again": taken.again,
        "refused": len(taken.refused),
        "alarms": len(taken.alarms),
        **asdict(taken.counts),
    }


@task(task_run_name="pair-{force}", **STEP)
def pair_force(force: str, as_of: datetime, actor: str) -> dict[str, Any]:
    """Pair what is new with what is open; return what that did, in counts and warnings."""
    with step(force, actor) as at, at.transaction() as session:
        counts = pairing.pair_force(
            session,
            force,
            as_of=as_of,
            policies=at.force.policies,
            weights=at.force.weights,
            actor=actor,
        )
    return asdict(counts) | {"warnings": [*counts.warnings]}


@task(task_run_name="flag-{force}", **STEP)
def flag_force(force: str, as_of: datetime, actor: str) -> dict[str, Any]:
    """Judge what may have changed, open and settle flags; return counts."""
    with step(force, actor) as at, at.transaction() as session:
        counts, _ = judging.judge_force(
            session, force, as_of=as_of, policies=at.force.policies, actor=actor
        )
    return asdict(counts)


@task(task_run_name="close-{force}", **STEP)
def close_night(
    force: str, as_of: datetime, actor: str, work: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Close one force's night; return its counts, and what is said of the feeds first."""
    with step(force, actor) as at, at.transaction() as session:
        trust = judging.feed_trust(session, force, as_of, at.force.policies)
        silent = deliveries.silent(session, force, as_of=as_of, policies=at.force.policies)
        counts = nights.finish(
            session, force, as_of=as_of, trust=trust, work=work, now=clock.now(), silent=silent
        )
    return {"feed": trust.sentence, **counts}


STEPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("documents", receive_feed, ("documents",)),
    ("referrals", receive_feed, ("referrals",)),
    ("pairing", pair_force, ()),
    ("judging", flag_force, ()),
)
"""A night between its beginning and its close: the step's name, the task, what it adds."""
