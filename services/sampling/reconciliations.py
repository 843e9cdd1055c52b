"""Reconcile a sample's period with a second source, to be lodged in the frame's header."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from domain.errors import SampleRefused
from domain.identifiers import DEFAULT_RULES, IdentifierRules
from domain.sampling import reconciling
from domain.sampling.choices import Subject
from domain.sampling.reconciling import Compared, Reference
from models import METADATA
from services.sampling import stored
from services.sampling.texts import plain

VERSIONS = METADATA.tables["referral_version"]


def reconcile(
    session: Session,
    code: str,
    *,
    source: str,
    references: Iterable[str],
    explanation: str,
    rules: IdentifierRules = DEFAULT_RULES,
) -> Compared:
    """All referrals of the force and period, those left out of the frame as well, against a log.

    Args:
        code: The sample's code.
        source: What the log is; part of what is lodged.
        references: Those in the log, one a line, as written.
        explanation: What was found of the difference.
        rules: How the force writes references.

    Raises:
        SampleRefused: The sample is not of referrals, or as `reconciling.reconcile` refuses.
    """
    sample = stored.named(session, code)
    choices = stored.choices(sample)
    if choices.subject is not Subject.REFERRALS:
        raise SampleRefused(
            f"Sample {code} is not of referrals, and a log of referrals says nothing of it."
            " Freeze it without. Nothing was stored."
        )
    if not plain(source):
        raise SampleRefused("Say what the other source is. Nothing was stored.")
    version = VERSIONS.c
    found = session.connection().execute(
        select(version.nccu_reference, version.reference).where(
            version.force == choices.force,
            version.referred_at >= choices.period_from,
            version.referred_at < choices.period_until,
            version.superseded_at.is_(None),
        )
    )
    ours = [Reference(written, normal) for written, normal in found]
    return reconciling.reconcile(plain(source), ours, references, plain(explanation), rules)
