"""What to say of values that too many records share: which field, how many, and what to do.

A value itself is never named: it may be a person's.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from domain.pairing.arrays import I64
from domain.pairing.events import event_columns
from domain.pairing.frames import Records
from domain.pairing.keys import KINDS, Keys
from domain.pairing.people import people_columns
from domain.pairing.weights import Weights
from domain.wording import number_of

WORDS = {
    "reference": "quoted reference",
    "incident": "incident number and day",
    "custody": "custody number",
    "vehicle": "registration mark",
    "officer_day": "officer and day",
    "postcode_day": "postcode and day",
    "dob_week": "date of birth and week",
    "names_week": "name and week",
    "sounds_week": "name by its sound and week",
    "names_dob": "name and date of birth",
}
"""What the blocking keys of each kind are made of."""


def warnings(common: Iterable[tuple[str, I64]], weights: Weights) -> tuple[str, ...]:
    """A sentence for each kind of key with blocks left out.

    Each block is a row of the referrals and the documents in it; the one of most pairs is said.
    """
    pairs, records = int(weights.limits.block_pairs), int(weights.limits.block_records)
    return tuple(
        f"Not compared by {WORDS[kind]}:"
        f" {number_of(len(blocks), 'value is', 'values are')} shared by too many records"
        f" (up to {_most(blocks)}; the limits are {pairs:,} pairs and {records:,} records of one"
        " side). Other fields were used. Look for a placeholder in the export."
        for kind, blocks in common
        if len(blocks)
    )


def _most(blocks: I64) -> str:
    ours, theirs = blocks[blocks.prod(axis=1).argmax()]
    return (
        f"{number_of(int(ours), 'referral', 'referrals')} and"
        f" {number_of(int(theirs), 'document', 'documents')}"
    )


def by_kind(
    common: pl.DataFrame, referral_keys: pl.DataFrame, referrals: Records
) -> list[tuple[str, I64]]:
    """The records of each block left out, by the kind of its key; `common` has key, n and m.

    The kind is not stored with a key: the keys of a referral that has it are made again.
    """
    holders = referral_keys.join(common, on="key", how="semi").unique("key")["record"]
    side = referrals.only(holders.unique())
    people = people_columns(side.records, side.people)
    made = Keys(event_columns(side.records), people, "referral")
    found = []
    for kind in KINDS:
        _, keys = made.of(kind).keys()
        of_kind = common.filter(pl.col("key").is_in(np.unique(keys).view(np.int64)))
        found.append((kind, of_kind.select("n", "m").to_numpy()))
    return found
