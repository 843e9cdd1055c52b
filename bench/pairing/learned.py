"""What learning gives: the engine with weights learned from the data's own records."""

from pathlib import Path

from bench.pairing import cleaning
from bench.pairing.contenders import NO_DECISIONS
from bench.pairing.quality import Quality, Truth, judge
from domain.pairing import default_weights, pair
from domain.pairing.model_file import load_model, sealed
from domain.pairing.training import TrainingRefused, train


def learned(data: Path) -> Quality | None:
    """How right the pairs are by weights learned without labels; None of too few records."""
    (ours, _), (theirs, _) = cleaning.referrals(data), cleaning.documents(data)
    try:
        content = train(ours, theirs, NO_DECISIONS, default_weights())
    except TrainingRefused:
        return None
    return judge(
        pair(ours, theirs, NO_DECISIONS, load_model(sealed(content))).pairings, Truth(data)
    )
