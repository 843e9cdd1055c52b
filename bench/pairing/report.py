"""What the pairing benchmark says: tables of time, of rightness and of each kind of pair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.page import GIGABYTE, table
from bench.pairing.clear import Found
from bench.pairing.corruptions import DECOYS
from bench.pairing.joins import Joined
from bench.pairing.night import NEW, NIGHTS, OPEN, warm
from bench.pairing.quality import Quality, Share
from bench.pairing.runs import ORDER, UNCOUNTED, Measured, exponents

NAMES: Final = {
    "limit": "limit",
    "engine": "engine, raw",
    "stored": "engine, stored",
    "splink": "Splink",
}
_EXPLAINED: Final = (
    "The limit reads the four Parquet tables and joins them once on the reference. The engine"
    " starts from the same raw tables, or from stored cleaned columns, with the weights that"
    " ship, which take twins to be common. Splink 5 on DuckDB is"
    " given the cleaned columns for nothing; its time is training and linking, and of its"
    " scores the threshold is taken that the truth shows to be best (the highest F1), which"
    " flatters it. Contenders take turns in processes of their own; seconds are the least of"
    " {times}, memory the most. Warm is a second run in the same process, when what a contender"
    " loads has been loaded."
)


@dataclass(frozen=True)
class Alone:
    """What is measured without a rival, on the data of a measured size."""

    of: Measured
    night: Sequence[float]
    nights: int
    paired: Quality
    names: Mapping[str, Found]
    learned: Mapping[str, Quality]
    joins: Mapping[str, Joined]


def page(found: Sequence[Measured]) -> str:
    """The section's text."""
    times = max(len(runs) for one in found for runs in one.runs.values())
    turns = "one run" if times == 1 else f"{times} runs"
    parts = [
        _EXPLAINED.format(times=turns),
        table(
            ("Data", "Contender", "Seconds", "of the limit", "Warm, s", "Memory, GB", "Stages"),
            _times(found),
        ),
        *_growth(found),
        table(
            ("Data", "Contender", "Pairs made", "False", "per 100,000 (95% interval)", "Recall",
             "Sent to review"),
            _rightness(found),
        ),
        "\n".join(_rival(found)),
        table(("Data", "Kind of true pair", "There are", "Made", "To review"), _kinds(found)),
        table(
            ("Data", "Document of a pair that is not true", "Made", "By Splink", "Put to a person"),
            _false(found),
        ),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _data(one: Measured) -> str:
    return f"{one.setting}, {one.referrals:,}"


def _times(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in found:
        for name in (name for name in ORDER if name in one.runs):
            best = one.best(name)
            stages = (f"{key} {value:.2f} s, {best.held[key] / GIGABYTE:.2f} GB"
                      for key, value in best.seconds.items()
                      if key not in ("whole", UNCOUNTED))  # fmt: skip
            rows.append((
                _data(one), NAMES[name], f"{best.whole:.2f}", _over(one, name, "limit"),
                f"{one.warm(name):.2f}",
                f"{max(run.memory for run in one.runs[name]) / GIGABYTE:.2f}", "; ".join(stages),
            ))  # fmt: skip
    return rows


def _over(one: Measured, name: str, other: str) -> str:
    if other not in one.runs:
        return "-"
    return f"{one.best(name).whole / one.best(other).whole:.1f} times"


def _growth(found: Sequence[Measured]) -> list[str]:
    lines = []
    for setting in dict.fromkeys(one.setting for one in found):
        sized = [one for one in found if one.setting == setting]
        for name in ORDER:
            for low, high, power in exponents(sized, name):
                lines.append(
                    f"- {NAMES[name]}, {setting}: from {low:,} to {high:,} referrals time grows"
                    f" with the power {power:.2f}."
                )
    for one in found:
        for name in ("engine", "stored"):
            if "splink" in one.runs and name in one.runs:
                warm = one.warm("splink") / one.warm(name)
                lines.append(f"- {_data(one)}: Splink takes {_over(one, 'splink', name)} as long"
                             f" as the {NAMES[name]}; warm, {warm:.1f} times.")  # fmt: skip
    return ["\n".join(lines)]


def per_100k(share: Share) -> str:
    """A rate in 100,000, with its interval."""
    low, high = share.interval
    return f"{share.value * 1e5:.1f} ({low * 1e5:.1f} to {high * 1e5:.1f})"


def percent(share: Share) -> str:
    """A share; a dash of nothing."""
    return f"{share.value:.2%}" if share.of else "-"


def _rightness(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    return [
        (
            _data(one), NAMES[name], f"{it.wrong.of:,}", f"{it.wrong.count:,}",
            per_100k(it.wrong), percent(it.found), percent(it.review),
        )
        for one in found
        for name, it in one.quality.items()
    ]  # fmt: skip


def _rival(found: Sequence[Measured]) -> list[str]:
    lines = []
    for one in found:
        if one.rival:
            best, safe = one.rival
            lines.append(
                f"- {_data(one)}: Splink's best F1 is {best.f1:.3f} at {best.bits:.1f} bits; with"
                f" at most 1 false in 10,000 (from {safe.bits:.1f} bits) its recall is"
                f" {safe.recall:.1%}."
            )
    return lines


def _of_engine(one: Measured) -> Quality | None:
    return one.quality.get("engine") or one.quality.get("stored")


def _kinds(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in found:
        ours = _of_engine(one)
        if ours is None:
            continue
        for kind, share in ours.recall.items():
            rows.append(
                (_data(one), kind, f"{share.of:,}", percent(share), percent(ours.to_review[kind]))
            )
    return rows


def _false(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    kinds = (*(name.removeprefix("decoy_") for name in DECOYS), "another's document", "unrelated")
    rows: list[tuple[str, ...]] = []
    for one in found:
        sides = (_of_engine(one), one.quality.get("splink"))
        for kind in kinds:
            counts = [f"{side.false.get(kind, 0):,}" if side else "-" for side in sides]
            counts.append(f"{sides[0].offered.get(kind, 0):,}" if sides[0] else "-")
            rows.append((_data(one), kind.replace("_", " "), *counts))
    return rows


def more(alone: Sequence[Alone]) -> Iterator[str]:
    """Plain joins, nights, names in clear, and weights that were learned."""
    if not alone:
        return
    yield "What plain joins of cleaned columns find, which says how hard the data are."
    yield table(("Data", "Join on", "Precision", "Recall"), _joins(alone))
    yield (
        f"One night's work in the kernel: {NEW} new documents and the {OPEN:,} latest open"
        " referrals of a history of that size. Warm is the median of all runs but the first. How"
        " right it is, is counted over as many nights in turn as the last quarter of the history"
        f" has, {NIGHTS} at most."
    )
    rightness = ("Nights", "Pairs made", "False per 100,000 (95% interval)")
    yield table(("History", "First, ms", "Warm, ms", *rightness), _nights(alone))
    yield (
        "What keyed tokens cost: the same candidates with names in clear, compared by Jaro and"
        " Winkler's similarity with bits that the truth itself gave. By weight alone: the best"
        " F1, and recall with at most 1 false pair in 10,000."
    )
    headings = (
        "Data", "Names as", "Recall", "False per 100,000", "To review", "Best F1",
        "Recall at 1 in 10,000",
    )  # fmt: skip
    yield table(headings, _names(alone))

    yield (
        "What the same records give without labels: the weights that ship; those, with twins"
        " counted, as `check` counts them; and weights that `weights train` learned."
    )
    yield table(("Data", "Weights", "False per 100,000", "Recall", "To review"), _learned(alone))


def _learned(alone: Sequence[Alone]) -> list[tuple[str, ...]]:
    return [
        (_data(one.of), name, per_100k(it.wrong), percent(it.found), percent(it.review))
        for one in alone
        for name, it in one.learned.items()
    ]


def _joins(alone: Sequence[Alone]) -> list[tuple[str, ...]]:
    return [
        (_data(one.of), name, f"{it.precision:.1%}", f"{it.recall:.1%}")
        for one in alone
        for name, it in one.joins.items()
    ]


def _nights(alone: Sequence[Alone]) -> list[tuple[str, ...]]:
    return [
        (
            _data(one.of), f"{one.night[0] * 1e3:.0f}", f"{warm(one.night) * 1e3:.0f}",
            f"{one.nights:,}", f"{one.paired.wrong.of:,}", per_100k(one.paired.wrong),
        )
        for one in alone
    ]  # fmt: skip


def _names(alone: Sequence[Alone]) -> list[tuple[str, ...]]:
    return [
        (
            _data(one.of), name, percent(it.decided.found), per_100k(it.decided.wrong),
            percent(it.decided.review), f"{it.best.f1:.4f}", f"{it.safe.recall:.1%}",
        )
        for one in alone
        for name, it in one.names.items()
    ]  # fmt: skip
