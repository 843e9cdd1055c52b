"""Clean records and whole nights, valid by default: a test states only what it is about.

Number n of a referral and number n of a document are of one case: the same reference,
incident, officer and person, so the document answers the referral.  Two numbers share
nothing, not even an officer.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Engine

from adapters import database
from adapters.feeds import DEFAULT_RULES, ReadRow, load_map
from adapters.policies import load_policies
from adapters.tokens import person_tokens
from domain.feed_trust import Trust
from domain.identifiers import IdentifierRules
from domain.pairing import Weights, default_weights
from domain.policy import Policy, PolicySet
from domain.words import Feed
from services import deliveries, judging, nights, pairing
from services.deliveries import DeliveredFile
from services.dry_run_parts import Asked
from services.frames import canonical
from services.judging import JudgingCounts
from services.pairing import PairingCounts
from services.versions import Counts

Record: TypeAlias = dict[str, Any]

FORCE = "KEN"
KEY = b"a key of 16 bytes or more"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
REFERRED = datetime(2026, 3, 2, 10, tzinfo=UTC)
"""When a referral was made: a Monday, in a week without a bank holiday."""
FIRST_NIGHT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
"""The night after it; its default grace period ends on Thursday at 10:00."""
AFTER_GRACE = datetime(2026, 3, 6, 2, 30, tzinfo=UTC)
"""The first night after that."""
POLICIES = PolicySet((Policy(effective_from=date(2026, 1, 1)),))
RULES = IdentifierRules()
FORENAMES = ("Amara", "Bogdan", "Chidi", "Daryna", "Emeka", "Fatima", "Goran", "Halima")
SURNAMES = ("Okafor", "Petrescu", "Qureshi", "Rahimi", "Shevchenko", "Tadesse", "Ustinov")


def a_person(number: int = 1, **changes: Any) -> Record:
    """The tokens of suspect `number`; two numbers share no name and no date of birth."""
    born = date(1980, 2, 3) + number * timedelta(days=401)
    named = {
        "role": "suspect",
        "forename": f"{FORENAMES[number % 8]}{'aeiou'[number // 8 % 5]}",
        "surname": f"{SURNAMES[number % 7]}{'aeiou'[number // 7 % 5]}",
        "date_of_birth": born,
        "nationality": None,
    }
    return person_tokens({**named, **changes}, KEY)


def a_referral(number: int = 1, **changes: Any) -> Record:
    """Referral ``R<number>`` as it leaves the door; normalised forms follow the written ones."""
    record: Record = {
        "force": FORCE,
        "referral_id": f"R{number}",
        "nccu_reference": f"NCCU/26/{number * 7919:07}",
        "referred_at": REFERRED,
        "officer_id": f"PC{4000 + number}",
        "district": "North",
        "event_type": "illegal entry",
        "channel": "phone",
        "incident_number": str(number * 131 + 50),
        "custody_number": None,
        "postcode": None,
        "vehicle_registrations": [],
        "people": [a_person(number)],
        **changes,
    }
    reference = record["nccu_reference"]
    record.setdefault("reference", RULES.normalise_reference(reference) if reference else None)
    record.setdefault("officer", RULES.normalise_officer(record["officer_id"]))
    return _folded(record, record["referred_at"].date())


def a_document(number: int = 1, **changes: Any) -> Record:
    """Document ``U<number>``, which answers ``R<number>``: complete, five hours later."""
    record: Record = {
        "force": FORCE,
        "urn": f"U{number}",
        "submitted_at": REFERRED + 5 * HOUR,
        "author_officer_id": f"PC{4000 + number}",
        "document_type": "3x5x2",
        "status": "submitted",
        "nccu_references": [f"NCCU/26/{number * 7919:07}"],
        "incident_number": str(number * 131 + 50),
        "custody_number": None,
        "event_date": REFERRED.date(),
        "postcode": None,
        "vehicle_registrations": [],
        "people": [a_person(number)],
        "source_evaluation": "1",
        "intelligence_assessment": "A",
        "handling_code": "P",
        "amended_at": None,
        **changes,
    }
    quoted = [RULES.normalise_reference(written) for written in record["nccu_references"]]
    record.setdefault("references", [each for each in quoted if each])
    record.setdefault("officer", RULES.normalise_officer(record["author_officer_id"]))
    return _folded(record, record["event_date"])


def an_ordinary_document(as_of: datetime, number: int = 0) -> Record:
    """One of the many documents that answer no referral, submitted three hours before a night."""
    officer = 9000 + number
    return a_document(
        urn=f"ORD-{as_of:%Y%m%d%H%M}-{number}",
        submitted_at=as_of - 3 * HOUR,
        author_officer_id=f"DC{officer}",
        nccu_references=[],
        incident_number=None,
        event_date=as_of.date(),
        people=[],
    )


def asked_of(feed: Feed, path: Path, **changes: Any) -> Asked:
    """What a dry run is asked of a file: by the map, the rules and the policy that ship."""
    said: dict[str, Any] = {
        "column_map": load_map(None, feed.value),
        "rules": DEFAULT_RULES,
        "policies": load_policies(None),
        "as_of": datetime(2026, 6, 1, 2, 30, tzinfo=UTC),
        "force": None,
        "key": KEY,
    }
    return Asked(feed=feed, path=path, **(said | changes))


@dataclass(frozen=True)
class Night:
    """What one night did; `received` has the counts of each of its files, documents first."""

    judged: bool
    received: list[Counts] = field(default_factory=list)
    pairing: PairingCounts = field(default_factory=PairingCounts)
    judging: JudgingCounts = field(default_factory=JudgingCounts)
    trust: Trust | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)


def a_night(
    engine: Engine,
    as_of: datetime,
    *,
    referrals: Sequence[Record] = (),
    documents: Sequence[Record] | None = (),
    ordinary: int = 1,
    force: str = FORCE,
    policies: PolicySet = POLICIES,
    weights: Weights | None = None,
) -> Night:
    """Run one whole night, a transaction a step, as tasks/overnight.py does.

    Args:
        engine: A migrated database.
        as_of: Aware UTC; the instant to judge by.
        referrals, documents: What the two feeds deliver, one file each; no file of
            referrals when there are none, and none of documents when that is None.
        ordinary: How many documents that answer nothing come with `documents`.
        force: Records are delivered as this force's.
        policies, weights: Those to judge and pair by.
    """
    files: list[tuple[Feed, Sequence[Record]]] = []
    if documents is not None:
        usual = [an_ordinary_document(as_of, number) for number in range(ordinary)]
        files.append((Feed.DOCUMENTS, [*usual, *documents]))
    if referrals:
        files.append((Feed.REFERRALS, referrals))
    return a_night_of_files(engine, as_of, files, force=force, policies=policies, weights=weights)


def a_night_of_files(
    engine: Engine,
    as_of: datetime,
    files: Iterable[tuple[Feed, Sequence[Record]]],
    *,
    force: str = FORCE,
    policies: PolicySet = POLICIES,
    weights: Weights | None = None,
) -> Night:
    """The same, with any number of files of either feed, taken in their order."""
    weights = weights or default_weights()
    now, actor = as_of + timedelta(minutes=5), f"system:{as_of:%Y%m%d}"
    told: dict[str, Any] = {"as_of": as_of, "policies": policies, "actor": actor}
    with database.session(engine) as session:
        if not nights.begin(session, force, weights=weights, now=now, **told).run:
            return Night(judged=False)
    received = []
    for feed, records in files:
        file, rows = a_file(feed, records, force)
        with database.session(engine) as session:
            taken = deliveries.receive(
                session, file, rows, policies=policies, known_at=as_of, now=now, actor=actor
            )
        received.append(taken.counts)
    with database.session(engine) as session:
        paired = pairing.pair_force(session, force, weights=weights, **told)
    with database.session(engine) as session:
        judged, _ = judging.judge_force(session, force, **told)
    with database.session(engine) as session:
        trust = judging.feed_trust(session, force, as_of, policies)
        silent = deliveries.silent(session, force, as_of=as_of, policies=policies)
        counts = nights.finish(
            session,
            force,
            as_of=as_of,
            trust=trust,
            work={"pairing": {"warnings": [*paired.warnings]}},
            now=now,
            silent=silent,
        )
    return Night(True, received, paired, judged, trust, counts)


def a_file(
    feed: Feed, records: Sequence[Record], force: str = FORCE
) -> tuple[DeliveredFile, list[ReadRow]]:
    """A delivered file of clean records and its rows; the same records are the same bytes."""
    theirs = [{**record, "force": force} for record in records]
    text = canonical(theirs).encode()
    file = DeliveredFile(
        force=force,
        feed=feed,
        name=f"{feed}.csv",
        sha256=hashlib.sha256(text).hexdigest(),
        size=len(text),
        map_hash="m" * 64,
    )
    return file, [ReadRow(number, record, ()) for number, record in enumerate(theirs, start=2)]


def _folded(record: Record, day: date | None) -> Record:
    """`record` with the comparable form of its incident, custody number and vehicles."""
    incident, custody = record["incident_number"], record["custody_number"]
    written = RULES.normalise_incident(incident) if incident else None
    record.setdefault("incident", written.serial if written else None)
    record.setdefault("incident_day", (written.day or day) if written else None)
    record.setdefault("custody", RULES.normalise_custody(custody) if custody else None)
    record.setdefault("vehicles", list(record["vehicle_registrations"]))
    return record
