"""Freeze a sample's frame, or, when it was lodged and the dice are rolled, draw it."""

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from domain.assurance.claim import Design, Extension
from domain.errors import SampleRefused
from domain.sampling.choices import State as Claimed
from domain.sampling.choices import Strata, Subject
from flows import sample_report
from flows.names import actor
from tasks.assurance import draw_frame, freeze_frame


@flow(name="draw-assurance-sample", flow_run_name="draw-{force}-{sample}", persist_result=False)
def draw_assurance_sample(
    force: str,
    sample: str,
    first_day: date | None = None,
    until_day: date | None = None,
    tolerable: str = "5%",
    expected: str = "0%",
    risk: str = "5%",
    subject: Subject = Subject.REFERRALS,
    design: Design = Design.SIMPLE,
    extension: Extension = Extension.FIXED,
    strata: Strata = Strata.STATE,
    take_all: list[Claimed] | None = None,
    leave_out: list[Claimed] | None = None,
    dice: str | None = None,
) -> State[Any]:
    """Without dice: plan, freeze and export, and end as Frozen.  With dice: draw, end as Drawn.

    Never both in one run, because the commitment has to be lodged in between.

    Args:
        force: The force's code.
        sample: The sample's code.
        first_day: London's first day of the period; only without dice.
        until_day: The day after its last; only without dice.
        tolerable: The rate that would be too high, such as 5%.
        expected: The rate that is expected.
        risk: The accepted chance to show what is not true.
        subject: What is sampled.
        design: How items are drawn.
        extension: Whether more may be drawn after a look at the results.
        strata: By what a proportional design divides.
        take_all: States of which every item is judged.
        leave_out: States that the claim is not about.
        dice: The digits rolled, 20 or more; not secret.
    """
    if dice is not None:
        if first_day is not None or until_day is not None:
            raise SampleRefused(
                "Days are of a freeze and dice of a draw, and no run does both. Give one of them."
                " Nothing was stored."
            )
        made = draw_frame(force, sample, dice, actor())
        create_markdown_artifact(key="sample-drawn", markdown=sample_report.drawn(sample, made))
        return Completed(name="Drawn", message=f"{made['drawn']:,} items are drawn.")
    if first_day is None or until_day is None:
        raise SampleRefused(
            "Give both days of the period to freeze the frame, or the dice to draw from it."
            " Nothing was stored."
        )
    choices = {
        "tolerable": tolerable,
        "expected": expected,
        "risk": risk,
        "subject": subject,
        "design": design,
        "extension": extension,
        "strata": strata,
        "take_all": take_all or [],
        "leave_out": leave_out or [],
    }
    made = freeze_frame(force, sample, (first_day, until_day), choices, actor())
    create_markdown_artifact(key="sample-frozen", markdown=sample_report.frozen(sample, made))
    return Completed(name="Frozen", message=f"Lodge {made['to_lodge']}, then roll the dice.")
