"""Plan a sample, and plan it anew for as long as no frame of it has a seed."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling.building import build, check_period
from domain.sampling.choices import Choices, State
from domain.working_paper import PlanDocument, document, sha256_hex
from models import SampleRow
from services import turns
from services.sampling import population, stored
from services.sampling.population import Population
from services.sampling.texts import plain


def plan(session: Session, choices: Choices, *, planned_by: str, now: datetime) -> PlanDocument:
    """Store what was chosen, and return the plan for the population as it stands.

    The sizes are fixed only when the frame is frozen.  A sample of the same code and force is
    planned anew; its frame, if it has one, has to be frozen again.

    Raises:
        SampleRefused: The period is not over, the population cannot show the claim, the code
            is another force's, or a seed was entered. Nothing was stored.
    """
    turns.take(session, choices.force)
    check_period(choices, now)
    row = stored.find(session, choices.sample)
    if row is not None:
        _check_may_change(session, row, choices)
    made = of_population(
        choices, population.read(session, choices), planned_by=planned_by, planned_at=now
    )
    said: dict[str, Any] = {
        "subject": choices.subject,
        "choices": document(choices).decode(),
        "planned_by": planned_by,
        "planned_at": now,
    }
    if row is None:
        row = SampleRow(force=choices.force, code=choices.sample, **said)
    row.sqlmodel_update(said)
    session.add(row)
    session.flush()
    for frame in stored.frames(session, row):
        frame.superseded_at = now
        session.add(frame)
    stored.say(
        session,
        row,
        Action.SAMPLE_PLANNED,
        by=planned_by,
        now=now,
        choices=sha256_hex(row.choices.encode()),
        population=made.population,
    )
    return made


def of_population(
    choices: Choices,
    found: Population,
    frozen: Mapping[str, int] | None = None,
    *,
    planned_by: str,
    planned_at: datetime,
) -> PlanDocument:
    """The plan of `choices` for the items found, and for those `frozen` before by stratum."""
    sampled: Counter[str] = Counter()
    taken: Counter[State] = Counter()
    whole = {state.value: state for state in State if choices.is_taken_whole(state)}
    for stratum, items in (frozen or {}).items():
        if stratum in whole:
            taken[whole[stratum]] += items
        else:
            sampled[stratum] += items
    for item in found.items:
        if choices.is_taken_whole(item.state):
            taken[item.state] += 1
        else:
            sampled[choices.stratum(item.state, plain(item.district))] += 1
    return build(choices, sampled, taken, planned_by=planned_by, planned_at=planned_at)


def _check_may_change(session: Session, row: SampleRow, choices: Choices) -> None:
    if row.force != choices.force:
        raise SampleRefused(
            f"The code {choices.sample} is that of another force's sample. Choose another code."
            " Nothing was stored."
        )
    if stored.is_seeded(session, row):
        raise SampleRefused(
            f"Sample {row.code} has its seed, and nothing of its plan may change any more."
            " Plan another sample under another code. Nothing was stored."
        )
