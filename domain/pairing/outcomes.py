"""What became of each referral, and why."""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Flags
from domain.pairing.board import EXCUSES
from domain.pairing.frames import OUTCOME_SCHEMA

STRONGEST_FIRST = (
    "confirmed_by_person",
    "reference_corroborated",
    "event_and_person",
    "person_of_incident",
    "override_conflict",
    "ambiguous",
    "needs_review",
)
"""The rules of pairings; a referral with several is described by the first of them."""
_DOUBT = ("override_conflict", "ambiguous")
_STATES = ("paired", "ambiguous", "unpaired")


def outcomes(referrals: pl.DataFrame, of: I64, made: Flags, rule: I64, excuse: I64) -> pl.DataFrame:
    """One row a referral (OUTCOME_SCHEMA), sorted by its key.

    Args:
        referrals: The records, whose keys are named.
        of: For each pairing the row of its referral.
        made: Whether it was made; if not, it is one that a person is asked about.
        rule: The place of its rule in STRONGEST_FIRST.
        excuse: For each referral the place in EXCUSES of why it would have no pairing.
    """
    rules = len(STRONGEST_FIRST)
    best = np.full(referrals.height, 2 * rules)
    np.minimum.at(best, of, np.where(made, rule, rules + rule))
    doubtful = np.isin(best % rules, [STRONGEST_FIRST.index(name) for name in _DOUBT])
    state = np.where(best < rules, 0, np.where(doubtful & (best < 2 * rules), 1, 2))
    reason = np.where(best < 2 * rules, best % rules, rules + excuse)
    return pl.DataFrame(
        {
            "referral": referrals["key"],
            "state": pl.Series(_STATES).gather(state),
            "reason": pl.Series((*STRONGEST_FIRST, *EXCUSES)).gather(reason),
        },
        schema=OUTCOME_SCHEMA,
    ).sort("referral")
