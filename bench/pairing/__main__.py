"""Measure pairing and write what was measured into docs/benchmarks.md.

    python -m bench.pairing                                 10,000 and 100,000 realistic referrals
    python -m bench.pairing --referrals 1000000 --settings realistic
    python -m bench.pairing --small                         1,000, printed and not written
    python -m bench.pairing make OUT --referrals 100000 --settings harsh
    python -m bench.pairing ceiling --referrals 100000      what the records tell, at the best

Data made before in --folder are used again.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from bench.page import PAGE, machine, write_section
from bench.pairing import (
    clear,
    contenders,
    corruptions,
    generate,
    joins,
    learned,
    night,
    report,
    runs,
)
from bench.pairing.quality import Truth, judge
from domain.pairing import default_weights


def main() -> None:
    """Read the command line and do what it asks."""
    given = _arguments().parse_args()
    WHAT[given.what](given)


def _measure(given: argparse.Namespace) -> None:
    sizes = [1_000] if given.small else given.referrals
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = given.folder or Path(temporary)
        found = [
            runs.measure(size, setting, given.seed, given.repetitions, folder, given.contenders)
            for setting in given.settings
            for size in sizes
        ]
        alone = [found_alone(one, folder, given.seed) for one in found] if given.more else []
    asked = f"--referrals {' '.join(map(str, sizes))} --settings {' '.join(given.settings)}"
    asked += f" --repetitions {given.repetitions}"
    how = f"make bench-pairing ARGS='{asked}'"
    said = f"Measured on {machine()}, by `{how}`, with seed {given.seed}."
    text = "\n\n".join([said, report.page(found), *report.more(alone)])
    print(text)
    page = given.page or (None if given.small else PAGE)
    if page is not None:
        write_section(page, f"pairing, {' and '.join(given.settings)}", text)


def found_alone(one: runs.Measured, folder: Path, seed: int) -> report.Alone:
    """What is measured without a rival: nights, names in clear, learned weights, plain joins."""
    data = runs.place(folder, one.referrals, one.setting, seed)
    truth = Truth(data)
    first, *others = night.nights(data, truth)
    seconds, pairs = night.timed(first)
    return report.Alone(
        one,
        seconds,
        1 + len(others),
        judge(pl.concat([pairs, *map(night.of_night, others)]), truth),
        clear.compared(data, default_weights()),
        learned.learned(data),
        joins.joins(data, truth),
    )


def _make(given: argparse.Namespace) -> None:
    for size in given.referrals:
        for setting in given.settings:
            place = runs.place(Path(given.rest[0]), size, setting, given.seed)
            generate.generate(place, size, setting, given.seed)


def _run(given: argparse.Namespace) -> None:
    name, data, out = given.rest
    contenders.run(name, Path(data), Path(out), given.again)


def _ceiling(given: argparse.Namespace) -> None:
    # Here and not above: nothing else needs scikit-learn.
    from bench.pairing import ceiling

    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        found = [
            one
            for size in given.referrals
            for setting in given.settings
            for one in ceiling.ceilings(Path(folder), size, setting, given.seed)
        ]
    asked = f"--referrals {' '.join(map(str, given.referrals))}"
    how = f"python -m bench.pairing ceiling {asked} --settings {' '.join(given.settings)}"
    text = f"Measured by `{how}`, with seed {given.seed}.\n\n{ceiling.page(found)}"
    print(text)
    write_section(given.page or PAGE, "what the records tell", text)


def _table(_: argparse.Namespace) -> None:
    print(corruptions.documented())


WHAT: Final[Mapping[str, Callable[[argparse.Namespace], None]]] = {
    "measure": _measure,
    "make": _make,
    "run": _run,
    "table": _table,
    "ceiling": _ceiling,
}


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.pairing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="?", choices=WHAT, default="measure")
    parser.add_argument("rest", nargs="*", help="OUT of make; NAME DATA OUT of run")
    parser.add_argument("--referrals", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument(
        "--settings", nargs="+", choices=corruptions.SETTINGS, default=["realistic"]
    )
    parser.add_argument("--contenders", nargs="+", choices=runs.ORDER, default=list(runs.ORDER))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=3, help="of each contender")
    parser.add_argument(
        "--no-more", dest="more", action="store_false", help="no night, no names in clear"
    )
    parser.add_argument("--again", action="store_true", help="run: a second time, warm")
    parser.add_argument("--small", action="store_true", help="1,000 referrals; writes no page")
    parser.add_argument("--page", type=Path, help="another page to write into")
    parser.add_argument("--folder", type=Path, help="where the data are kept")
    return parser


if __name__ == "__main__":
    main()
