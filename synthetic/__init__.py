"""Made-up referrals and documents with their truth, for the demo, the benchmark and tests.

Nobody and no place in them is real.  `corruptions.TABLE` lists what is done to records, with
the rates, which are assumptions.
"""

from synthetic.corruptions import TABLE, Setting
from synthetic.feeds import Feeds
from synthetic.generate import generate
from synthetic.writers import write_csv, write_jsonl, write_parquet

__all__ = [
    "TABLE",
    "Feeds",
    "Setting",
    "generate",
    "write_csv",
    "write_jsonl",
    "write_parquet",
]
