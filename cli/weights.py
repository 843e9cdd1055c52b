"""`counterfoil weights`: learned, shown, compared before they are adopted, and checked."""

import json as json_
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters import clock, database, settings
from adapters.feeds import DEFAULT_RULES, ColumnMap
from adapters.login import os_user
from adapters.policies import load_policies
from adapters.weights_file import TYPED, read_weights
from cli import output
from cli.check import maps_of
from cli.installation import Installation, opened
from cli.times import Json, OneForce
from cli.written import write_csv, written_whole
from domain.audit_trail import Action
from domain.errors import Refused
from domain.pairing import Weights, default_weights
from domain.pairing.model_file import load_model, sealed
from domain.pairing.precision import ENOUGH, Precision
from domain.pairing.weights import LEVELS
from domain.policy import PolicySet
from domain.words import Feed
from services import audit_trail, weights
from services.dry_run_parts import Asked
from services.forces import open_force
from services.weights import Comparison
from tasks.context import home

app = typer.Typer(help="The weights that pairing goes by: learn, show, compare, check.")

AFile = Annotated[Path | None, typer.Argument(help="A weights file (default: those in use).")]
MADE_BY = {"auto": "paired by itself", "review": "put to a person", "none": "neither"}


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="The weights file to write; it must not exist yet.")],
    referrals: Annotated[
        Path | None, typer.Option(help="Learn from this export of referrals instead.")
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="And from this one of intelligence documents.")
    ] = None,
    column_map: Annotated[
        list[Path] | None,
        typer.Option("--map", help="A column map of an export; twice for a map of each feed."),
    ] = None,
    force: Annotated[
        str | None,
        typer.Option(help="Only this force; or the code of exports that do not name it."),
    ] = None,
    json: Json = False,
) -> None:
    """Learn weights from the stored records, or from two exports, into a file; adopt nothing.

    Nobody has to label anything. To adopt the file, name it in the settings.

    Example: counterfoil weights train --out weights/2026-11.json
    """
    if out.exists():
        raise Refused(
            f"{out} exists, and weights in use must not change unseen. Name another file with"
            " --out. Nothing was written."
        )
    if (referrals is None) != (documents is None):
        raise Refused(
            "Learning from exports needs both: --referrals and --documents. Nothing was written."
        )
    refused = 0
    if referrals is not None and documents is not None:
        files = {Feed.REFERRALS: referrals, Feed.DOCUMENTS: documents}
        content, refused = weights.learn_from_files(
            _asked(files, maps_of(column_map or []), force), default_weights()
        )
    else:
        with opened() as there, database.reading(there.engine) as session:
            content = weights.learn(session, _policies(there, force), _in_use())
    text = sealed(content)
    with written_whole(out) as passing:
        passing.write_text(text, "utf-8")
    _say_what_was_learned(out, text, refused, json)


def _asked(
    files: Mapping[Feed, Path], maps: Mapping[Feed, ColumnMap], force: str | None
) -> Iterator[Asked]:
    """How each export is read: as for a dry run, under the policy that ships."""
    key, as_of, policies = secrets.token_bytes(32), clock.now(), load_policies(None)
    for feed, path in files.items():
        yield Asked(feed, path, maps[feed], DEFAULT_RULES, policies, as_of, force, key)


def _say_what_was_learned(out: Path, text: str, refused: int, json: bool) -> None:
    model = load_model(text)
    trained = json_.loads(text)["trained"]
    found = {"file": str(out), "version": model.version, "sha256": model.hash} | trained
    if json:
        output.as_json(found | {"rows_refused": refused})
        return
    output.pairs(
        {
            name.replace("_", " "): f"{value:,}" if isinstance(value, int) else value
            for name, value in (found | {"base": trained["base"]["version"]}).items()
            if name != "forces"
        }
    )
    if refused:
        typer.echo(f"{refused:,} rows of the exports could not be read and were left out.")
    typer.echo(
        "Not in use yet. Look at what it would change: counterfoil weights compare"
        f' {out}. To adopt it, put weights = "{out.resolve().as_posix()}" above the first table'
        f" of {settings.FILE_NAME}."
    )


@app.command()
def show(file: AFile = None, json: Json = False) -> None:
    """Show what each agreement and disagreement is worth, and where every value comes from.

    Without a file: the weights in use, or where there is no installation those that ship.

    Example: counterfoil weights show weights/2026-11.json
    """
    model = read_weights(file, TYPED) if file is not None else _in_use_or_shipped()
    content = json_.loads(model.text)
    levels = list(_levels(model, content))
    if json:
        head = {"version": model.version, "sha256": model.hash, "prior": model.prior}
        said = {"trained": content.get("trained"), "twins": content["twins"], "levels": levels}
        output.as_json(head | said)
        return
    output.pairs(
        {
            "version": model.version,
            "sha256": model.hash,
            "prior": f"{model.prior:.2f} bits",
            "source": content.get("source", ""),
            "twins": _twins(model, content["twins"]),
        }
    )
    typer.echo(f"\n{'field':<12}{'level':<18}{'bits':>7}{'m':>11}{'u':>11}  from")
    for level in levels:
        typer.echo(_shown(level))


