"""Current versions out of the database, as the clean records that the door once made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select
from sqlmodel import Session, col, select

from domain.obligation import DocumentFacts, fields_present, satisfies
from domain.pairing import Records
from domain.policy import Policy, PolicySet
from domain.words import Feed, Role
from services.feed_tables import TABLES
from services.frames import to_records
from services.neighbourhood import chunks

Stored: TypeAlias = Mapping[str, Any]


def current(session: Session, feed: Feed, keys: Iterable[int]) -> dict[int, Stored]:
    """The current version of each record, by the id of its head, in the order of the ids."""
    parent = TABLES[feed].parent
    queries = (current_of(feed, some) for some in chunks(keys))
    rows = (row for each in queries for row in session.connection().execute(each).mappings())
    return {row[parent]: dict(row) for row in rows}


def current_of(feed: Feed, keys: Sequence[int]) -> Select[Any]:
    """The query for the current version of each record, in the order of the ids of its heads."""
    tables = TABLES[feed]
    columns = tables.version.__table__  # type: ignore[union-attr]
    found: Select[Any] = (
        columns.select()
        .where(columns.c[tables.parent].in_(keys), columns.c.superseded_at.is_(None))
        .order_by(columns.c[tables.parent])
    )
    return found


def as_known(
    session: Session, feed: Feed, force: str, as_of: Any, keys: Iterable[int] | None = None
) -> dict[int, Stored]:
    """The version of each record (or of `keys`) known at `as_of`, by the id of its head."""
    parent = TABLES[feed].parent
    query = known_at(feed, force, as_of)
    named = query.selected_columns[parent]
    queries = [query] if keys is None else [query.where(named.in_(some)) for some in chunks(keys)]
    rows = (row for each in queries for row in session.connection().execute(each).mappings())
    return {row[parent]: dict(row) for row in rows}


def known_at(feed: Feed, force: str, as_of: Any) -> Select[Any]:
    """The query for the version of each record that was known at `as_of`."""
    tables = TABLES[feed]
    columns = tables.version.__table__  # type: ignore[union-attr]
    found: Select[Any] = (
        columns.select()
        .where(
            columns.c.force == force,
            columns.c.known_at <= as_of,
            columns.c.superseded_at.is_(None) | (columns.c.superseded_at > as_of),
        )
        .order_by(columns.c[tables.parent], columns.c.version)
    )
    return found


def ids(session: Session, feed: Feed, force: str, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the heads of records named by their source systems' own keys."""
    tables = TABLES[feed]
    head = tables.head
    rows = session.exec(
        select(getattr(head, tables.key), head.id).where(
            col(head.force) == force, getattr(head, tables.key).in_(list(keys))
        )
    )
    return {str(key): number for key, number in rows if number is not None}


def frames(feed: Feed, stored: Mapping[int, Stored], policies: PolicySet) -> Records:
    """The frames that pairing reads; a document is live when its policy lets it satisfy."""
    if feed == Feed.REFERRALS:
        return to_records(feed, stored.items())
    return to_records(feed, stored.items(), (is_live(row, policies) for row in stored.values()))


def is_live(document: Stored, policies: PolicySet) -> bool:
    """Whether a document can satisfy a referral at all, by its status and type."""
    policy = policies.counting(document["submitted_at"])
    return satisfies(document_facts(document, policy), policy)


def document_facts(record: Stored, policy: Policy, role: Role = Role.PRIMARY) -> DocumentFacts:
    """What judging needs to know of a document, by the policy that its referral is under."""
    return DocumentFacts(
        urn=record["urn"],
        submitted_at=record["submitted_at"],
        status=record["status"],
        document_type=record["document_type"],
        present_fields=fields_present(record, policy.required_fields),
        role=role.value,
    )
