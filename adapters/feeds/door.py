"""The door: the last place where a name or a date of birth is in plain text.

A shaped row is checked against the contract.  If every check holds, people become keyed
tokens, numbers get their comparable form beside the original, and a clean record leaves;
otherwise the row leaves as problems only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from adapters.feeds.shaping import Shaped
from adapters.tokens import Tokeniser
from domain.identifiers import IdentifierRules, normalise_postcode, normalise_vehicle
from schemas.validation import Problem, decider, problems

OTHER_FORCE = "names another force than the one that this delivery is for"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One record of a file, or why it is not one.

    `number` is the row as a person counts it in Excel or an editor, from 1; the first
    row where a record takes several. `record` is None exactly when there are problems.
    """

    number: int
    record: dict[str, Any] | None
    problems: tuple[Problem, ...]


class Door:
    """Checks and cleans the rows of one file under one force's key and rules."""

    def __init__(
        self,
        feed: str,
        *,
        force: str | None,
        constants: Shaped,
        key: bytes,
        rules: IdentifierRules,
        zone: ZoneInfo,
    ) -> None:
        """For `feed`; `constants` stand in for what a row leaves out."""
        self._feed = feed
        self._force = force
        self._constants = constants
        self._zone = zone
        self._tokens = Tokeniser(key)
        self._is_valid = decider(feed)
        self._reference = rules.normalise_reference
        self._incident = lru_cache(maxsize=4096)(rules.normalise_incident)
        self._custody = lru_cache(maxsize=4096)(rules.normalise_custody)
        self._officer = lru_cache(maxsize=65536)(rules.normalise_officer)
        self._postcode = lru_cache(maxsize=65536)(normalise_postcode)
        self._vehicle = lru_cache(maxsize=4096)(normalise_vehicle)
        self._clean = self._referral if feed == "referrals" else self._document

    def admit(self, number: int, shaped: Shaped) -> ReadRow:
        """The clean record of the row, or every problem that it has."""
        found = self.check(shaped)
        if found:
            return ReadRow(number, None, found)
        return ReadRow(number, self._clean(shaped), ())

    def check(self, shaped: Shaped) -> tuple[Problem, ...]:
        """Every problem of the row, after constants and the force are filled in."""
        record = shaped.record
        if shaped.whole:
            return tuple(shaped.problems)
        if self._constants.record or self._constants.problems:
            self._fill(shaped)
        if self._force is not None and record.setdefault("force", self._force) != self._force:
            self._check_force(shaped)
        if not shaped.problems and self._is_valid(record):
            return ()
        told = {problem.pointer for problem in shaped.problems}
        more = [one for one in problems(self._feed, record) if one.pointer not in told]
        both = {*shaped.problems, *more}
        return tuple(sorted(both, key=lambda one: (one.pointer, one.reason)))

    def _fill(self, shaped: Shaped) -> None:
        """Put the map's constants where the row has nothing."""
        for name, value in self._constants.record.items():
            if name not in shaped.record:
                shaped.record[name] = value
                if name in self._constants.moments:
                    shaped.moments[name] = self._constants.moments[name]
        shaped.problems.extend(self._constants.problems)

    def _check_force(self, shaped: Shaped) -> None:
        """Take another case of the force's code as the code; another force is a problem."""
        written = shaped.record["force"]
        if isinstance(written, str) and written.lower() == (self._force or "").lower():
            shaped.record["force"] = self._force
        else:
            shaped.problems.append(Problem("/force", OTHER_FORCE))

    def _referral(self, shaped: Shaped) -> dict[str, Any]:
        given = shaped.record.get
        referred_at = shaped.moments["referred_at"]
        incident, day = self._incident_of(given("incident_number"))
        if incident is not None and day is None:
            day = referred_at.astimezone(self._zone).date()
        return {
            "force": given("force"),
            "referral_id": given("referral_id"),
            "nccu_reference": given("nccu_reference"),
            "reference": _maybe(self._reference, given("nccu_reference")),
            "referred_at": referred_at,
            "officer_id": given("officer_id"),
            "officer": self._officer(given("officer_id") or ""),
            "district": given("district"),
            "event_type": given("event_type"),
            "channel": given("channel"),
            "incident_number": given("incident_number"),
            "incident": incident,
            "incident_day": day,
            **self._shared(shaped),
        }

    def _document(self, shaped: Shaped) -> dict[str, Any]:
        given = shaped.record.get
        event_date = shaped.moments.get("event_date")
        incident, day = self._incident_of(given("incident_number"))
        quoted = given("nccu_references") or []
        return {
            "force": given("force"),
            "urn": given("urn"),
            "submitted_at": shaped.moments["submitted_at"],
            "author_officer_id": given("author_officer_id"),
            "officer": self._officer(given("author_officer_id") or ""),
            "document_type": given("document_type"),
            "status": given("status"),
            "nccu_references": quoted,
            "references": _each(self._reference, quoted),
            "incident_number": given("incident_number"),
            "incident": incident,
            "incident_day": (day or event_date) if incident is not None else None,
            "event_date": event_date,
            "source_evaluation": given("source_evaluation"),
            "intelligence_assessment": given("intelligence_assessment"),
            "handling_code": given("handling_code"),
            "amended_at": shaped.moments.get("amended_at"),
            **self._shared(shaped),
        }

    def _shared(self, shaped: Shaped) -> dict[str, Any]:
        """What both feeds hold; people as tokens."""
        given = shaped.record.get
        vehicles = given("vehicle_registrations") or []
        people = given("people") or []
        return {
            "custody_number": given("custody_number"),
            "custody": _maybe(self._custody, given("custody_number")),
            "postcode": _maybe(self._postcode, given("postcode")),
            "vehicle_registrations": vehicles,
            "vehicles": _each(self._vehicle, vehicles),
            "people": [
                self._tokens.person(
                    person.get("role"),
                    tuple(filter(None, (person.get("forename"), person.get("surname")))),
                    born,
                    person.get("nationality"),
                )
                for person, born in zip(people, shaped.births, strict=True)
            ],
        }

    def _incident_of(self, written: str | None) -> tuple[str | None, date | None]:
        return (None, None) if written is None else self._incident(written)


def _maybe(fold: Callable[[str], str | None], written: str | None) -> str | None:
    return None if written is None else fold(written)


def _each(fold: Callable[[str], str | None], written: list[str]) -> list[str]:
    """The folded forms, each once, in the order written; what folds to nothing is left out."""
    folded = (fold(one) for one in written)
    return list(dict.fromkeys(one for one in folded if one is not None))
