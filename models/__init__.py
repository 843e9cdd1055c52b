"""The tables, one a file; importing the package imports them all.

A table that nobody imported would be missing from the metadata, and so from a migration; a
repository test looks for one.
"""

from models.audit_event import AuditEventRow
from models.base import METADATA
from models.blocking_key import BlockingKeyRow
from models.candidate import CandidateRow
from models.contradiction import ContradictionRow
from models.decision import DecisionRow
from models.delivery import DeliveryRow
from models.document import DocumentRow
from models.document_version import DocumentVersionRow
from models.exemption import ExemptionRow
from models.flag import FlagRow
from models.flag_event import FlagEventRow
from models.pairing import PairingRow
from models.quarantined_row import QuarantinedRow
from models.referral import ReferralRow
from models.referral_version import ReferralVersionRow
from models.run import RunRow
from models.sample import SampleRow
from models.sample_evaluation import SampleEvaluationRow
from models.sample_finding import SampleFindingRow
from models.sample_frame import SampleFrameRow
from models.sample_item import SampleItemRow
from models.sample_replacement import SampleReplacementRow
from models.sample_ticket import SampleTicketRow
from models.tally import TallyRow

__all__ = [
    "METADATA",
    "AuditEventRow",
    "BlockingKeyRow",
    "CandidateRow",
    "ContradictionRow",
    "DecisionRow",
    "DeliveryRow",
    "DocumentRow",
    "DocumentVersionRow",
    "ExemptionRow",
    "FlagEventRow",
    "FlagRow",
    "PairingRow",
    "QuarantinedRow",
    "ReferralRow",
    "ReferralVersionRow",
    "RunRow",
    "SampleEvaluationRow",
    "SampleFindingRow",
    "SampleFrameRow",
    "SampleItemRow",
    "SampleReplacementRow",
    "SampleRow",
    "SampleTicketRow",
    "TallyRow",
]
