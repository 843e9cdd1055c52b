"""The state machine: whatever arrives and whatever people decide, in any order, night by night.

Its model is what a reader would keep on paper: what each feed last said of each record, which
decisions and exemptions stand, what was said after each night, and one line a flag.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from domain.errors import DecisionRefused
from domain.words import Feed, Verdict
from models import DecisionRow, ExemptionRow, FlagEventRow, FlagRow, ReferralRow
from services import decisions, exemptions, stored_records, tally
from tests.builders import (
    DAY,
    FIRST_NIGHT,
    HOUR,
    Record,
    a_night_of_files,
    an_ordinary_document,
)
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    assert_trail_is_whole,
    dump,
    judgements,
    looked_back,
)
from tests.integration.lifecycle.pool import DOCUMENTS, FIRST, REFERRALS

KEYS = {Feed.REFERRALS: "referral_id", Feed.DOCUMENTS: "urn"}
GROWS_ONLY = ("audit_event", "flag_event", "delivery", "quarantined_row")
MADE_AGAIN = ("blocking_key", "candidate", "tally")
"""Indexes and sums over the records, made anew when one of them changes."""

Dump = dict[str, list[str]]
FORCES = count(1)
SOME = st.integers(0, 99)


class Lifecycle(RuleBasedStateMachine):
    """One force's weeks; every example is a force of its own in the same database."""

    def __init__(self, engine: Engine) -> None:
        """Before the first night: nothing is known."""
        super().__init__()
        self.engine = engine
        self.force = f"F{next(FORCES)}"
        self.pending: dict[Feed, list[Record]] = {feed: [] for feed in Feed}
        self.files: list[tuple[Feed, list[Record]]] = []
        self.known: dict[Feed, dict[str, Record]] = {feed: {} for feed in Feed}
        self.decided: dict[int, tuple[str, str, Verdict, Record, Record]] = {}
        self.excused: dict[str, int] = {}
        self.said: dict[datetime, dict[str, Any]] = {}
        self.flags: dict[str, tuple[bool, datetime, list[int]]] = {}
        self.as_of = FIRST_NIGHT - DAY
        self.now = FIRST_NIGHT - 18 * HOUR

    @initialize(documents=st.lists(DOCUMENTS, min_size=3, max_size=6))
    def first_night(self, documents: list[Record]) -> None:
        """Four referrals, two of them of one incident, and some documents."""
        self.pending[Feed.REFERRALS] = FIRST
        self.pending[Feed.DOCUMENTS] = documents
        self.night(days=1, feed="good", split=False, again=False)

    # What arrives.

    @rule(records=st.lists(REFERRALS, min_size=1, max_size=4))
    def referrals_arrive(self, records: list[Record]) -> None:
        """New, amended or said twice; the night takes them."""
        self.pending[Feed.REFERRALS] += records

    @rule(records=st.lists(DOCUMENTS, min_size=1, max_size=4))
    def documents_arrive(self, records: list[Record]) -> None:
        """New, amended, withdrawn or said twice; the night takes them."""
        self.pending[Feed.DOCUMENTS] += records

    # What the night does.

    @rule(
        days=st.sampled_from([1, 1, 2, 3]),
        feed=st.sampled_from(["good", "good", "good", "missing", "empty", "stale"]),
        split=st.booleans(),
        again=st.booleans(),
    )
    def night(self, days: int, feed: str, split: bool, again: bool) -> None:
        """A night, and everything that must hold after it."""
        self.as_of += days * DAY
        before = dump(self.engine)
        self.files = self._delivered(feed, split) + (self.files if again else [])
        a_night_of_files(self.engine, self.as_of, self.files, force=self.force)
        self.now = self.as_of + 6 * HOUR
        after = dump(self.engine)
        self._check_nothing_was_lost(before, after)
        self._check_records()
        assert_as_if_at_once(self.engine, self.as_of, self.force)
        with database.reading(self.engine) as session:
            self.said[self.as_of] = judgements(session, self.force)
            self._check_flags(session)
        self._check_running_again_changes_nothing(after)

    def _delivered(self, feed: str, split: bool) -> list[tuple[Feed, list[Record]]]:
        """The night's files. Documents wait at the source while their feed is not sent."""
        files = []
        if feed in ("good", "stale"):
            newest = self.as_of if feed == "good" else self.as_of - 5 * DAY
            usual = [an_ordinary_document(newest, number) for number in range(2)]
            documents = [*usual, *self._taken(Feed.DOCUMENTS)]
            cut = len(documents) // 2 if split else 0
            files += [(Feed.DOCUMENTS, part) for part in (documents[:cut], documents[cut:]) if part]
        elif feed == "empty":
            files.append((Feed.DOCUMENTS, []))
        if self.pending[Feed.REFERRALS]:
            files.append((Feed.REFERRALS, self._taken(Feed.REFERRALS)))
        return files

    def _taken(self, feed: Feed) -> list[Record]:
        records, self.pending[feed] = self.pending[feed], []
        for record in records:
            key, current = record[KEYS[feed]], self.known[feed].get(record[KEYS[feed]])
            mine, theirs = (each and each.get("amended_at") for each in (record, current))
            if not (mine and theirs and mine < theirs):
                self.known[feed][key] = record
        return records

    # What people do.

    @precondition(lambda self: all(self.known.values()))
    @rule(which=SOME, what=SOME, verdict=st.sampled_from(Verdict))
    def decide(self, which: int, what: int, verdict: Verdict) -> None:
        """Confirm or reject any pair at all, sensible or not."""
        referral, document = self._pick(Feed.REFERRALS, which), self._pick(Feed.DOCUMENTS, what)
        seen = (self.known[Feed.REFERRALS][referral], self.known[Feed.DOCUMENTS][document])
        standing = [each for each in self.decided.values() if each[:2] == (referral, document)]
        made = self._do(
            lambda session: decisions.decide(
                session,
                stored_records.ids(session, Feed.REFERRALS, self.force, [referral])[referral],
                stored_records.ids(session, Feed.DOCUMENTS, self.force, [document])[document],
                verdict,
                reason="seen both",
                reviewer="alice",
                now=self.now,
            )
        )
        if made is None:
            assert standing, "a first decision was not recorded"
            return
        assert not standing or standing[0][3:] != seen, "a decision was overwritten"
        self.decided = {
            number: each
            for number, each in self.decided.items()
            if each[:2] != (referral, document)
        }
        self.decided[made] = (referral, document, verdict, *seen)

    @precondition(lambda self: self.decided)
    @rule(which=SOME)
    def take_back(self, which: int) -> None:
        """End one of the decisions that stand."""
        number = sorted(self.decided)[which % len(self.decided)]
        del self.decided[number]
        self._do(lambda session: decisions.take_back(session, number, reviewer="bob", now=self.now))

    @precondition(lambda self: self.known[Feed.REFERRALS])
    @rule(which=SOME, days=st.integers(1, 5), approved=st.booleans())
    def exempt(self, which: int, days: int, approved: bool) -> None:
        """Ask, and perhaps approve; nobody approves what they asked for."""
        referral = self._pick(Feed.REFERRALS, which)
        number = self._do(
            lambda session: exemptions.ask(
                session,
                stored_records.ids(session, Feed.REFERRALS, self.force, [referral])[referral],
                reason_code="held_on_restricted_system",
                reason="seen by two people",
                expires_at=self.now + days * DAY,
                requested_by="alice",
                now=self.now,
            )
        )
        assert (number is None) == (referral in self.excused), "one exemption stands at a time"
        if number is None:
            return
        self.excused[referral] = number
        with pytest.raises(DecisionRefused), database.session(self.engine) as session:
            exemptions.approve(session, number, approver="alice", now=self.now)
        if approved:
            self._do(
                lambda session: exemptions.approve(session, number, approver="bob", now=self.now)
            )

    @precondition(lambda self: self.excused)
    @rule(which=SOME)
    def end_exemption(self, which: int) -> None:
        """End one, approved or not, expired or not."""
        referral = sorted(self.excused)[which % len(self.excused)]
        number = self.excused.pop(referral)
        self._do(lambda session: exemptions.end(session, number, by="alice", now=self.now))

    def _pick(self, feed: Feed, which: int) -> str:
        keys = sorted(self.known[feed])
        return keys[which % len(keys)]

    def _do(self, act: Callable[[Session], Any]) -> int | None:
        """Act in a transaction a minute later; a refusal must have stored nothing."""
        self.now += HOUR / 60
        before = dump(self.engine)
        try:
            with database.session(self.engine) as session:
                row = act(session)
                return row.id if isinstance(row, DecisionRow | ExemptionRow) else None
        except DecisionRefused as why:
            assert str(why).endswith("Nothing was stored.")  # noqa: PT017 - either answer is right
            assert before == dump(self.engine)
            return None

    # What must hold.

    def _check_nothing_was_lost(self, before: Dump, after: Dump) -> None:
        for table, rows in before.items():
            if table in GROWS_ONLY:
                assert set(rows) <= set(after[table]), table
            elif table not in MADE_AGAIN:
                assert len(rows) <= len(after[table]), table

    def _check_records(self) -> None:
        """What is stored as current is what the feeds said last; nothing more, nothing less."""
        with database.reading(self.engine) as session:
            assert tally.read(session, self.force) == tally.recounted(session, self.force)
            for feed, known in self.known.items():
                ids = stored_records.ids(session, feed, self.force, known)
                stored = stored_records.current(session, feed, ids.values())
                for key, record in known.items():
                    found = stored[ids[key]]
                    assert record == {**{name: found[name] for name in record}, "force": "KEN"}

    def _check_flags(self, session: Session) -> None:
        """One flag a referral, open when raised; its clock and its history are for good."""
        rows = session.exec(
            select(FlagRow, ReferralRow)
            .join(ReferralRow, col(ReferralRow.id) == col(FlagRow.referral))
            .where(col(FlagRow.force) == self.force)
        ).all()
        found = {head.referral_id: row for row, head in rows}
        assert len(found) == len(rows)
        for referral, it in self.said[self.as_of].items():
            was_open, clock, past = self.flags.get(referral, (False, None, []))
            raised = it["flag"] is not None and not it["held"]
            is_open = raised or (it["held"] and was_open)
            flag = found.get(referral)
            assert (flag is not None) == (raised or referral in self.flags)
            if flag is None:
                continue
            assert (flag.state == "open") == is_open
            assert not raised or flag.kind == it["flag"]
            assert flag.grace_ends_at == (clock or it["grace_ends_at"])
            events = session.exec(
                select(FlagEventRow.id)
                .where(FlagEventRow.flag == flag.id)
                .order_by(col(FlagEventRow.id))
            ).all()
            known = [number for number in events if number is not None]
            assert past == known[: len(past)]
            assert was_open == is_open or len(known) > len(past), "a change without its event"
            self.flags[referral] = (is_open, flag.grace_ends_at, known)

    def _check_running_again_changes_nothing(self, before: Dump) -> None:
        a_night_of_files(self.engine, self.as_of, self.files, force=self.force)
        assert {**before, "run": []} == {**dump(self.engine), "run": []}

    def teardown(self) -> None:
        """Whatever came later, a look back to each night says what was said that night."""
        assert_trail_is_whole(self.engine)
        with database.reading(self.engine) as session:
            for as_of, said in self.said.items():
                assert said == looked_back(session, as_of, self.force)
