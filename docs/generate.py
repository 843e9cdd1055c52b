"""Write the parts of the documentation that follow from the code.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end of NAME -->``.
Everything outside the markers is written by hand and left alone.

    python docs/generate.py             write what is out of date
    python docs/generate.py --check     change nothing; end with 1 if anything is out of date
    python docs/generate.py --demo      run the demo, and put what it printed into the README

What the demo prints takes half a minute to make, so --check does not look at it.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pictures
from typer.main import get_command

from adapters.feeds.aliases import FIELDS, KNOWN, PERSON_COLUMNS, PERSON_FIELDS
from adapters.holidays import calendar_for
from adapters.policies import load_policies
from cli.main import app
from domain import words
from domain.audit_trail import KINDS
from domain.obligation import DocumentFacts, ExemptionFacts, ReferralFacts, judge
from schemas.validation import contract
from services.flags import SETTLEMENTS

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
WIDTH = 88
SHOWN_FLAGS = 2
"""Open flags of the demo's first list that the README shows."""

REFERRED = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
GRADED = frozenset({"source_evaluation", "intelligence_assessment", "handling_code"})


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()


def fields(feed: str) -> str:
    """A contract's fields: what each is, its form, and the headings known for it."""
    schema = contract(feed)
    required = set(schema["required"])
    rows = [
        (
            f"`{name}`",
            "yes" if name in required else "",
            said["description"],
            _form(said),
            _headings(feed, name),
        )
        for name, said in schema["properties"].items()
        if name in FIELDS[feed]
    ]
    return table(("Field", "Required", "What it is", "Form", "Headings known without a map"), rows)


def people() -> str:
    """The fields of a person, as both contracts have them."""
    schema = contract("referrals")["$defs"]["person"]["properties"]
    column_of = {field: column for column, field in PERSON_COLUMNS.items()}
    rows = [
        (
            f"`{name}`",
            f"`{column_of[name]}`",
            schema[name]["description"],
            _form(schema[name]),
            _headings("referrals", column_of[name]),
        )
        for name in PERSON_FIELDS
    ]
    names = ("Field", "Column, one row a person", "What it is", "Form", "Headings known")
    return table(names, rows)


def _form(said: Mapping[str, Any]) -> str:
    """A property's rules in words."""
    if "enum" in said:
        return "one of " + ", ".join(f"`{word}`" for word in said["enum"] if word is not None)
    if said.get("format") == "date-time":
        return "instant"
    if said.get("format") == "date":
        return "day"
    if "maxItems" in said:
        return f"list of at most {said['maxItems']}"
    return f"text of at most {said['maxLength']} characters"


def _headings(feed: str, name: str) -> str:
    shown = KNOWN[feed][name]
    return ", ".join(f"`{heading}`" for heading in shown)


def commands() -> str:
    """The help of every command, in the order of the top-level help."""
    root = get_command(app)
    return "\n\n".join(_help(root, "counterfoil", None))


def _help(command: Any, name: str, parent: Any) -> Iterator[str]:
    context = command.context_class(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"## {context.command_path}\n\n```text\n{text}\n```"
    for below, each in getattr(command, "commands", {}).items():
        yield from _help(each, below, context)


def stored_words() -> str:
    """Every word that the database and the files hold."""
    kinds = (
        words.Feed,
        words.PairingState,
        words.Obligation,
        words.Completeness,
        words.FlagKind,
        words.FlagState,
        words.FlagChange,
        words.Settlement,
        words.Role,
        words.Band,
        words.Verdict,
        words.RunState,
    )
    return table(("Axis", "Says", "Words"), [_word(kind) for kind in kinds])


def _word(kind: type[StrEnum]) -> tuple[str, str, str]:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
    return name, (kind.__doc__ or "").splitlines()[0], ", ".join(f"`{word}`" for word in kind)


def judgements() -> str:
    """What `judge` answers to one referral in each situation, with the default policy."""
    names = ("Situation", "pairing", "obligation", "completeness", "flag", "held")
    return table(names, [_judged(*case) for case in _cases()])


def _cases() -> Iterator[tuple[str, float, str, list[DocumentFacts], dict[str, Any]]]:
    """Situations of a referral of Monday 14:00 with 72 hours: hours gone, and the facts."""
    yield "no document, within grace", 24, "unpaired", [], {}
    yield "no document, grace over", 96, "unpaired", [], {}
    yield "document in time", 96, "paired", [_document(20)], {}
    yield "document after the grace period", 96, "paired", [_document(80)], {}
    short = _document(20, GRADED - {"handling_code"})
    yield "document in time, a grading missing", 96, "paired", [short], {}
    yield "the same, within grace", 24, "paired", [short], {}
    yield "only a draft, grace over", 96, "paired", [_document(20, status="draft")], {}
    yield "only a withdrawn one, grace over", 96, "paired", [_document(20, status="withdrawn")], {}
    yield "two documents too close to choose, within grace", 24, "ambiguous", [], {}
    yield "two documents too close to choose, grace over", 96, "ambiguous", [], {}
    yield (
        "no document, grace over, feed trusted to an earlier instant",
        96,
        "unpaired",
        [],
        {"trusted_until": REFERRED + timedelta(hours=48)},
    )
    exemption = ExemptionFacts(REFERRED, None, "held on a restricted system")
    yield "approved exemption, grace over", 96, "unpaired", [], {"exemption": exemption}


def _document(
    hours: float, present: frozenset[str] = GRADED, status: str = "submitted"
) -> DocumentFacts:
    return DocumentFacts(
        "URN", REFERRED + timedelta(hours=hours), status, "3x5x2 intelligence report", present
    )


def _judged(
    situation: str,
    hours: float,
    pairing: str,
    documents: list[DocumentFacts],
    more: dict[str, Any],
) -> tuple[str, ...]:
    as_of = REFERRED + timedelta(hours=hours)
    policy = load_policies(None).at(REFERRED)
    it = judge(
        ReferralFacts(REFERRED),
        pairing=pairing,
        documents=documents,
        policy=policy,
        calendar=calendar_for(policy),
        as_of=as_of,
        **{"trusted_until": as_of} | more,
    )
    answers = (it.pairing, it.obligation, it.completeness, it.flag)
    return (situation, *(str(each or "") for each in answers), "yes" if it.held else "")


def settlements() -> str:
    """How an open flag is settled by itself, by the referral's obligation."""
    rows = [(f"`{state}`", f"`{settled}`") for state, settled in SETTLEMENTS.items()]
    completed = f"`{words.Obligation.SATISFIED}`, where the flag was `incomplete`"
    rows.append((completed, f"`{words.Settlement.COMPLETED}`"))
    return table(("The referral becomes", "The flag is settled as"), rows)


def audit_actions() -> str:
    """The trail's words by the kind of operation."""
    kinds: dict[str, list[str]] = {}
    for action, kind in KINDS.items():
        kinds.setdefault(kind, []).append(f"`{action}`")
    return table(("Kind", "Words"), [(kind, ", ".join(said)) for kind, said in kinds.items()])


PARTS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "fields of a referral": ("feeds-and-maps.md", lambda: fields("referrals")),
    "fields of a document": ("feeds-and-maps.md", lambda: fields("documents")),
    "fields of a person": ("feeds-and-maps.md", people),
    "commands": ("commands.md", commands),
    "stored words": ("glossary.md", stored_words),
    "judgements": ("states.md", judgements),
    "settlements": ("states.md", settlements),
    "audit actions": ("law.md", audit_actions),
}


