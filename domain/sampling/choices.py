"""What a person chooses of an assurance sample, before any item is known.

The choices and a frozen frame make the plan (`domain.sampling.building`).  They can be made
again until a seed was entered, and never after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, TypeVar

from domain.assurance import exact
from domain.assurance.claim import Design, Extension
from domain.errors import SampleRefused
from domain.working_paper import Attribute

W = TypeVar("W", bound=StrEnum)


class Subject(StrEnum):
    """What is sampled: referrals, or what the engine or the reviewers made of them."""

    REFERRALS = "referrals"
    AUTO_PAIRINGS = "auto-pairings"
    DECISIONS = "decisions"


class Strata(StrEnum):
    """By what a proportional design divides the items."""

    STATE = "state"
    DISTRICT = "district"
    BOTH = "both"


class State(StrEnum):
    """What is claimed of an item when the frame is frozen."""

    AUTO_PAIRED = "auto-paired"
    PAIRED_BY_PERSON = "paired-by-person"
    EXEMPT = "exempt"
    AMBIGUOUS = "ambiguous"
    HELD = "held"
    UNMATCHED = "unmatched"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


KNOWN_DEVIATIONS = State.UNMATCHED
"""The state whose every item deviates already, by the engine's own word."""


@dataclass(frozen=True)
class Words:
    """The default claim, words and attributes of a subject."""

    claim: str
    items: str
    deviates: str
    deviate: str
    attributes: tuple[Attribute, ...]


WRONG = Attribute("wrong", "Right pairing", "The document does not answer the referral.", True)
DEFAULTS = {
    Subject.REFERRALS: Words(
        "Every referral has its intelligence document.",
        "referrals",
        "has no document",
        "have no document",
        (
            Attribute(
                "document",
                "Document exists",
                "No intelligence document answers the referral, or the one paired with it is of"
                " another subject or incident.",
                True,
            ),
            Attribute("late", "In time", "The document was submitted after grace had ended."),
            Attribute("content", "Complete", "The document lacks what the policy requires."),
            Attribute("exemption", "Exemption justified", "The recorded reason does not hold."),
        ),
    ),
    Subject.AUTO_PAIRINGS: Words(
        "The pairings that the engine made by itself are right.",
        "pairings of referrals",
        "is wrong",
        "are wrong",
        (WRONG,),
    ),
    Subject.DECISIONS: Words(
        "The decisions that reviewers made are right.",
        "decisions",
        "is wrong",
        "are wrong",
        (
            Attribute(
                "wrong",
                "Right decision",
                "Looked at anew, the pair would be decided the other way.",
                True,
            ),
        ),
    ),
}


@dataclass(frozen=True)
class Choices:
    """The choices of one sample; `period_until` is not part of the period.

    `take_all` are states of which every item is looked at, `leave_out` those that the claim is
    not about; both are counted in the frame's header.
    """

    SCHEMA: ClassVar = "counterfoil/choices/1"

    sample: str
    force: str
    subject: Subject
    period_from: datetime
    period_until: datetime
    claim: str
    items: str
    deviates: str
    deviate: str
    attributes: tuple[Attribute, ...]
    tolerable: Fraction
    expected: Fraction
    risk: Fraction
    design: Design
    extension: Extension
    strata: Strata
    take_all: tuple[State, ...]
    leave_out: tuple[State, ...]

    def __post_init__(self) -> None:
        if self.extension is not Extension.FIXED and self.design is not Design.SIMPLE:
            raise SampleRefused(
                f"A {self.design.value} design has one look only. Choose the extension fixed, or"
                " the design simple. Nothing was stored."
            )
        both = set(self.take_all) & set(self.leave_out)
        if both:
            raise SampleRefused(
                f"The state {min(both)} cannot be taken whole and left out. Choose one."
                " Nothing was stored."
            )

    def stratum(self, state: State, district: str) -> str:
        """The stratum of an item; one of a state that is taken whole is in the state's own."""
        if self.is_taken_whole(state) or self.design is not Design.PROPORTIONAL:
            return state.value
        return {
            Strata.STATE: state.value,
            Strata.DISTRICT: f"district/{district}",
            Strata.BOTH: f"{state.value}/{district}",
        }[self.strata]

    def is_taken_whole(self, state: State) -> bool:
        """Whether items of the state are counted and not drawn."""
        return state in self.take_all or state is KNOWN_DEVIATIONS


def choose(
    sample: str,
    force: str,
    period: tuple[datetime, datetime],
    *,
    subject: str = Subject.REFERRALS,
    claim: str | None = None,
    attributes: Sequence[Attribute] = (),
    tolerable: str = "5%",
    expected: str = "0%",
    risk: str = "5%",
    design: str = Design.SIMPLE,
    extension: str = Extension.FIXED,
    strata: str = Strata.STATE,
    take_all: Sequence[str] = (),
    leave_out: Sequence[str] = (),
) -> Choices:
    """The choices as they were written; rates as ``5%``, ``0.05`` or ``1/20``.

    Raises:
        SampleRefused: A word or a rate is none, or two of them do not go together.
    """
    of = _word(Subject, subject, "subject")
    words = DEFAULTS[of]
    return Choices(
        sample=sample,
        force=force,
        subject=of,
        period_from=period[0],
        period_until=period[1],
        claim=claim or words.claim,
        items=words.items,
        deviates=words.deviates,
        deviate=words.deviate,
        attributes=tuple(attributes) or words.attributes,
        tolerable=exact.rate(tolerable, "tolerable rate"),
        expected=exact.rate(expected, "expected rate", zero=True),
        risk=exact.risk(risk),
        design=_word(Design, design, "design"),
        extension=_word(Extension, extension, "extension"),
        strata=_word(Strata, strata, "strata"),
        take_all=_states(take_all),
        leave_out=_states(leave_out),
    )


def _states(given: Sequence[str]) -> tuple[State, ...]:
    return tuple(sorted({_word(State, state, "state") for state in given}))


def _word(kind: type[W], given: str, name: str) -> W:
    try:
        return kind(given)
    except ValueError:
        raise SampleRefused(
            f"There is no such {name}. Choose one of: {', '.join(kind)}. Nothing was stored."
        ) from None
