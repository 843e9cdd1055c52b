"""The stored words, and what is judged of a referral in each situation."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from tables import table

from adapters.holidays import calendar_for
from adapters.policies import load_policies
from domain import words
from domain.audit_trail import KINDS
from domain.obligation import DocumentFacts, ExemptionFacts, ReferralFacts, judge
from services.flags import SETTLEMENTS

REFERRED = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
GRADED = frozenset({"source_evaluation", "intelligence_assessment", "handling_code"})


def stored_words() -> str:
    """Every word that the database and the files hold."""
    kinds = (
        words.Feed,
        words.PairingState,
        words.Obligation,
        words.Completeness,
        words.FlagKind,
        words.FlagState,
        words.FlagChange,
        words.Settlement,
        words.Role,
        words.Band,
        words.Verdict,
        words.Contradiction,
        words.RunState,
    )
    return table(("Axis", "Says", "Words"), [_word(kind) for kind in kinds])


def _word(kind: type[StrEnum]) -> tuple[str, str, str]:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
    return name, (kind.__doc__ or "").splitlines()[0], ", ".join(f"`{word}`" for word in kind)


def judgements() -> str:
    """What `judge` answers to one referral in each situation, with the default policy."""
    names = ("Situation", "pairing", "obligation", "completeness", "flag", "held")
    return table(names, [_judged(*case) for case in _cases()])


def _cases() -> Iterator[tuple[str, float, str, list[DocumentFacts], dict[str, Any]]]:
    """Situations of a referral of Monday 14:00 with 72 hours: hours gone, and the facts."""
    yield "no document, within grace", 24, "unpaired", [], {}
    yield "no document, grace over", 96, "unpaired", [], {}
    yield "document in time", 96, "paired", [_document(20)], {}
    yield "document after the grace period", 96, "paired", [_document(80)], {}
    short = _document(20, GRADED - {"handling_code"})
    yield "document in time, a grading missing", 96, "paired", [short], {}
    yield "the same, within grace", 24, "paired", [short], {}
    yield "only a draft, grace over", 96, "paired", [_document(20, status="draft")], {}
    yield "only a withdrawn one, grace over", 96, "paired", [_document(20, status="withdrawn")], {}
    yield "two documents too close to choose, within grace", 24, "ambiguous", [], {}
    yield "two documents too close to choose, grace over", 96, "ambiguous", [], {}
    yield (
        "no document, grace over, feed trusted to an earlier instant",
        96,
        "unpaired",
        [],
        {"trusted_until": REFERRED + timedelta(hours=48)},
    )
    exemption = ExemptionFacts(REFERRED, None, "held on a restricted system")
    yield "approved exemption, grace over", 96, "unpaired", [], {"exemption": exemption}


def _document(
    hours: float, present: frozenset[str] = GRADED, status: str = "submitted"
) -> DocumentFacts:
    return DocumentFacts(
        "URN", REFERRED + timedelta(hours=hours), status, "3x5x2 intelligence report", present
    )


def _judged(
    situation: str,
    hours: float,
    pairing: str,
    documents: list[DocumentFacts],
    more: dict[str, Any],
) -> tuple[str, ...]:
    as_of = REFERRED + timedelta(hours=hours)
    policy = load_policies(None).at(REFERRED)
    it = judge(
        ReferralFacts(REFERRED),
        pairing=pairing,
        documents=documents,
        policy=policy,
        calendar=calendar_for(policy),
        as_of=as_of,
        **{"trusted_until": as_of} | more,
    )
    answers = (it.pairing, it.obligation, it.completeness, it.flag)
    return (situation, *(str(each or "") for each in answers), "yes" if it.held else "")


def settlements() -> str:
    """How an open flag is settled by itself, by the referral's obligation."""
    rows = [(f"`{state}`", f"`{settled}`") for state, settled in SETTLEMENTS.items()]
    completed = f"`{words.Obligation.SATISFIED}`, where the flag was `incomplete`"
    rows.append((completed, f"`{words.Settlement.COMPLETED}`"))
    return table(("The referral becomes", "The flag is settled as"), rows)


def audit_actions() -> str:
    """The trail's words by the kind of operation."""
    kinds: dict[str, list[str]] = {}
    for action, kind in KINDS.items():
        kinds.setdefault(kind, []).append(f"`{action}`")
    return table(("Kind", "Words"), [(kind, ", ".join(said)) for kind, said in kinds.items()])
