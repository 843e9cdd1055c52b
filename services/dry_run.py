"""The dry run: two files in, four files out, no database and nothing else written.

    read both feeds (quarantine.csv) -> pair -> judge (pairings.csv, referrals.csv)
    -> summary.json

The four come whole or not at all (`services.dry_run_files`).  Rows are read a part at a time
and kept as frames (`services.dry_run_reading`), so a million referrals fit.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from adapters.feeds import ColumnMap, IdentifierRules
from adapters.memory import give_back
from domain.errors import FeedRefused
from domain.feed_trust import DeliveryFacts, Trust, assess
from domain.pairing import PairingResult, Weights, count_twins, decided_anew, weights_with
from domain.policy import PolicySet
from domain.words import Feed
from services import full_pass
from services.deliveries import Times
from services.dry_run_files import Write, opened_csv, write_pairings, write_summary, written_whole
from services.dry_run_habits import habits
from services.dry_run_parts import Asked, Refusal
from services.dry_run_reading import Read, read
from services.frames import CHUNK
from services.full_pass import Judged, Known

Progress = Callable[[str], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class Question:
    """What is asked of a dry run.

    `force` is for files that do not name one.  With `learn`, how common twins are is counted
    on the two files and goes before what `weights` say of it, if they hold enough to tell.
    """

    referrals: Path
    documents: Path
    out: Path
    as_of: datetime
    policies: PolicySet
    maps: Mapping[Feed, ColumnMap]
    rules: IdentifierRules
    weights: Weights
    learn: bool = True
    force: str | None = None
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))


def silent(_: str) -> AbstractContextManager[Callable[[int], None]]:
    """Progress that says nothing."""
    return nullcontext(lambda _: None)


def check(question: Question, progress: Progress = silent) -> dict[str, Any]:
    """Write the four files into `question.out`; return what summary.json holds.

    Raises:
        Refused: one of the files cannot be read, or the folder cannot hold the answer;
            nothing is left there.
    """
    with written_whole(question.out, (question.referrals, question.documents)) as folder:
        return _answer(question, folder, progress)


def _answer(question: Question, folder: Path, progress: Progress) -> dict[str, Any]:
    found = _read(question, folder, progress)
    times = found[Feed.DOCUMENTS].times
    forces = sorted({*found[Feed.REFERRALS].times, *times})
    trust = {force: _trust(question, times.get(force)) for force in forces}
    known = Known(found[Feed.REFERRALS].side, found[Feed.DOCUMENTS].side, trust)
    give_back()
    with progress("pairing") as _:
        paired, weights, twins = _paired(question, known)
    write_pairings(folder, _pairings(known, paired.pairings))
    policies = dict.fromkeys(forces, question.policies)
    judged = full_pass.judge_all(
        known, paired, as_of=question.as_of, policies=policies, weights=weights
    )
    with progress("judging") as moved:
        counts = _write_referrals(folder, judged, moved)
    unusual = habits({feed: read.side.records for feed, read in found.items()})
    warnings = (*_without_rows(question, found), *unusual, *paired.warnings)
    summary = _summary(question, trust, counts, found, warnings)
    summary |= {"weights_version": weights.version, "twins": twins}
    write_summary(folder, summary)
    return summary


def _paired(question: Question, known: Known) -> tuple[PairingResult, Weights, dict[str, Any]]:
    """The pairs, the weights that they were decided by, and what is said of twins."""
    paired, weights = full_pass.pair(known, question.weights), question.weights
    said = weights.content("twins")
    if question.learn:
        sides = known.referrals.records, known.documents.records
        found = count_twins(paired.edges, *sides, weights)
        said = found.content(weights)
        if found.enough:
            weights = weights_with(weights, "twins", said)
            paired = decided_anew(paired, *sides, known.decisions, weights)
    return paired, weights, {"rare": weights.twins.are_rare, **said}


def _read(question: Question, folder: Path, progress: Progress) -> dict[Feed, Read]:
    """Both files, with the rows that they are refused for written down as they come."""
    found = {}
    with opened_csv(folder, "quarantine.csv") as quarantine:
        for feed in Feed:
            asked = Asked(
                feed=feed,
                path=question.referrals if feed == Feed.REFERRALS else question.documents,
                column_map=question.maps[feed],
                rules=question.rules,
                policies=question.policies,
                as_of=question.as_of,
                force=question.force,
                key=question.key,
            )
            with progress(f"reading {feed.value}") as moved:
                refused: Counter[str] = Counter()
                found[feed] = read(asked, partial(_quarantined, quarantine, refused, feed), moved)
            _check_forces(asked, found[feed], refused["/force"])
    return found


def _quarantined(write: Write, refused: Counter[str], feed: Feed, refusal: Refusal) -> None:
    refused[refusal[1]] += 1
    write((feed.value, *refusal))


def _check_forces(asked: Asked, found: Read, refused_for_force: int) -> None:
    """Raise FeedRefused when no row could load and their force is a reason: nothing to judge."""
    if found.side.facts.height or not refused_for_force:
        return
    wrong = "name no force" if asked.force is None else f"name another force than {asked.force}"
    raise FeedRefused(
        f"{asked.path.name} has no row that could load: {refused_for_force:,} of {found.refused:,}"
        f" {wrong}. Give the force's code with --force, or as a constant of the column map."
        " Nothing was written."
    )


def _without_rows(question: Question, found: Mapping[Feed, Read]) -> Iterator[str]:
    """A sentence for each file that has headings and nothing else."""
    for feed, file in ((Feed.REFERRALS, question.referrals), (Feed.DOCUMENTS, question.documents)):
        if not found[feed].side.facts.height and not found[feed].refused:
            yield f"{file.name} has no rows: no {feed.value} were read."


def _trust(question: Question, times: Times | None) -> Trust:
    """How far the document file can be trusted; it has no past to be compared with."""
    deliveries = (
        []
        if times is None
        else [
            DeliveryFacts(
                known_at=question.as_of,
                rows=times.count,
                newest_record_at=times.newest,
                oldest_record_at=times.oldest,
                future_rows=times.future,
            )
        ]
    )
    return assess(deliveries, as_of=question.as_of, policy=question.policies.at(question.as_of))


def _pairings(known: Known, pairings: pl.DataFrame) -> pl.DataFrame:
    return (
        pairings.join(
            known.referrals.facts.select("key", "force", "referral_id"),
            left_on="referral",
            right_on="key",
        )
        .join(known.documents.facts.select("key", "urn"), left_on="document", right_on="key")
        .sort("force", "referral_id", "band", "role", "urn")
        .with_columns(pl.col("weight", "margin").round(3))
    )


def _write_referrals(
    folder: Path, judged: Iterable[Judged], moved: Callable[[int], None]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    with opened_csv(folder, "referrals.csv") as write:
        for answer in judged:
            _count(counts, answer)
            write(_referral(answer))
            if counts["referrals"] % CHUNK == 0:
                moved(CHUNK)
    return counts


def _referral(answer: Judged) -> tuple[Any, ...]:
    it, near = answer.judgement, answer.nearest
    reason = it.reason
    if near is not None and it.flag is not None:
        reason = f"{reason}. Nearest is {near['urn']}: {near['words']}"
    return (
        answer.referral_id,
        it.pairing,
        it.obligation,
        it.completeness or "",
        "true" if it.raised else "false",
        reason,
        it.grace_ends_at.isoformat(),
        near["urn"] if near else "",
        round(near["weight"], 3) if near else "",
    )


def _count(counts: Counter[str], answer: Judged) -> None:
    it = answer.judgement
    counts["referrals"] += 1
    counts[it.pairing] += 1
    counts[f"obligation {it.obligation}"] += 1
    counts["held"] += it.held
    if it.raised:
        counts[f"flag {it.raised}"] += 1


def _summary(
    question: Question,
    trust: Mapping[str, Trust],
    counts: Counter[str],
    found: Mapping[Feed, Read],
    warnings: Iterable[str],
) -> dict[str, Any]:
    return {
        "document_feed": {force: answer.sentence for force, answer in trust.items()},
        "as_of": question.as_of.isoformat(),
        "policy_hash": question.policies.hash,
        "referrals": counts["referrals"],
        "documents": found[Feed.DOCUMENTS].side.facts.height,
        "pairing": {name: counts[name] for name in ("paired", "ambiguous", "unpaired")},
        "obligation": {
            name: counts[f"obligation {name}"]
            for name in ("expected", "satisfied", "satisfied_late", "overdue", "exempt")
        },
        "flagged": {
            name: counts[f"flag {name}"] for name in ("unmatched", "ambiguous", "incomplete")
        },
        "held": counts["held"],
        "quarantined": {feed.value: each.refused for feed, each in found.items()},
        "warnings": list(warnings),
    }
