"""Learn the weights from a force's own records, without labels and without EM.

m, how often true pairs are at a level, is counted on pairs that quote the same reference and
agree on something other than the field in question; m of the reference itself on pairs that
agree on the incident and on a date of birth.  u, how often other pairs are, is counted on
pairs drawn at random from one force and one block of 7 days, without those that the weights
in use would pair.  m and u are never estimated together: joint EM collapses on such data
(ADR 18).

The levels of `day`, and those of `gap` where the event dates cannot be compared, measure how
far away a document is; their u is in units of the block, and may exceed 1.  Where the dates
can be compared, u of `gap` is that of pairs whose event dates are as close as those of true
pairs.  How common twins are is counted on the edges (`twins`).  What is not counted
(thresholds, limits, the cap on people) is kept as it was, and so is a level that hardly occurs,
or that holds another field.
"""

import json
import math
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
import polars as pl

from domain.pairing.arrays import Bits, Flags
from domain.pairing.counting import CORROBORATION, Counted, Evidence, at, corroborated, counts
from domain.pairing.engine import pair
from domain.pairing.evidence import weigh
from domain.pairing.frames import Records
from domain.pairing.samples import BLOCK, drawn, in_reach, of_one_incident, quoting
from domain.pairing.twins import count_twins
from domain.pairing.weights import LEVELS, Weights, WeightsRefused

LEAST_LABELLED = 200
"""Pairs with a corroborated reference, and random pairs, under which nothing is learned."""
LEAST_RANDOM = 2_000
LEAST_M, LEAST_U = 50, 500
"""Pairs that can be compared on a field, under which the field's weights are kept."""
LEAST_AT = 20
"""Pairs at a level, labelled and random together, under which the level keeps its bits.

The standard error of log2(m / u) is ``sqrt(1 / m_count + 1 / u_count) / ln 2`` (Woolf 1955,
Annals of Human Genetics 19, 251-253).  Under 20 pairs it is over 0.6 bits however they are
divided; for 5 and 2 it is 1.2.  A level that is rare in one kind of pair only is counted: the
other kind bounds its bits.
"""
HOLDS_BIRTH = {"initial"}
"""Levels that are met only where births agree, because their token is made of the birth too.

Counted, they would be worth the birth's bits once more.
"""
DRAWS = 500_000
"""Pairs drawn of the block, and of the window."""
DOUBT = 1 / 256
"""The share of labels taken to be wrong, so that no disagreement is worth under -8 bits."""
PAIR = ["referral", "document"]


class TrainingRefused(WeightsRefused):
    """The records are too few, or not such that weights can be learned from them."""


def train(
    referrals: Records, documents: Records, decisions: pl.DataFrame, base: Weights
) -> dict[str, Any]:
    """A model's content (`model_file.sealed` makes a file of it), learned from two sides.

    Args:
        referrals, documents: As `pair` takes them, in any order; a draft teaches as much as
            a document that counts.
        decisions: DECISION_SCHEMA; what people confirmed is not drawn as a random pair.
        base: The weights in use, for what is not counted and for leaving true pairs out.

    Raises:
        TrainingRefused: Too little to count, or people whose tokens never agree.
    """
    documents = in_reach(referrals, documents, base)
    documents = Records(documents.records.with_columns(live=pl.lit(True)), documents.people)
    paired = pair(referrals, documents, decisions, base)
    seen = _gather(referrals, documents, paired.pairings.select(PAIR), base)
    _refuse_too_little(seen)
    kept = json.loads(base.text)
    fields = {name: dict(kept["fields"][name]) for name in LEVELS}
    for field, names, counted in counts(seen):
        fields[field] |= _levels(field, names, counted, base)
    true_pairs = seen.labelled.height / _quoting_share(seen)
    return {
        **kept,
        "source": "Counted on a force's own records, without labels.",
        "trained": _summary(referrals, documents, seen, true_pairs, base),
        "prior": _rounded(math.log2(true_pairs / seen.block_drawn.total)),
        "fields": fields,
        "twins": count_twins(paired.edges, referrals, documents, base).content(base),
    }


def _gather(
    referrals: Records, documents: Records, paired: pl.DataFrame, base: Weights
) -> Evidence:
    block = drawn(referrals, documents, base, BLOCK, DRAWS)
    whole = timedelta(days=base.limits.days_before + base.limits.days_after)
    window = drawn(referrals, documents, base, whole, DRAWS)
    left, right = _single(referrals), _single(documents)

    def weighed(pairs: pl.DataFrame) -> pl.DataFrame:
        return weigh(pairs, referrals, documents, base).with_columns(
            single=pl.col("referral").is_in(left.implode())
            & pl.col("document").is_in(right.implode())
        )

    labelled = (
        weighed(quoting(referrals, documents, base))
        .with_columns(**{f"agrees_{name}": agrees for name, agrees in CORROBORATION.items()})
        .filter(corroborated())
    )
    return Evidence(
        labelled=labelled,
        sure=weighed(of_one_incident(referrals, documents, base)).filter(at("dob", "same")),
        block=weighed(block.pairs.join(paired, on=PAIR, how="anti")),
        window=weighed(window.pairs.join(paired, on=PAIR, how="anti")),
        block_drawn=block,
        window_drawn=window,
    )


