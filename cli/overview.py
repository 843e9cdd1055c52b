"""The summary that a bureau sergeant reads: the state of the feed first, then the counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.padding import Padding
from rich.text import Text

from adapters.clock import on_screen
from cli.output import console
from services.contradicted import OpenContradiction
from services.summary import OpenFlag, Summary

LINES = (
    ("referrals", "referrals made to NCCU"),
    ("paired", "paired with an intelligence document"),
    ("late", "of those, submitted after the grace period"),
    ("within_grace", "unpaired and still within grace: nothing to do yet"),
    ("unmatched", "UNMATCHED: grace is over and no document answers"),
    ("ambiguous", "AMBIGUOUS: two possible pairings that the records do not tell apart"),
    ("incomplete", "INCOMPLETE: paired, but required fields are missing"),
    ("held", "held: would be flagged, but the feed cannot be trusted"),
    ("exempt", "exempt"),
    ("settled_late", "flags settled by themselves when a late document came"),
    ("quarantined", "rows refused (counterfoil quarantine list)"),
)

SETTLED_BY = (
    "To settle one: counterfoil explain REFERRAL URN, then counterfoil decision confirm or reject."
)
DIFFERS = {
    "not_made": "paired by a night; the full pass would not pair them",
    "not_standing": "not paired by a night; the full pass would pair them",
}


def show(summary: Summary) -> None:
    """Print one force's summary."""
    out = console()
    when = f", judged by {on_screen(summary.as_of)}" if summary.as_of else ""
    out.print(f"\n{summary.force}{when}", style="bold")
    out.print(summary.feed_sentence, style="bold red" if summary.feed_problem else None)
    for alarm in summary.alarms:
        out.print(f"Alarm: {alarm}")
    out.print()
    counts(summary.counts)
    _flags("Unmatched the longest", summary.oldest, summary.counts["unmatched"])
    _flags("Ambiguous", summary.ambiguous, summary.counts["ambiguous"])
    _flags("Incomplete", summary.incomplete, summary.counts["incomplete"])
    if summary.contradictions:
        console().print(
            f"\nThe full pass pairs otherwise: {summary.contradictions:,}", style="bold"
        )
        contradictions(summary.contradicted)


def contradictions(rows: Sequence[OpenContradiction]) -> None:
    """Print contradictions, each with what differs, and then how a person settles them."""
    for row in rows:
        _indented(f"{row.referral_id} and {row.urn}: {DIFFERS[row.kind]}", 2)
    if rows:
        _indented(SETTLED_BY, 2)


def counts(numbers: Mapping[str, int]) -> None:
    """Print the counts, each with what it counts."""
    for name, words in LINES:
        if name in numbers:
            console().print(f"  {numbers[name]:>7,}  {words}")


def _flags(title: str, flags: Sequence[OpenFlag], of: int) -> None:
    """Print some of the `of` open flags of one kind, and where the others are."""
    if not flags:
        return
    out = console()
    out.print(f"\n{title}", style="bold")
    for flag in flags:
        _indented(
            f"{flag.referral_id}  referred {on_screen(flag.referred_at)},"
            f" grace ended {on_screen(flag.grace_ends_at)}",
            2,
        )
        _why(flag)
    if of > len(flags):
        _indented(f"and {of - len(flags):,} more: counterfoil status --all", 2)


def _why(flag: OpenFlag) -> None:
    if flag.kind != "unmatched" or not flag.nearest:
        _indented(flag.reason, 6)
    for near in flag.nearest[: 2 if flag.kind == "ambiguous" else 1]:
        _indented(f"nearest {nearest(near)}", 6)
    if not flag.nearest and flag.kind != "incomplete":
        _indented("no document shares anything with it", 6)


def _indented(text: str, by: int) -> None:
    console().print(Padding(Text(text), (0, 0, 0, by)))


def nearest(near: Mapping[str, Any]) -> str:
    """A nearest document in words: which, how near, what disagrees."""
    status = "" if near["live"] else f", {near['status'] or 'not of a type that counts'}"
    return f"{near['urn']} ({near['weight']:+.1f} bits{status}): {near['words']}"
