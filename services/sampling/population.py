"""What a sample's frame is made of: the items of a period, each with what is claimed of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlmodel import Session

from domain.errors import SampleRefused
from domain.sampling.choices import Choices, State, Subject
from domain.words import Band, FlagKind, Obligation
from domain.working_paper import document, sha256_hex
from models import METADATA

HEADS, PAPERS, PAIRS, MADE = (
    METADATA.tables[name] for name in ("referral", "document", "pairing", "decision")
)
BY_PERSON = "confirmed_by_person"
"""The rule of a pairing that a person made."""
NOT_DUE = "not yet due"
NOT_STATED = "not stated"
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """One item before it has a draw id; `key` is its own in the source systems."""

    key: str
    record: int
    referral: int
    version: int
    district: str
    state: State
    at: datetime
    grace_ends_at: datetime | None


@dataclass(frozen=True)
class Population:
    """The items of a period, how many were left out and why, and the hash of what was asked."""

    items: list[Item]
    left_out: Mapping[str, int]
    query_sha256: str


def read(session: Session, choices: Choices) -> Population:
    """The population of `choices` as it stands.

    Raises:
        SampleRefused: Referrals of the period have not been judged since they changed.
    """
    if choices.subject is Subject.REFERRALS:
        _check_judged(session, choices)
    query, item = QUERIES[choices.subject](choices)
    kept: list[Item] = []
    left: Counter[str] = Counter()
    rows = session.connection().execute(query, execution_options={"yield_per": BATCH})
    for found, why in _items(rows, item):
        if found is None:
            left[why] += 1
        elif found.state in choices.leave_out:
            left[found.state.value] += 1
        else:
            kept.append(found)
    asked = {
        "query": str(query),
        "force": choices.force,
        "period_from": choices.period_from,
        "period_until": choices.period_until,
        "leave_out": choices.leave_out,
    }
    return Population(kept, dict(sorted(left.items())), _hash(asked))


def _items(rows: Any, item: Callable[[Any], Item | str]) -> Iterator[tuple[Item | None, str]]:
    for row in rows:
        made = item(row)
        yield (None, made) if isinstance(made, str) else (made, "")


def _hash(asked: Mapping[str, Any]) -> str:
    texts = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asked.items()
    }
    return sha256_hex(document(texts))


def _check_judged(session: Session, choices: Choices) -> None:
    head = HEADS.c
    waiting = session.scalar(
        select(func.count())
        .select_from(HEADS)
        .where(
            *_of_period(choices, head.force, head.referred_at),
            ~(head.judged & head.settled & head.weighed),
        )
    )
    if waiting:
        raise SampleRefused(
            f"{waiting:,} referrals of the period wait to be paired or judged. Run a night first:"
            f" counterfoil run --force {choices.force}. Nothing was stored."
        )


def _of_period(choices: Choices, force: Any, at: Any) -> tuple[Any, ...]:
    return (force == choices.force, at >= choices.period_from, at < choices.period_until)


def _referrals(choices: Choices) -> tuple[Select[Any], Callable[[Any], Item | str]]:
    head = HEADS.c
    query = select(
        head.id, head.referral_id, head.version, head.referred_at, head.district,
        head.obligation, head.flag, head.held, head.pairing_rule, head.grace_ends_at,
    ).where(*_of_period(choices, head.force, head.referred_at))  # fmt: skip

    def item(found: Any) -> Item | str:
        state = _state(found)
        if state is None:
            return NOT_DUE
        key, district = found.referral_id, found.district or NOT_STATED
        return Item(
            key,
            found.id,
            found.id,
            found.version,
            district,
            state,
            found.referred_at,
            found.grace_ends_at,
        )

    return query, item


def _state(found: Any) -> State | None:
    """What the last night claimed of a referral; None while its grace period runs."""
    if found.obligation == Obligation.EXPECTED:
        return None
    if found.obligation == Obligation.EXEMPT:
        return State.EXEMPT
    if found.obligation == Obligation.OVERDUE:
        if found.held:
            return State.HELD
        return State.AMBIGUOUS if found.flag == FlagKind.AMBIGUOUS else State.UNMATCHED
    return State.PAIRED_BY_PERSON if found.pairing_rule == BY_PERSON else State.AUTO_PAIRED


def _auto_pairings(choices: Choices) -> tuple[Select[Any], Callable[[Any], Item | str]]:
    pair, head = PAIRS.c, HEADS.c
    query = _with_both(PAIRS, pair.id, head.referred_at.label("at")).where(
        *_of_period(choices, head.force, head.referred_at),
        pair.ended_at.is_(None),
        pair.band == Band.AUTO,
        pair.rule != BY_PERSON,
    )
    return query, lambda found: _pair(found, State.AUTO_PAIRED)


def _decisions(choices: Choices) -> tuple[Select[Any], Callable[[Any], Item | str]]:
    made = MADE.c
    query = _with_both(MADE, made.id, made.verdict, made.decided_at.label("at")).where(
        *_of_period(choices, made.force, made.decided_at), made.ended_at.is_(None)
    )
    return query, lambda found: _pair(found, State(found.verdict.value))


def _with_both(table: Table, *columns: Any) -> Select[Any]:
    """A query of pairs with the referral and the document that each is of."""
    head, paper = HEADS.c, PAPERS.c
    return (
        select(
            *columns,
            table.c.referral,
            head.referral_id,
            head.version,
            head.district,
            head.grace_ends_at,
            paper.urn,
        )
        .join(HEADS, head.id == table.c.referral)
        .join(PAPERS, paper.id == table.c.document)
    )


def _pair(found: Any, state: State) -> Item:
    return Item(
        f"{found.referral_id}|{found.urn}",
        found.id,
        found.referral,
        found.version,
        found.district or NOT_STATED,
        state,
        found.at,
        found.grace_ends_at,
    )


QUERIES: Mapping[Subject, Callable[[Choices], tuple[Select[Any], Callable[[Any], Item | str]]]] = {
    Subject.REFERRALS: _referrals,
    Subject.AUTO_PAIRINGS: _auto_pairings,
    Subject.DECISIONS: _decisions,
}
