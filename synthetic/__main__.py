"""Write made-up feeds into a folder: ``python -m synthetic --referrals 10000 --seed 7 --out x``."""

import argparse
from datetime import date
from pathlib import Path

from synthetic.corruptions import SETTINGS
from synthetic.generate import DEFAULT_START, generate
from synthetic.writers import write_csv, write_jsonl, write_parquet

WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


def main() -> None:
    """Read the command line, generate, write."""
    parser = argparse.ArgumentParser(prog="python -m synthetic", description=__doc__)
    parser.add_argument("--referrals", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--setting", choices=SETTINGS, default="realistic")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--forces", nargs="+", help="short codes; default: as many as it takes")
    parser.add_argument("--documents-per-referral", type=float, default=5.0)
    parser.add_argument("--start", type=date.fromisoformat, default=DEFAULT_START)
    parser.add_argument("--format", choices=sorted(WRITERS), default="csv")
    parser.add_argument("--out", type=Path, required=True, help="folder, made if need be")
    given = parser.parse_args()
    feeds = generate(
        given.referrals,
        given.seed,
        given.setting,
        given.months,
        given.forces,
        given.documents_per_referral,
        given.start,
    )
    WRITERS[given.format](feeds, given.out)


if __name__ == "__main__":
    main()
