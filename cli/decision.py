"""`counterfoil decision`: what a person decides about one pair, from a command line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from sqlmodel import Session

from adapters import clock, database
from adapters.clock import on_screen
from adapters.login import os_user
from cli import output
from cli.installation import opened
from cli.times import Json, OneForce
from domain.errors import DecisionRefused
from domain.policy import PolicySet
from domain.words import Feed, Verdict
from services import decided, decisions, named, reads, stored_records
from services.decided import StandingDecision
from services.forces import open_force

app = typer.Typer(
    help="What people decide about pairings; each is in force until it is ended, or until the"
    " records say something else."
)
ReferralId = Annotated[str, typer.Argument(help="The referral's id, as its feed writes it.")]
Urn = Annotated[str, typer.Argument(help="The document's URN, as its feed writes it.")]
Reason = Annotated[str, typer.Option(help="Why, in words; name nobody in it.")]
NEXT = "The next run pairs by it: counterfoil run."
DOES_NOT_COUNT = (
    "The document does not count now, by status or type: it is paired by the first run after it"
    " does."
)


@app.command()
def confirm(referral_id: ReferralId, urn: Urn, reason: Reason, force: OneForce = None) -> None:
    """Say that a document answers a referral: no night pairs either otherwise.

    Look first, with `counterfoil explain`. Who decided is the login of the operating system.
    To have decided the same already changes nothing.

    Example: counterfoil decision confirm EX-R-0000081 EX/INT/0000354 --reason "same arrest"
    """
    _decide(referral_id, urn, Verdict.CONFIRMED, reason, force)


@app.command()
def reject(referral_id: ReferralId, urn: Urn, reason: Reason, force: OneForce = None) -> None:
    """Say that a document does not answer a referral: no night pairs these two.

    Look first, with `counterfoil explain`. Who decided is the login of the operating system.
    To have decided the same already changes nothing.

    Example: counterfoil decision reject EX-R-0000081 EX/INT/0000367 --reason "another arrest"
    """
    _decide(referral_id, urn, Verdict.REJECTED, reason, force)


@app.command()
def end(referral_id: ReferralId, urn: Urn, force: OneForce = None) -> None:
    """Take the decision on a pair back: the next run decides it as if nobody had.

    It stays in the record with who ended it and when.

    Example: counterfoil decision end EX-R-0000081 EX/INT/0000354
    """
    with _transaction(referral_id, urn, force) as pair:
        standing = decisions.standing(pair.session, pair.referral, pair.document)
        if standing is None or standing.id is None:
            raise DecisionRefused(
                f"Nobody has decided on referral {referral_id} and document {urn}. See"
                " `counterfoil decision list`. Nothing was stored."
            )
        decisions.take_back(pair.session, standing.id, reviewer=os_user(), now=clock.now())
    typer.echo(f"The decision on referral {referral_id} and document {urn} has ended. {NEXT}")


@app.command("list")
def list_(force: OneForce = None, json: Json = False) -> None:
    """List the decisions in force, the oldest first.

    That they were listed, and for whom, goes into the audit trail. Ends with 1 when a record
    has changed since one of them: such a pair was decided anew, so decide again or end it.

    Example: counterfoil decision list --force EX
    """
    rows: list[StandingDecision] = []
    with opened() as there, database.session(there.engine) as session:
        for code in there.forces(force):
            found = decided.listed(session, code)
            shown = {row.referral_id for row in found}
            reads.decisions_listed(session, code, shown, actor=os_user(), at=clock.now())
            rows += found
    if json:
        output.as_json([asdict(row) for row in rows])
    else:
        _show(rows)
    output.end(needs_a_person=any(row.overtaken_at for row in rows))


def _show(rows: Sequence[StandingDecision]) -> None:
    typer.echo(f"Decisions in force: {len(rows):,}")
    for row in rows:
        typer.echo(f"\n{row.force}: {row.referral_id} and {row.urn}: {row.verdict}")
        typer.echo(f"  by {row.decided_by}, {on_screen(row.decided_at)}: {row.reason}")
        if row.overtaken_at is not None:
            since = on_screen(row.overtaken_at)
            typer.echo(f"  A record says something else since; decided anew by the run of {since}.")


@dataclass(frozen=True)
class _Asked:
    """A pair by our numbers, the transaction that it was found in, its force's policies."""

    session: Session
    referral: int
    document: int
    policies: PolicySet

    def counts(self) -> bool:
        """Whether the document can answer a referral, as it is."""
        stored = stored_records.current(self.session, Feed.DOCUMENTS, [self.document])
        return stored_records.is_live(stored[self.document], self.policies)


@contextmanager
def _transaction(referral_id: str, urn: str, force: str | None) -> Iterator[_Asked]:
    with opened() as there:
        code = there.force_of(referral_id, force)
        policies = open_force(there.settings, code).policies
        with database.session(there.engine) as session:
            yield _Asked(session, *named.pair(session, code, referral_id, urn), policies)


def _decide(referral_id: str, urn: str, verdict: Verdict, reason: str, force: str | None) -> None:
    with _transaction(referral_id, urn, force) as pair:
        made = decisions.decide(
            pair.session,
            pair.referral,
            pair.document,
            verdict,
            reason=reason,
            reviewer=os_user(),
            now=clock.now(),
        )
        does_not_count = verdict == Verdict.CONFIRMED and not pair.counts()
    which = f"Referral {referral_id} and document {urn}: {verdict.value}"
    typer.echo(f"{which} already. Nothing was stored." if made is None else f"{which}. {NEXT}")
    if does_not_count:
        typer.echo(DOES_NOT_COUNT)
