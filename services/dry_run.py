"""The dry run: two files in, four files out, no database and nothing else written.

    read both feeds (quarantine.csv) -> pair -> judge (pairings.csv, referrals.csv)
    -> summary.json

The four come whole or not at all (`services.dry_run_files`).  Rows are read in constant
memory and kept as frames, so a million referrals fit.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from adapters.feeds import ColumnMap, IdentifierRules, ReadRow, read_feed
from domain.feed_trust import DeliveryFacts, Trust, assess
from domain.obligation import satisfies
from domain.pairing import Records, Weights
from domain.policy import PolicySet
from domain.words import Feed
from services import full_pass
from services.deliveries import Times
from services.dry_run_files import Write, opened_csv, write_pairings, write_summary, written_whole
from services.frames import CHUNK, KEY_FIELD, TIME_FIELD, to_records
from services.full_pass import DOCUMENT_FACTS, REFERRAL_FACTS, Judged, Known, Side
from services.stored_records import document_facts

FACTS = {Feed.REFERRALS: REFERRAL_FACTS, Feed.DOCUMENTS: DOCUMENT_FACTS}
Progress = Callable[[str], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class Question:
    """What is asked of a dry run. `force` is for files that do not name one."""

    referrals: Path
    documents: Path
    out: Path
    as_of: datetime
    policies: PolicySet
    maps: Mapping[Feed, ColumnMap]
    rules: IdentifierRules
    weights: Weights
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
    sides: dict[Feed, Side] = {}
    times: dict[Feed, dict[str, Times]] = {}
    refused: dict[Feed, int] = {}
    with opened_csv(folder, "quarantine.csv") as quarantine:
        for feed in Feed:
            reading = _Reading(question, feed, quarantine)
            with progress(f"reading {feed.value}") as moved:
                sides[feed] = reading.side(moved)
            times[feed], refused[feed] = reading.times, reading.refused
    forces = sorted(set(times[Feed.REFERRALS]) | set(times[Feed.DOCUMENTS]))
    trust = {force: _trust(question, times[Feed.DOCUMENTS].get(force)) for force in forces}
    known = Known(sides[Feed.REFERRALS], sides[Feed.DOCUMENTS], trust)
    with progress("pairing") as _:
        paired = full_pass.pair(known, question.weights)
    write_pairings(folder, _pairings(known, paired.pairings))
    policies = dict.fromkeys(forces, question.policies)
    judged = full_pass.judge_all(
        known, paired, as_of=question.as_of, policies=policies, weights=question.weights
    )
    with progress("judging") as moved:
        counts = _write_referrals(folder, judged, moved)
    summary = _summary(question, trust, counts, sides, refused, paired.warnings)
    write_summary(folder, summary)
    return summary


class _Reading:
    """One file read into frames, its refused rows written to the quarantine as they come."""

    def __init__(self, question: Question, feed: Feed, quarantine: Write) -> None:
        self.question, self.feed, self.quarantine = question, feed, quarantine
        self.times: dict[str, Times] = {}
        self.refused = 0

    def side(self, moved: Callable[[int], None]) -> Side:
        path = self.question.referrals if self.feed == Feed.REFERRALS else self.question.documents
        rows = read_feed(
            path,
            self.question.maps[self.feed],
            force=self.question.force,
            key=self.question.key,
            rules=self.question.rules,
        )
        records, people, facts = [], [], []
        kept, number = self._kept(rows), 0
        while chunk := list(islice(kept, CHUNK)):
            keyed = [(number + offset, record) for offset, record in enumerate(chunk)]
            live = [self._live(record) for record in chunk]
            side = to_records(self.feed, keyed, live if self.feed == Feed.DOCUMENTS else None)
            records.append(side.records)
            people.append(side.people)
            facts.append(self._facts(keyed))
            number += len(chunk)
            moved(len(chunk))
        if not records:
            empty = to_records(self.feed, ())
            return Side(empty, pl.DataFrame(schema=FACTS[self.feed]))
        return _latest(
            self.feed, Side(Records(pl.concat(records), pl.concat(people)), pl.concat(facts))
        )

    def _kept(self, rows: Iterable[ReadRow]) -> Iterator[Mapping[str, Any]]:
        for row in rows:
            if row.record is None:
                self.refused += 1
                for problem in row.problems:
                    self.quarantine((self.feed.value, row.number, problem.pointer, problem.reason))
                continue
            times = self.times.setdefault(row.record["force"], Times(self.question.as_of))
            times.add(row.record[TIME_FIELD[self.feed]])
            yield row.record

    def _live(self, record: Mapping[str, Any]) -> bool:
        if self.feed == Feed.REFERRALS:
            return True
        policy = self.question.policies.at(record["submitted_at"])
        return satisfies(document_facts(record, policy), policy)

    def _facts(self, keyed: list[tuple[int, Mapping[str, Any]]]) -> pl.DataFrame:
        schema = FACTS[self.feed]
        rows = [
            tuple(
                key
                if name == "key"
                else full_pass.present_bits(record)
                if name == "present"
                else record.get(name)
                for name in schema
            )
            for key, record in keyed
        ]
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        if self.feed == Feed.DOCUMENTS:
            amended = [record.get("amended_at") for _, record in keyed]
            frame = frame.with_columns(
                pl.Series("amended_at", amended, dtype=pl.Datetime("us", "UTC"))
            )
        return frame


def _latest(feed: Feed, side: Side) -> Side:
    """Of several rows of one record the last one, or the last amended where that is known."""
    key = KEY_FIELD[feed]
    facts = side.facts
    order = ["amended_at", "key"] if feed == Feed.DOCUMENTS else ["key"]
    twice = facts.filter(pl.struct("force", key).is_duplicated())
    if twice.is_empty():
        return side
    kept = twice.sort(order, nulls_last=False).unique(["force", key], keep="last")
    gone = twice.join(kept, on="key", how="anti").select("key")
    return Side(
        Records(
            side.records.records.join(gone, on="key", how="anti"),
            side.records.people.join(gone, left_on="record", right_on="key", how="anti"),
        ),
        facts.join(gone, on="key", how="anti"),
    )


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
        reason = f"{reason} Nearest is {near['urn']}: {near['words']}"
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
    sides: Mapping[Feed, Side],
    refused: Mapping[Feed, int],
    warnings: Iterable[str],
) -> dict[str, Any]:
    return {
        "document_feed": {force: answer.sentence for force, answer in trust.items()},
        "as_of": question.as_of.isoformat(),
        "policy_hash": question.policies.hash,
        "weights_version": question.weights.version,
        "referrals": counts["referrals"],
        "documents": sides[Feed.DOCUMENTS].facts.height,
        "pairing": {name: counts[name] for name in ("paired", "ambiguous", "unpaired")},
        "obligation": {
            name: counts[f"obligation {name}"]
            for name in ("expected", "satisfied", "satisfied_late", "overdue", "exempt")
        },
        "flagged": {
            name: counts[f"flag {name}"] for name in ("unmatched", "ambiguous", "incomplete")
        },
        "held": counts["held"],
        "quarantined": {feed.value: count for feed, count in refused.items()},
        "warnings": list(warnings),
    }
