"""Measure Counterfoil and write what was measured into docs/benchmarks.md.

    python -m bench                             a night, with little history and with much
    python -m bench --postgresql                the same on PostgreSQL
    python -m bench --small                     both in little, printed and not written
    python -m bench check --referrals 1000000   the dry run
    python -m bench full-pass --postgresql      one force's full pass, by its history

Takes everything into a temporary folder (--folder names one on a larger disk).
"""

import argparse
import logging
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from bench import databases, dry_run, full_pass, intake, nights
from bench.databases import NewDatabase
from bench.page import PAGE, machine, write_section

SMALL_NIGHTS = nights.Plan(little=120, much=280, referrals_a_night=40, nights=2, untimed=1)
SMALL_INTAKE = intake.Plan(rows=500, repetitions=2)


def main() -> None:
    """Read the command line, measure, print, write."""
    given = _arguments()
    logging.disable(logging.INFO)
    {"night": _night, "check": _check, "full-pass": _full_pass}[given.what](given)


def _database(
    given: argparse.Namespace,
) -> tuple[Callable[[], AbstractContextManager[NewDatabase]], str]:
    if given.postgresql:
        return databases.postgresql, "PostgreSQL"
    return databases.sqlite, "SQLite"


def _night(given: argparse.Namespace) -> None:
    database, name = _database(given)
    of_nights = SMALL_NIGHTS if given.small else nights.Plan()
    of_intake = SMALL_INTAKE if given.small else intake.Plan()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, database() as new:
        taken = intake.measure(of_intake, Path(folder), new)
        lived = nights.measure(of_nights, Path(folder), new)
    text = "\n\n".join(
        [
            f"Measured on {machine()}, by `make bench`.",
            nights.page(lived, name),
            intake.page(taken, name),
        ]
    )
    _publish(given, "a night" if name == "SQLite" else f"a night on {name}", text)


def _check(given: argparse.Namespace) -> None:
    sizes, repetitions = ([300], 1) if given.small else (given.referrals, given.repetitions)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        found = dry_run.measure(sizes, repetitions, Path(folder))
    how = f"python -m bench check --referrals {' '.join(map(str, sizes))}"
    text = f"Measured on {machine()}, by `{how}`.\n\n{dry_run.page(found)}"
    _publish(given, "the dry run", text)


def _full_pass(given: argparse.Namespace) -> None:
    small = [full_pass.History(200, 2)]
    histories, repetitions = (small, 2) if given.small else (given.histories, given.repetitions)
    database, name = _database(given)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, database() as new:
        found = full_pass.measure(histories, repetitions, Path(folder), new)
    option = " --postgresql" if given.postgresql else ""
    how = f"python -m bench full-pass{option} --histories {' '.join(map(str, histories))}"
    text = f"Measured on {machine()}, by `{how}`.\n\n{full_pass.page(found, name)}"
    _publish(given, f"a full pass on {name}", text)


def _publish(given: argparse.Namespace, section: str, text: str) -> None:
    """Print the text, and put it into the page unless the run was a small one."""
    print(text)
    page = given.page or (None if given.small else PAGE)
    if page is not None:
        write_section(page, section, text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="?", choices=("night", "check", "full-pass"), default="night")
    parser.add_argument("--small", action="store_true", help="under a minute; writes no page")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument(
        "--referrals", type=int, nargs="+", default=[10_000, 100_000], help="sizes, of check"
    )
    parser.add_argument(
        "--histories",
        type=full_pass.History.read,
        nargs="+",
        default=[full_pass.History(200, 12), full_pass.History(200, 120)],
        help="of full-pass: 200x120 is 200 referrals a month for 120 months",
    )
    parser.add_argument(
        "--repetitions", type=int, default=3, help="of each size, of check and full-pass"
    )
    parser.add_argument("--page", type=Path, help="another page to write into")
    parser.add_argument("--folder", type=Path, help="where the temporary folder is made")
    return parser.parse_args()


if __name__ == "__main__":
    main()