def _twins(model: Weights, said: Mapping[str, Any]) -> str:
    taken = "rare" if model.twins.are_rare else "common"
    most, allowed = model.twins.most, model.twins.allowed
    return f"taken to be {taken}: at most {most:.1%}, {allowed:.1%} allowed; {said['from']}"


def _levels(model: Weights, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field, names in LEVELS.items():
        for name, bits in zip(names, model.bits[field][1:], strict=True):
            level = dict(content["fields"][field][name])
            level.setdefault("from", "set by hand")
            yield {"field": field, "level": name} | level | {"bits": bits}


def _shown(level: Mapping[str, Any]) -> str:
    m, u = (f"{level[part]:.3g}" if part in level else "" for part in "mu")
    source = level["from"]
    if "m_of" in level:
        pairs = [f"{level[f'{part}_count']:,}/{level[f'{part}_of']:,}" for part in "mu"]
        source += f" {', '.join(pairs)}"
    return f"{level['field']:<12}{level['level']:<18}{level['bits']:>7.2f}{m:>11}{u:>11}  {source}"


@app.command()
def compare(
    file: Annotated[Path, typer.Argument(help="A weights file that is not in use yet.")],
    other: Annotated[
        Path | None, typer.Argument(help="What to compare it with (default: those in use).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write every pairing that would change to this CSV.")
    ] = None,
    force: OneForce = None,
    json: Json = False,
) -> None:
    """Pair all stored records with both, and show what adopting the first would change.

    Changes no pairing. The CSV is a disclosure and is in the audit trail. Ends with 1 when
    anything would change.

    Example: counterfoil weights compare weights/2026-11.json --out changes.csv
    """
    after = read_weights(file, TYPED)
    before = read_weights(other, TYPED) if other is not None else _in_use()
    with opened() as there:
        policies = _policies(there, force)
        with database.reading(there.engine) as session:
            found = weights.compare(session, policies, before, after, as_of=clock.now())
        if out is not None:
            _export(there, out, found, before, after)
    _say_what_would_change(found, before, after, json)
    output.end(needs_a_person=not found.changes.is_empty())


def _export(
    there: Installation, out: Path, found: Comparison, before: Weights, after: Weights
) -> None:
    with written_whole(out) as passing:
        write_csv(passing, found.changes.columns, found.changes.iter_rows())
        with database.session(there.engine) as session:
            audit_trail.append(
                session,
                at=clock.now(),
                actor=os_user(),
                action=Action.REPORT_EXPORTED,
                subject="weights compare",
                detail={
                    "format": "csv",
                    "rows": found.changes.height,
                    "before": before.version,
                    "after": after.version,
                },
            )


def _say_what_would_change(found: Comparison, before: Weights, after: Weights, json: bool) -> None:
    counts, states = found.counts(), {"before": dict(found.before), "after": dict(found.after)}
    if json:
        versions = {"before": before.version, "after": after.version}
        output.as_json({"versions": versions, "pairings": counts, "referrals": states})
        return
    typer.echo(f"{after.version} instead of {before.version}; nothing was changed.")
    output.pairs({f"pairings {name}": f"{count:,}" for name, count in counts.items()})
    names = sorted({*found.before, *found.after})
    rows = [(name, found.before.get(name, 0), found.after.get(name, 0)) for name in names]
    output.table("Referrals", ("", "before", "after"), rows)


@app.command()
def check(file: AFile = None, force: OneForce = None, json: Json = False) -> None:
    """Hold weights against what reviewers decided: precision by band, with a 95% interval.

    Reviewers mostly see what was put to them, so the decisions are no sample of all pairings.

    Example: counterfoil weights check weights/2026-11.json
    """
    model = read_weights(file, TYPED) if file is not None else _in_use()
    with opened() as there, database.reading(there.engine) as session:
        found = weights.check(session, _policies(there, force), model, as_of=clock.now())
    if json:
        output.as_json([asdict(each) | {"too_few": each.too_few} for each in found])
        return
    typer.echo(f"{model.version} against what reviewers decided:")
    for each in found:
        typer.echo(f"  {MADE_BY[each.band]:<16}  {_precision(each)}")


def _precision(found: Precision) -> str:
    if not found.decided:
        return "nothing decided"
    said = (
        f"{found.confirmed:,} of {found.decided:,} confirmed, {found.confirmed / found.decided:.1%}"
        f" (95% interval {found.low:.1%} to {found.high:.1%})"
    )
    return f"{said}; fewer than {ENOUGH} decisions are too few to go by" if found.too_few else said


def _in_use() -> Weights:
    """The weights that the settings of this installation name."""
    found = settings.load(home())
    return read_weights(found.path(found.weights) if found.weights else None)


def _in_use_or_shipped() -> Weights:
    """Those in use; where there is no installation those that ship, and a word that it is so."""
    if (home() / settings.FILE_NAME).exists():
        return _in_use()
    typer.echo(
        f"There is no {settings.FILE_NAME} in {home()}, so these are the weights that ship.",
        err=True,
    )
    return default_weights()


def _policies(there: Installation, force: str | None) -> dict[str, PolicySet]:
    return {code: open_force(there.settings, code).policies for code in there.forces(force)}
