"""What the data's own records give without labels: how common twins are, and all weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.pairing import cleaning
from bench.pairing.contenders import NO_DECISIONS
from bench.pairing.quality import Quality, Truth, judge
from domain.pairing import (
    Records,
    Weights,
    count_twins,
    decided_anew,
    default_weights,
    pair,
    weights_with,
)
from domain.pairing.model_file import load_model, sealed
from domain.pairing.training import TrainingRefused, train


def learned(data: Path) -> dict[str, Quality]:
    """How right the pairs are by each; `learned` is left out where there are too few records."""
    sides, truth = _sides(data), Truth(data)
    shipped = default_weights()
    found = pair(*sides, NO_DECISIONS, shipped)
    twins = count_twins(found.edges, *sides, shipped).content(shipped)
    counted = weights_with(shipped, "twins", twins)
    quality = {
        "as shipped": judge(found.pairings, truth),
        "as shipped, twins counted": judge(
            decided_anew(found, *sides, NO_DECISIONS, counted).pairings, truth
        ),
    }
    weights = _trained(sides, shipped)
    if weights is not None:
        quality["learned"] = judge(pair(*sides, NO_DECISIONS, weights).pairings, truth)
    return quality


def _sides(data: Path) -> tuple[Records, Records]:
    return cleaning.referrals(data)[0], cleaning.documents(data)[0]


def _trained(sides: tuple[Records, Records], base: Weights) -> Weights | None:
    try:
        content: Mapping[str, Any] = train(*sides, NO_DECISIONS, base)
    except TrainingRefused:
        return None
    return load_model(sealed(content))
