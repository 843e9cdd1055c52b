"""What stands how, counted as it changes: a night's counts cost the same after ten years.

Each change adds its difference in its own transaction, so a night that is killed leaves
the tally as right as the rows it is of.  `recounted` is the slow way to the same numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.words import FlagState, Settlement
from models import DeliveryRow, DocumentRow, FlagRow, ReferralRow, TallyRow
from services.neighbourhood import chunks

DOCUMENTS = "documents"
QUARANTINED = "quarantined"
SETTLED_LATE = "settled late"
REFERRALS = "referrals"
AXES = ("pairing", "obligation", "flag", "held")
NEW_REFERRAL = f"{REFERRALS}/-/-/-/False"

Numbers = Counter[str]


def add(session: Session, force: str, changes: Mapping[str, int]) -> None:
    """Note by how many each thing has changed."""
    rows = [
        {"force": force, "what": what, "number": number}
        for what, number in sorted(changes.items())
        if number
    ]
    if rows:
        session.execute(insert(TallyRow), rows)


@contextmanager
def following(session: Session, force: str, referrals: Iterable[int]) -> Iterator[None]:
    """Note what the block changes of some referrals and their flags."""
    numbers = list(referrals)
    before = _standing(session, numbers)
    yield
    session.flush()
    after = _standing(session, numbers)
    after.subtract(before)
    add(session, force, after)


def read(session: Session, force: str) -> Numbers:
    """How many there are of each thing; see `referrals` for theirs."""
    rows = session.exec(
        select(TallyRow.what, func.sum(TallyRow.number))
        .where(col(TallyRow.force) == force)
        .group_by(col(TallyRow.what))
    )
    return Counter({what: int(number) for what, number in rows if number})


def fold(session: Session, force: str) -> None:
    """Put one row in the place of several of the same thing; the sums stay."""
    several = session.exec(
        select(TallyRow.what)
        .where(col(TallyRow.force) == force)
        .group_by(col(TallyRow.what))
        .having((func.count() > 1) | (func.sum(TallyRow.number) == 0))
        .limit(1)
    )
    if several.first() is None:
        return
    taken = session.execute(
        delete(TallyRow)
        .where(col(TallyRow.force) == force)
        .returning(col(TallyRow.what), col(TallyRow.number))
    )
    sums: Numbers = Counter()
    for what, number in taken.all():
        sums[what] += number
    add(session, force, sums)


def recounted(session: Session, force: str) -> Numbers:
    """The same numbers from the rows themselves: every one of the force is read."""
    found = _of_referrals(session, col(ReferralRow.force) == force)
    found[DOCUMENTS] = _number(session, select(func.count()).where(col(DocumentRow.force) == force))
    found[SETTLED_LATE] = _late(session, col(FlagRow.force) == force)
    found[QUARANTINED] = _number(
        session,
        select(func.coalesce(func.sum(DeliveryRow.rows_quarantined), 0)).where(
            col(DeliveryRow.force) == force
        ),
    )
    return +found


def referrals(numbers: Numbers, **wanted: str | bool) -> int:
    """How many referrals stand as wanted on the axes that are named."""
    asked = {axis: _word(value) for axis, value in wanted.items()}
    return sum(
        number
        for what, number in numbers.items()
        if (values := what.split("/"))[0] == REFERRALS
        and asked.items() <= dict(zip(AXES, values[1:], strict=True)).items()
    )


def _standing(session: Session, referrals: Iterable[int]) -> Numbers:
    found: Numbers = Counter()
    for some in chunks(referrals):
        found += _of_referrals(session, col(ReferralRow.id).in_(some))
        found[SETTLED_LATE] += _late(session, col(FlagRow.referral).in_(some))
    return found


def _of_referrals(session: Session, which: Any) -> Numbers:
    axes = [col(getattr(ReferralRow, name)) for name in AXES]
    grouped = session.connection().execute(
        select(*axes, func.count()).where(which).group_by(*axes)  # type: ignore[call-overload]  # more columns than it has overloads
    )
    found: Numbers = Counter()
    for *values, number in grouped:
        found["/".join([REFERRALS, *map(_word, values)])] += number
    return found


def _word(value: object) -> str:
    return "-" if value is None else str(value)


def _late(session: Session, which: Any) -> int:
    return _number(
        session,
        select(func.count()).where(
            which,
            col(FlagRow.state) == FlagState.SETTLED,
            col(FlagRow.settled_as) == Settlement.LATE,
        ),
    )


def _number(session: Session, query: SelectOfScalar[int]) -> int:
    return int(session.exec(query).one())
