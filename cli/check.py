"""`counterfoil check`: the dry run, from two files to four, with no database."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from adapters import clock
from adapters.feeds import DEFAULT_RULES, ColumnMap, MapRefused, load_map, map_from, read_table
from adapters.policies import load_policies
from adapters.weights_file import TYPED, read_weights
from cli import output
from cli.times import AsOf, Json, instant
from domain.pairing.twins import LEAST
from domain.words import Feed
from services import dry_run

TWINS_COMMON = (
    "the careful rule was used: a document that quotes no reference is put to a person when"
    " another tells of the same event"
)
TWINS_RARE = (
    "a document that quotes no reference was paired by itself also when another tells of the"
    " same event"
)


def check(
    referrals: Annotated[Path, typer.Option(help="An export of referrals.")],
    documents: Annotated[Path, typer.Option(help="An export of intelligence documents.")],
    out: Annotated[Path, typer.Option(help="The folder for the four files.")],
    as_of: AsOf = None,
    policy: Annotated[Path | None, typer.Option(help="A policy file.")] = None,
    column_map: Annotated[
        list[Path] | None,
        typer.Option("--map", help="A column map; give it twice for a map of each feed."),
    ] = None,
    force: Annotated[
        str | None, typer.Option(help="The force's code, for files that do not name it.")
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(help="A weights file to go by as it is (default: the weights that ship)."),
    ] = None,
    learn: Annotated[
        bool,
        typer.Option(
            help="Count on the two files how common twins are (documents of a referral's event"
            " and people that do not answer it), if they hold enough; or go by the weights"
            " that ship as they are."
        ),
    ] = True,
    json: Json = False,
) -> None:
    """Pair and judge two files, and write what would be said of them; store nothing.

    Writes pairings.csv, referrals.csv, quarantine.csv and summary.json into --out. Ends with
    1 when anything would be flagged, is held (would be flagged, but the document file cannot
    bear it out) or was refused.

    Example: counterfoil check --referrals r.csv --documents d.csv --out answer
    """
    question = dry_run.Question(
        referrals=referrals,
        documents=documents,
        out=out,
        as_of=instant(as_of) or clock.now(),
        policies=load_policies(policy),
        maps=maps_of(column_map or []),
        rules=DEFAULT_RULES,
        weights=read_weights(weights, TYPED),
        learn=learn and weights is None,
        force=force,
    )
    with _bar() as bar:
        summary = dry_run.check(question, bar)
    if json:
        output.as_json(summary)
    else:
        _show(summary, out, learned=question.learn)
    output.end(
        needs_a_person=bool(
            sum(summary["flagged"].values())
            or sum(summary["quarantined"].values())
            or summary["held"]
        )
    )


def maps_of(paths: list[Path]) -> dict[Feed, ColumnMap]:
    """The built-in maps, replaced by those of the files.

    A file is a map of the feed that its `feed` names, or has a table for each feed.
    """
    maps: dict[Feed, ColumnMap] = {}
    for path in paths:
        table = read_table(path)
        parts = {feed: table[feed.value] for feed in Feed if isinstance(table.get(feed), dict)}
        if not parts and table.get("feed") in list(Feed):
            parts = {Feed(table["feed"]): table}
        if not parts:
            raise MapRefused(
                f'{path.name} does not say which feed it is of. Add feed = "referrals" or'
                ' feed = "documents", or a table [referrals] and a table [documents].'
                " Nothing was read."
            )
        if twice := sorted(parts.keys() & maps):
            raise MapRefused(
                f"{path.name} is a second map of {' and of '.join(twice)}. Give one for each feed."
                " Nothing was read."
            )
        maps |= {feed: map_from(part, feed.value, path.name) for feed, part in parts.items()}
    return {feed: load_map(None, feed.value) for feed in Feed} | maps


@contextmanager
def _bar() -> Iterator[dry_run.Progress]:
    """Progress on standard error, if that is a terminal: what is done, how many rows, how long."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:

        @contextmanager
        def stage(name: str) -> Iterator[Callable[[int], None]]:
            number = bar.add_task(name, total=None)
            yield lambda rows: bar.advance(number, rows)
            bar.update(number, total=bar.tasks[number].completed)

        yield stage


def _show(summary: dict[str, object], out: Path, *, learned: bool) -> None:
    for force, sentence in dict(summary["document_feed"]).items():  # type: ignore[call-overload]
        typer.echo(f"{force}: {sentence}")
    output.pairs(
        {
            name: value
            if not isinstance(value, dict)
            else ", ".join(f"{part} {number:,}" for part, number in value.items())
            for name, value in summary.items()
            if name not in ("document_feed", "policy_hash", "twins", "warnings")
        }
    )
    typer.echo(twins_in_words(summary["twins"], learned=learned))  # type: ignore[arg-type]
    for warning in summary["warnings"]:  # type: ignore[attr-defined]
        typer.echo(f"Warning: {warning}")
    typer.echo(f"Written: pairings.csv, referrals.csv, quarantine.csv, summary.json in {out}")


def twins_in_words(twins: Mapping[str, Any], *, learned: bool) -> str:
    """What is known of twins, and which rule was used for it.

    Args:
        twins: As summary.json has them.
        learned: Whether they were to be counted on the two files.
    """
    rule = TWINS_RARE if twins["rare"] else TWINS_COMMON
    if not learned:
        taken = "rare" if twins["rare"] else "common"
        return (
            "How common twins are was not counted on these files. By the weights they are taken"
            f" to be {taken}, so {rule}."
        )
    if twins["from"] != "counted":
        return f"{_uncounted(twins['documents'])}, so {rule}."
    said = "Twins are rare: at most" if twins["rare"] else "Twins may be common: as many as"
    only = "" if twins["rare"] else "only "
    return (
        f"{said} {twins['most']:.1%} of the {twins['documents']:,} documents in twos are twins,"
        f" and {only}up to {twins['allowed']:.1%} counts as rare. So {rule}."
    )


def _uncounted(documents: int) -> str:
    if documents < LEAST:
        return (
            f"Too few records to tell how common twins are ({documents:,} documents in twos,"
            f" {LEAST:,} needed)"
        )
    return "Nothing to tell how common twins are by: no document alone quotes its referral"
