"""The steps of an assurance sample that need no person, each one transaction.

Codes, days and rates go in; counts and hashes come out, because either may end up in Prefect's
storage.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from prefect import task
from sqlmodel import Session

from adapters import clock
from adapters.clock import LONDON
from adapters.new_folder import new_folder
from domain.errors import SampleRefused
from domain.sampling.choices import choose
from domain.working_paper import PlanDocument, sha256_hex
from services.sampling import draws, evaluations, frames, plans, progress, seeds
from tasks.context import home, step
from tasks.policy import STEP

FOLDER = "samples"
"""In the installation's folder: what is to be lodged, by sample and time of freezing."""


@task(task_run_name="freeze-{sample}", **STEP)
def freeze_frame(
    force: str, sample: str, period: tuple[date, date], choices: Mapping[str, Any], actor: str
) -> dict[str, Any]:
    """Plan, freeze and write what is to be lodged; refused while a frame waits for its seed."""
    chosen = choose(sample, force, (_midnight(period[0]), _midnight(period[1])), **choices)
    now = clock.now()
    place = home() / FOLDER / f"{sample}-{now:%Y%m%dT%H%M%S%fZ}"
    with step(force, actor) as at:
        place.parent.mkdir(exist_ok=True)
        with new_folder(place) as put, at.transaction() as session:
            _check_none_waits(session, sample)
            plans.plan(session, chosen, planned_by=actor, now=now)
            frozen = frames.freeze(session, sample, by=actor, now=now)
            commitment = frames.export(session, sample, by=actor, now=now)
            put({**frozen.files, "commitment.json": commitment})
    return {
        "items": frozen.header.items,
        "known": frozen.plan.known,
        "folder": f"{FOLDER}/{place.name}",
        "to_lodge": sha256_hex(commitment),
        **_sizes(frozen.plan),
    }


@task(task_run_name="draw-{sample}", **STEP)
def draw_frame(force: str, sample: str, dice: str, actor: str) -> dict[str, Any]:
    """Enter the seed of the frame that waits for it, and draw."""
    now = clock.now()
    with step(force, actor) as at, at.transaction() as session:
        _check_force(session, force, sample)
        seed = seeds.enter(session, sample, dice="".join(dice.split()), by=actor, now=now)
        drawn = draws.draw(session, sample, by=actor, now=now)
    return {"seed": seed.seed, "drawn": len(drawn)}


@task(task_run_name="evaluate-{sample}", **STEP)
def evaluate_sample(force: str, sample: str, actor: str) -> dict[str, Any]:
    """Evaluate what was judged; return the outcome and the sentence that says what was shown."""
    with step(force, actor) as at, at.transaction() as session:
        _check_force(session, force, sample)
        made = evaluations.evaluate(session, sample, by=actor, now=clock.now())
    return {
        "outcome": made.outcome.value,
        "conclusion": made.conclusion,
        "limitations": list(made.limitations),
    }


def _check_force(session: Session, force: str, sample: str) -> None:
    """Refuse the sample of another force."""
    if progress.of(session, sample).force != force:
        raise SampleRefused(
            f"Sample {sample} is another force's. Name that force, or another sample."
            " Nothing was stored."
        )


def _check_none_waits(session: Session, sample: str) -> None:
    """Nobody who lodged a commitment should find it replaced because a run was started again."""
    if sample not in progress.codes(session):
        return
    found = progress.of(session, sample).frames
    if found and found[-1].exported_at is not None and found[-1].seeded_at is None:
        raise SampleRefused(
            f"The frame of sample {sample} was exported and waits for its seed. Lodge it and run"
            f" again with the dice, or freeze it anew with counterfoil sample freeze {sample}."
            " Nothing was stored."
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _sizes(plan: PlanDocument) -> dict[str, int]:
    look = plan.looks[0]
    return {"to_draw": look.drawn, "accepted": look.accepted}