def _single(side: Records) -> pl.Series:
    """The keys of records that name one person, so that it is known who is compared."""
    return side.people.group_by("record").len().filter(pl.col("len") == 1)["record"]


def _refuse_too_little(seen: Evidence) -> None:
    nothing = "Nothing was learned; keep the weights in use, or train on a longer time."
    if seen.labelled.height < LEAST_LABELLED:
        raise TrainingRefused(
            f"Training needs at least {LEAST_LABELLED} pairs that quote the same reference and"
            f" agree on something else, and there are {seen.labelled.height}. {nothing}"
        )
    if seen.block.height < LEAST_RANDOM:
        raise TrainingRefused(
            f"Training needs at least {LEAST_RANDOM} pairs of one force and one week to draw"
            f" from, and there are {seen.block.height}. {nothing}"
        )
    comparable = seen.labelled.filter(pl.col("l_dob") > 0)
    if comparable.height >= LEAST_M and comparable.filter(at("dob", "same")).is_empty():
        raise TrainingRefused(
            f"Of {comparable.height} pairs with a corroborated reference and dates of birth on"
            " both sides, none agrees on one: the person tokens of the two feeds were made with"
            " different keys. Deliver both feeds with one key. Nothing was learned."
        )


def _quoting_share(seen: Evidence) -> float:
    """Of pairs that agree on incident and date of birth, how many quote the very reference."""
    exact = seen.sure.filter(at("reference", "exact")).height
    if exact < LEAST_M:
        raise TrainingRefused(
            f"Training needs at least {LEAST_M} pairs that agree on incident, date of birth and"
            f" reference, and there are {exact}. Nothing was learned; keep the weights in use."
        )
    return exact / seen.sure.height


def _levels(
    field: str, names: tuple[str, ...], counted: Counted, base: Weights
) -> dict[str, dict[str, Any]]:
    """The levels as the file holds them.

    Half a pair is added to each count (Jeffreys), and m is mixed with DOUBT of other pairs.
    """
    if counted.m_of < LEAST_M or counted.u_of < LEAST_U:
        found = f"{counted.m_of:.0f} and {counted.u_of:.0f} pairs to count on"
        why, whole = f"kept from {base.version}: {found}", base.content("fields")[field]
        return {name: {**whole[name], "from": why} for name in names}
    more = len(names) / 2
    m = (counted.m + 0.5) / (counted.m_of + more)
    u = (counted.u + 0.5) / (counted.u_of + more)
    m = (1 - DOUBT) * m + DOUBT * u / max(u.sum(), 1.0)
    few = counted.m + counted.u < LEAST_AT
    kept = few | np.array([name in HOLDS_BIRTH for name in names])
    used = np.array([base.bits[field][LEVELS[field].index(name) + 1] for name in names])
    bits = _no_more_than_counted(used, np.log2(m / u), kept)
    reason = np.where(few, "too few pairs at this level", "the birth in it is counted already")
    lowered = np.where(bits < used, ", lowered to that of another", "")
    m, u = _with_bits(bits, kept, m, u)
    return {
        name: {
            "m": _rounded(m[place]),
            "u": _rounded(u[place]),
            "m_count": int(counted.m[place]),
            "m_of": int(counted.m_of),
            "u_count": round(counted.u[place]),
            "u_of": round(counted.u_of),
            "from": f"kept from {base.version}: {reason[place]}{lowered[place]}"
            if kept[place]
            else "counted",
        }
        for place, name in enumerate(names)
    }


def _no_more_than_counted(used: Bits, bits: Bits, kept: Flags) -> Bits:
    """The bits in use of kept levels, held under those counted of a level that was worth more.

    Otherwise an incident number without its day could come to be worth more than with it.
    """
    worth_more = (used[None, :] > used[:, None]) & ~kept[None, :]
    most = np.where(worth_more, bits[None, :], np.inf).min(axis=1)
    held: Bits = np.minimum(used, most)
    return held


def _with_bits(bits: Bits, kept: Flags, m: Bits, u: Bits) -> tuple[Bits, Bits]:
    """m and u that give the kept levels these bits: u as counted, unless m came to over a half."""
    m = np.where(kept, np.minimum(u * 2**bits, 0.5), m)
    return m, np.where(kept, m / 2**bits, u)


def _summary(
    referrals: Records, documents: Records, seen: Evidence, true_pairs: float, base: Weights
) -> dict[str, Any]:
    made = referrals.records["at"]
    return {
        "referrals": referrals.records.height,
        "documents": documents.records.height,
        "forces": sorted(referrals.records["force"].drop_nulls().unique()),
        "first_day": cast(datetime, made.min()).date().isoformat(),
        "last_day": cast(datetime, made.max()).date().isoformat(),
        "labelled_pairs": seen.labelled.height,
        "incident_and_birth_pairs": seen.sure.height,
        "true_pairs_estimated": round(true_pairs),
        "block_pairs": seen.block_drawn.total,
        "random_pairs": seen.block.height,
        "base": {"version": base.version, "hash": base.hash},
    }


def _rounded(value: float) -> float:
    """Six digits, so that the file is the same on every machine."""
    return float(f"{value:.6g}")
