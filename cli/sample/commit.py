"""`counterfoil sample freeze | seed | draw`: nobody knows the seed before the frame is lodged."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from adapters import clock, database
from adapters.clock import parse_instant
from adapters.feeds.identifier_rules import parse_rules
from adapters.login import os_user
from adapters.new_folder import new_folder
from adapters.spreadsheets import guarded
from cli import output
from cli.installation import Installation, opened
from cli.sample import plan
from cli.times import Json
from domain.errors import SampleRefused
from domain.identifiers import IdentifierRules
from domain.sampling.reconciling import Compared
from domain.working_paper import Beacon, Receipt, TicketLine, sha256_hex
from services.sampling import draws, frames, reconciliations, seeds, stored

DIFFERENCES = "differences.csv"
Code = Annotated[str, typer.Argument(help="The sample's code.")]


def freeze(
    code: Code,
    out: Annotated[Path, typer.Option(help="A new folder for the files to lodge.")],
    supplement: Annotated[
        bool,
        typer.Option("--supplement", help="Freeze what became known after the last frame."),
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(
            help="A second source: a file with a reference a line. What differs is listed in"
            f" {DIFFERENCES} in the new folder."
        ),
    ] = None,
    log_source: Annotated[str, typer.Option(help="What that file is.")] = "NCCU's log",
    explained: Annotated[str, typer.Option(help="What was found of the difference to it.")] = "",
    json: Json = False,
) -> None:
    """Freeze the sample's frame, and write plan, header, frame and commitment to lodge.

    Lodge commitment.json, or the hash that is printed, with somebody else; only then roll the
    dice. Frozen again before the seed, the earlier frame is kept and stands no more.

    With --log the references that differ are in differences.csv, for the force to look into:
    it is neither lodged nor part of the pack.

    Example: counterfoil sample freeze 2026-Q1 --out to-lodge
    """
    references = _references(log)
    with opened() as there, new_folder(out) as put, database.session(there.engine) as session:
        now, by = clock.now(), os_user()
        against: Compared | None = None
        if references is not None:
            against = reconciliations.reconcile(
                session,
                code,
                source=log_source,
                references=references,
                explanation=explained,
                rules=_rules(there, session, code),
            )
        frozen = frames.freeze(
            session,
            code,
            by=by,
            now=now,
            reconciliation=against.totals if against is not None else None,
            supplement=supplement,
        )
        commitment = frames.export(session, code, by=by, now=now)
        put({**frozen.files, "commitment.json": commitment, **_differing(against)})
    header = frozen.header
    if json:
        output.as_json(
            {
                "sample": code,
                "supplement": header.supplement,
                "items": header.items,
                "strata": {each.name: each.number for each in header.strata},
                "commitment_sha256": sha256_hex(commitment),
                "differences": None if against is None else str(out / DIFFERENCES),
                "plan": plan.as_facts(frozen.plan),
            }
        )
        return
    typer.echo(f"Frozen: {header.items:,} items, in {out}.")
    output.pairs({each.name: f"{each.number:,}" for each in header.strata})
    if against is not None:
        _show_compared(against, out)
    plan.show(frozen.plan)
    typer.echo(
        f"\nTo lodge, before anybody rolls a die:\n  {sha256_hex(commitment)}"
        f"\nThen: counterfoil sample seed {code} --dice DIGITS"
    )


def _differing(against: Compared | None) -> dict[str, bytes]:
    """The references that one source alone has, as a file for the force."""
    if against is None:
        return {}
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["reference", "found"])
    for references, where in (
        (against.theirs_alone, "in the log and not in the system"),
        (against.ours_alone, "in the system and not in the log"),
    ):
        writer.writerows((guarded(reference), where) for reference in references)
    return {DIFFERENCES: stream.getvalue().encode("utf-8-sig")}


def _show_compared(against: Compared, out: Path) -> None:
    totals = against.totals
    typer.echo(
        f"Against {totals.source}: {totals.ours:,} here, {totals.theirs:,} there,"
        f" {totals.both:,} in both."
        f"\nThe references that differ are in {out / DIFFERENCES}: {len(against.theirs_alone):,}"
        f" there alone, {len(against.ours_alone):,} here alone. Keep that file in the force; it"
        " is not to be lodged."
    )


def seed(
    code: Code,
    dice: Annotated[str, typer.Option(help="The digits rolled: a ten-sided die 20 times or more.")],
    beacon_chain: Annotated[
        str | None, typer.Option(help="A public beacon's chain, 64 hexadecimal digits.")
    ] = None,
    beacon_round: Annotated[int | None, typer.Option(help="Its round.")] = None,
    beacon_randomness: Annotated[
        str | None, typer.Option(help="The round's randomness, 64 hexadecimal digits.")
    ] = None,
    lodged_with: Annotated[
        str | None, typer.Option(help="With whom the commitment was lodged.")
    ] = None,
    lodged_reference: Annotated[str | None, typer.Option(help="By what it is found there.")] = None,
    lodged_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was lodged (London time).")
    ] = None,
) -> None:
    """Enter the seed of the newest frame: dice, and a public beacon's round if there is one.

    There is one seed a frame, for ever, and none before the frame was frozen and exported.

    Example: counterfoil sample seed 2026-Q1 --dice 31415926535897932384
    """
    beacon = _together(
        {
            "--beacon-chain": beacon_chain,
            "--beacon-round": beacon_round,
            "--beacon-randomness": beacon_randomness,
        }
    )
    receipt = _together(
        {
            "--lodged-with": lodged_with,
            "--lodged-reference": lodged_reference,
            "--lodged-at": lodged_at,
        }
    )
    by = os_user()
    with opened() as there, database.session(there.engine) as session:
        record = seeds.enter(
            session,
            code,
            dice="".join(dice.split()),
            beacon=Beacon(*beacon) if beacon else None,
            receipt=_receipt(receipt, by) if receipt else None,
            by=by,
            now=clock.now(),
        )
    typer.echo(f"Seed: {record.seed}\nThen: counterfoil sample draw {code}")


def draw(code: Code, json: Json = False) -> None:
    """Draw the sample by its seed; anybody who has frame and seed draws the same.

    Example: counterfoil sample draw 2026-Q1
    """
    with opened() as there, database.session(there.engine) as session:
        made = draws.draw(session, code, by=os_user(), now=clock.now())
    if json:
        output.as_json([as_facts(line) for line in made])
        return
    strata: dict[str, int] = {}
    for line in made:
        strata[line.stratum] = strata.get(line.stratum, 0) + 1
    typer.echo(f"Drawn: {len(made):,} items.")
    output.pairs({name: f"{strata[name]:,}" for name in sorted(strata)})
    typer.echo(f"Then: counterfoil sample worksheet {code} --judge first --out first.xlsx")


def as_facts(line: TicketLine) -> dict[str, object]:
    """A ticket as JSON."""
    return {
        "order": line.order,
        "number": line.number,
        "draw_id": line.draw_id,
        "stratum": line.stratum,
        "use": line.use.value,
        "look": line.look,
    }


def _together(given: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The values of options that go together, or None if none of them was given."""
    missing = [option for option, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if missing:
        raise SampleRefused(
            f"{missing[0]} is missing: {', '.join(given)} are given together or not at all."
            " Nothing was stored."
        )
    return tuple(given.values())


def _receipt(given: tuple[Any, ...], by: str) -> Receipt:
    where, reference, at = given
    try:
        return Receipt(where, reference, by, parse_instant(at))
    except ValueError as why:
        raise SampleRefused(f"--lodged-at: {why} Nothing was stored.") from None


def _rules(there: Installation, session: Session, code: str) -> IdentifierRules:
    """How the force of the sample writes its references."""
    force = stored.named(session, code).force
    return parse_rules(there.settings.force(force).identifiers)


def _references(log: Path | None) -> list[str] | None:
    """The first column of a CSV, or the lines of a text."""
    if log is None:
        return None
    try:
        text = log.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SampleRefused(
            f"{log.name} is not text in UTF-8. Save it as CSV UTF-8. Nothing was stored."
        ) from None
    return [row[0] for row in csv.reader(text.splitlines()) if row and row[0].strip()]
