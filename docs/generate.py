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
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import feed_fields
import judged
import pictures
from typer.main import get_command

from bench.pairing.corruptions import documented
from cli.main import app

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
WIDTH = 88
SHOWN_FLAGS = 2
"""Open flags of the demo's first list that the README shows."""


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


PARTS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "fields of a referral": ("feeds-and-maps.md", lambda: feed_fields.fields("referrals")),
    "fields of a document": ("feeds-and-maps.md", lambda: feed_fields.fields("documents")),
    "fields of a person": ("feeds-and-maps.md", feed_fields.people),
    "commands": ("commands.md", commands),
    "stored words": ("glossary.md", judged.stored_words),
    "judgements": ("states.md", judged.judgements),
    "settlements": ("states.md", judged.settlements),
    "audit actions": ("law.md", judged.audit_actions),
    "corruptions": ("benchmark-data.md", documented),
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
