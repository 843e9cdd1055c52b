"""`counterfoil receive`: take what waits in the drop folders, and judge nothing yet."""

from dataclasses import asdict
from functools import partial

from adapters import clock, database, logs
from cli import output
from cli.installation import Installation, opened
from cli.times import AsOf, Force, Json, instant
from domain.words import Feed
from services import intake
from services.forces import open_force
from services.intake import Intake


def receive(force: Force = None, as_of: AsOf = None, json: Json = False) -> None:
    """Take every file in the drop folders, each whole or not at all.

    Ends with 1 when rows were quarantined, a file was refused or an alarm went off.

    Example: counterfoil receive --force WY
    """
    logs.configure()
    with opened() as there:
        taken = {
            (code, feed): _take(there, code, feed, as_of)
            for code in there.forces(force)
            for feed in Feed
        }
    rows = [
        {"force": code, "feed": feed.value, **asdict(each)} for (code, feed), each in taken.items()
    ]
    if json:
        output.as_json(rows)
    else:
        _show(taken)
    output.end(
        needs_a_person=any(
            each.refused or each.alarms or each.counts.quarantined for each in taken.values()
        )
    )


def _take(there: Installation, code: str, feed: Feed, as_of: str | None) -> Intake:
    return intake.take_all(
        partial(database.session, there.engine),
        open_force(there.settings, code),
        feed,
        known_at=instant(as_of) or clock.now(),
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
