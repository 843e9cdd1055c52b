"""Make the demo: generate, plant, part into nights, write."""

from datetime import date
from pathlib import Path
from typing import Final

from synthetic.demo.files import write_csv, write_json_lines, write_map, write_xlsx
from synthetic.demo.plan import (
    DAYS_BETWEEN,
    FORCE,
    JSON_LINES,
    NIGHTS,
    OLD_ENCODING,
    XLSX_DOCUMENTS,
    XLSX_REFERRALS,
    DemoPlan,
    Night,
    Planted,
    as_of,
)
from synthetic.demo.script import Script, script_of
from synthetic.demo.story import plant
from synthetic.feeds import Feeds
from synthetic.generate import generate_days

DEFAULT_SEED: Final = 2026
FIRST_DAY: Final = date(2025, 12, 31)
REFERRALS: Final = 260
DOCUMENTS: Final = 1300
DUPLICATED: Final = 4
"""The night whose document file is delivered again on the next, under another name."""
_KINDS: Final = {
    ("referrals", XLSX_REFERRALS): "xlsx",
    ("documents", XLSX_DOCUMENTS): "xlsx",
    ("referrals", OLD_ENCODING): "old csv",
    ("documents", JSON_LINES): "jsonl",
}


def make(folder: Path, seed: int = DEFAULT_SEED) -> DemoPlan:
    """Write the demo's files into the folder, made if need be, and say what they are.

    Equal seeds give equal bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    script = script_of(demo_feeds(seed))
    found = plant(script)
    unseen = script.never_delivered()
    truth = tuple(pair for pair in script.truth if pair[1] not in unseen)
    answered = {referral_id for referral_id, _, _ in truth}
    nights, duplicate = _nights(script, folder)
    planted = Planted(
        **found,
        undocumented=tuple(key for key in script.referrals if key not in answered),
        duplicate_file=duplicate,
        bad_rows={_name(feed, night): len(rows) for (night, feed), rows in script.bad.items()},
    )
    maps = {feed: write_map(feed, folder) for feed in ("referrals", "documents")}
    return DemoPlan(FORCE, nights, maps, planted, truth)


def demo_feeds(seed: int) -> Feeds:
    """Exampleshire's feeds over all nights, before anything is planted."""
    return generate_days(
        REFERRALS,
        DOCUMENTS,
        seed,
        setting="realistic",
        days=NIGHTS * DAYS_BETWEEN,
        forces=(FORCE,),
        start=FIRST_DAY,
    )


def _nights(script: Script, folder: Path) -> tuple[tuple[Night, ...], tuple[Path, Path]]:
    nights = []
    duplicate = folder / "none", folder / "none"
    for night in range(NIGHTS):
        files = [
            (feed, _deliver(script, feed, night, folder)) for feed in ("referrals", "documents")
        ]
        if night == DUPLICATED + 1:
            original = folder / _name("documents", DUPLICATED)
            again = original.with_stem(f"{original.stem} (2)")
            again.write_bytes(original.read_bytes())
            files.append(("documents", again))
            duplicate = original, again
        nights.append(Night(as_of(night), tuple(files)))
    return tuple(nights), duplicate


def _deliver(script: Script, feed: str, night: int, folder: Path) -> Path:
    rows = script.delivered(feed, night) + script.bad.get((night, feed), [])
    path = folder / _name(feed, night)
    kind = _KINDS.get((feed, night), "csv")
    if kind == "xlsx":
        write_xlsx(feed, rows, path)
    elif kind == "jsonl":
        write_json_lines(feed, rows, path)
    elif kind == "old csv":
        title = f"Exampleshire Police: {feed} to {as_of(night):%d/%m/%Y}"
        write_csv(feed, rows, path, encoding="cp1252", banner=title)
    else:
        write_csv(feed, rows, path)
    return path


def _name(feed: str, night: int) -> str:
    suffix = {"xlsx": "xlsx", "jsonl": "jsonl"}.get(_KINDS.get((feed, night), ""), "csv")
    return f"{feed}-{as_of(night):%Y-%m-%d}.{suffix}"
