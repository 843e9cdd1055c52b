"""The night's one artifact: counts and the feeds' state, no names and no numbers of people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prefect.client.schemas.objects import State

from adapters.clock import on_screen

SHOWN = (
    "referrals",
    "paired",
    "within_grace",
    "unmatched",
    "ambiguous",
    "incomplete",
    "held",
    "late",
    "exempt",
    "quarantined",
    "flags_open",
)


def markdown(
    as_of: datetime, results: Mapping[str, Mapping[str, Any]], states: Sequence[State[Any]]
) -> str:
    """The report of one night over all its forces, the state of the feeds first."""
    failed = sum(not state.is_completed() for state in states)
    lines = [f"# Night judged by {on_screen(as_of)}", ""]
    lines += [f"**{failed} of {len(states)} forces failed; see the run's log.**", ""] * bool(failed)
    lines += [
        f"- {force}: {sentence}"
        for force, counts in results.items()
        for sentence in (
            counts["feed"],
            *counts["silent"],
            *counts["work"]["pairing"]["warnings"],
        )
    ]
    lines += ["", "| force | " + " | ".join(name.replace("_", " ") for name in SHOWN) + " |"]
    lines += ["|---" * (len(SHOWN) + 1) + "|"]
    lines += [
        f"| {force} | " + " | ".join(str(counts[name]) for name in SHOWN) + " |"
        for force, counts in results.items()
    ]
    return "\n".join(lines)
