"""`counterfoil sample verify`: needs no installation, no database and no Prefect."""

import re
from pathlib import Path
from typing import Annotated

import typer

from adapters import pack_file
from adapters.typeset import typesetter
from cli import output
from domain.errors import Refused, SampleRefused
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.verify import Verdict
from domain.working_paper.verify import verify as verified

_HASH = re.compile(r"[0-9a-f]{64}")


def verify(
    file: Annotated[Path, typer.Argument(metavar="PACK.zip", help="The pack.")],
    lodged: Annotated[
        list[Path] | None,
        typer.Option(help="A commitment.json as it was lodged; repeatable."),
    ] = None,
    commitment: Annotated[
        list[str] | None,
        typer.Option(metavar="SHA256", help="The hash of one, as it was lodged; repeatable."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Do everything in a pack again: 0 verified, 1 differs (the first thing named), 2 no pack.

    Frame, sizes, tickets, every number, the charts and the PDF are worked out from frames,
    seeds and judgements. Compare with what was lodged: a pack alone shows only that it agrees
    with itself.

    Example: counterfoil sample verify 2026-Q1.zip --lodged commitment.json
    """
    try:
        hashes = [
            *map(_hash, commitment or []),
            *(sha256_hex(_read(each)) for each in lodged or []),
        ]
        content = _read(file)
        try:
            found = verified(pack_file.read(content), typesetter(), tuple(hashes))
        except pack_file.PackChanged as why:
            found = Verdict(str(why))
    except Refused as why:
        output.refuse(why)
    _show(found, sha256_hex(content), json)
    output.end(needs_a_person=found.difference is not None)


def _show(found: Verdict, sha256: str, json: bool) -> None:
    if json:
        output.as_json(
            {
                "verified": found.difference is None,
                "difference": found.difference,
                "conclusion": found.conclusion,
                "notes": list(found.notes),
                "sha256": sha256,
            }
        )
    elif found.difference is not None:
        typer.echo(f"DIFFERS. {found.difference}")
    else:
        typer.echo(f"VERIFIED. {found.conclusion}\nSHA-256 of the pack: {sha256}")
        for note in found.notes:
            typer.echo(f"Note: {note}")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as why:
        raise SampleRefused(
            f"{file} could not be read ({why.strerror}). Name the file. Nothing was verified."
        ) from None


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text.strip().lower()):
        raise SampleRefused(
            "--commitment: a SHA-256 is 64 hexadecimal digits. Give it as it was printed when the"
            " frame was frozen. Nothing was verified."
        )
    return text.strip().lower()


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command("verify")(verify)