PICTURES: Mapping[str, Callable[[], str]] = {"images/waterfall.svg": pictures.evidence}


def put(text: str, name: str, part: str) -> str:
    """`text` with the part between its markers; LookupError if they are not there once each."""
    start, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
    if text.count(start) != 1 or text.count(end) != 1:
        raise LookupError(f"The markers of {name} are not there once each.")
    before, rest = text.split(start)
    _, after = rest.split(end)
    return f"{before}{start}\n{part}\n{end}{after}"


def generated() -> Iterator[tuple[Path, str, str]]:
    """Each generated file, whole or in parts: its path, what it holds, what it should hold."""
    for file in dict.fromkeys(file for file, _ in PARTS.values()):
        path = DOCS / file
        held = wanted = path.read_text("utf-8")
        for name, (where, make) in PARTS.items():
            if where == file:
                wanted = put(wanted, name, make())
        yield path, held, wanted
    for file, draw in PICTURES.items():
        path = DOCS / file
        yield path, path.read_text("utf-8") if path.exists() else "", draw()


def demo_output() -> str:
    """What the demo prints, with all but the first open flags left out."""
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "cli", "demo", "--folder", f"{folder}/demo"],
            cwd=ROOT,
            env=os.environ | {"COLUMNS": "96"},
            capture_output=True,
            text=True,
            check=True,
        )
    return f"```text\n{_shortened(said.stdout)}\n```"


def _shortened(said: str) -> str:
    summary, _, rest = said.partition("Unmatched the longest")
    flags, _, _ = rest.partition("\nThis was")
    unmatched, _, ambiguous = flags.partition("\nAmbiguous")
    heads = [at.start() for at in re.finditer(r"(?m)^  \S", unmatched)]
    stop = heads[SHOWN_FLAGS] if len(heads) > SHOWN_FLAGS else len(unmatched)
    parts = [summary.strip("\n"), f"\nUnmatched the longest{unmatched[:stop].rstrip()}\n  ..."]
    if ambiguous:
        parts.append(f"\nAmbiguous{ambiguous.rstrip()}")
    return "\n".join(line.rstrip() for part in parts for line in part.splitlines())


def main() -> None:
    """Read the command line, then write or compare."""
    parser = argparse.ArgumentParser(description="The generated parts of the documentation.")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if out of date")
    parser.add_argument("--demo", action="store_true", help="run the demo for the README too")
    given = parser.parse_args()
    stale = [(path, wanted) for path, held, wanted in generated() if held != wanted]
    if given.demo and not given.check:
        readme = ROOT / "README.md"
        stale.append((readme, put(readme.read_text("utf-8"), "demo", demo_output())))
    for path, wanted in stale:
        if not given.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted, "utf-8")
        sys.stdout.write(f"{'Out of date' if given.check else 'Written'}: {path.name}\n")
    if given.check and stale:
        sys.exit("Run: python docs/generate.py")


if __name__ == "__main__":
    main()
