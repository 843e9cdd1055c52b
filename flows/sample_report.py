"""What a run of a sample leaves to read: counts, hashes and sentences, and no item."""

from collections.abc import Iterable, Mapping
from typing import Any


def frozen(sample: str, made: Mapping[str, Any]) -> str:
    """What to do between the freeze and the seed."""
    lines = _counts(made, ("items", "known", "to_draw", "accepted"))
    return (
        f"# Sample {sample} is frozen\n\n{lines}\n\n"
        f"Lodge this hash with somebody else before anybody rolls a die:\n\n"
        f"    {made['to_lodge']}\n\n"
        f"The files are in `{made['folder']}` of the installation. Then run this deployment"
        " again with the dice."
    )


def drawn(sample: str, made: Mapping[str, Any]) -> str:
    """The seed, so that anybody can draw the same."""
    return (
        f"# Sample {sample} is drawn\n\n{_counts(made, ('drawn',))}\n\n"
        f"The seed is `{made['seed']}`. Judges get their items from"
        f" `counterfoil sample worksheet {sample}`."
    )


def evaluated(sample: str, made: Mapping[str, Any]) -> str:
    """The conclusion with what it does not show."""
    limits = "\n".join(f"- {sentence}" for sentence in made["limitations"])
    return (
        f"# Sample {sample}: {made['outcome']}\n\n{made['conclusion']}\n\n"
        f"What this does not show:\n\n{limits}"
    )


def _counts(made: Mapping[str, Any], names: Iterable[str]) -> str:
    return "\n".join(f"- {name.replace('_', ' ')}: {made[name]:,}" for name in names)
