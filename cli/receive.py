"""`counterfoil receive`: take what waits in the drop folders, and judge nothing yet."""

from dataclasses import asdict
from datetime import datetime
from functools import partial

from adapters import clock, database, logs
from adapters.clock import on_screen
from cli import output
from cli.installation import Installation, opened
from cli.times import AsOf, Json, OneForce, instant_so_far
from domain.errors import NightRefused
from domain.words import Feed
from services import intake, nights
from services.forces import Force
from services.intake import Intake


def receive(force: OneForce = None, as_of: AsOf = None, json: Json = False) -> None:
    """Take every file in the drop folders, each whole or not at all.

    Ends with 1 when rows were quarantined, a file was refused or an alarm went off.

    Example: counterfoil receive --force WY
    """
    logs.configure()
    known_at = instant_so_far(as_of) or clock.now()
    with opened() as there:
        ready, faults = there.ready(force)
        for each in ready:
            _check_not_judged(there, each.code, known_at)
        taken = {
            (each.code, feed): _take(there, each, feed, known_at) for each in ready for feed in Feed
        }
    if not ready:
        output.refuse("\n".join(faults))
    rows = [
        {"force": code, "feed": feed.value, **asdict(each)} for (code, feed), each in taken.items()
    ]
    if json:
        output.as_json(rows)
    else:
        _show(taken)
    if faults:
        output.refuse("\n".join(faults))
    output.end(
        needs_a_person=any(
            each.refused or each.alarms or each.counts.quarantined for each in taken.values()
        )
    )


def _check_not_judged(there: Installation, code: str, known_at: datetime) -> None:
    """Refuse to have known a file at an instant by which a later night was judged without it."""
    with database.reading(there.engine) as session:
        last = nights.latest(session, code)
    if last is not None and last.as_of > known_at:
        raise NightRefused(
            f"Force {code} was judged by {on_screen(last.as_of)}, and what is received now was"
            " not known before that. Leave --as-of out. Nothing was taken."
        )


def _take(there: Installation, force: Force, feed: Feed, known_at: datetime) -> Intake:
    return intake.take_all(
        partial(database.session, there.engine),
        force,
        feed,
        known_at=known_at,
        now=clock.now(),
        actor="system:counterfoil receive",
    )


def _show(taken: dict[tuple[str, Feed], Intake]) -> None:
    headings = ("force", "feed", "files", "again", "new", "amended", "unchanged", "quarantined")
    output.table(
        "Received",
        headings,
        [
            (code, feed.value, each.files, each.again, *asdict(each.counts).values())
            for (code, feed), each in taken.items()
        ],
    )
    for each in taken.values():
        for sentence in (*each.refused, *each.alarms):
            output.console().print(sentence)
