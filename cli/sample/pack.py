"""`counterfoil sample pack`: the working paper as one file."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import clock, database
from adapters.login import os_user
from cli.installation import opened
from cli.sample.commit import Code
from cli.written import written_whole
from domain.errors import SampleRefused
from domain.working_paper import sha256_hex
from services.sampling import packs


def pack(
    code: Code,
    out: Annotated[Path, typer.Option(help="The file to write, .zip.")],
    marking: Annotated[str, typer.Option(help="What stands on each page.")] = "OFFICIAL",
) -> None:
    """Write the working paper of the last evaluation as one zip that anybody can verify.

    The same sample gives the same bytes. It holds draw ids and no source reference; the
    reasons that judges gave are in it as they wrote them.

    Example: counterfoil sample pack 2026-Q1 --out 2026-Q1.zip
    """
    if out.suffix.lower() != ".zip":
        raise SampleRefused(f"{out.name} is no .zip. Name the file so. Nothing was written.")
    with (
        opened() as there,
        written_whole(out) as passing,
        database.session(there.engine) as session,
    ):
        content = packs.pack(session, code, marking=marking, by=os_user(), now=clock.now())
        passing.write_bytes(content)
    typer.echo(
        f"Wrote {out}, {len(content):,} bytes. To lodge when it is handed over:"
        f"\n  {sha256_hex(content)}\nThen, by anybody: counterfoil sample verify {out}"
    )
