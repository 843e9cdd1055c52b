"""What the audit trail can say was done, and which operation of the law each is."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """The operations that section 62 of the Data Protection Act 2018 wants logged, and ours."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ADMINISTRATIVE = "administrative"


class Action(StrEnum):
    """What was done, as the trail says it. A word once used is never given another meaning."""

    DELIVERY_TAKEN = "delivery taken"
    DELIVERY_REFUSED = "delivery refused"
    PAIRING_MADE = "pairing made"
    PAIRING_ENDED = "pairing ended"
    DECISION_NOTICED = "decision overtaken by evidence"
    DECISION_ENDED = "decision ended"
    EXEMPTION_NOTICED = "exemption overtaken by evidence"
    PAIRING_CONFIRMED = "pairing confirmed"
    PAIRING_REJECTED = "pairing rejected"
    FLAG_OPENED = "flag opened"
    FLAG_CHANGED = "flag changed"
    FLAG_SETTLED = "flag settled"
    FLAG_REOPENED = "flag reopened"
    FLAGS_HELD = "flags held"
    EXEMPTION_ASKED = "exemption asked"
    EXEMPTION_APPROVED = "exemption approved"
    EXEMPTION_ENDED = "exemption ended"
    REFERRAL_READ = "referral read"
    LIST_READ = "list read"
    TRAIL_READ = "audit trail read"
    REPORT_EXPORTED = "report exported"
    NOTICE_SENT = "notice sent"
    RECORDS_ERASED = "records erased"
    NIGHT_STARTED = "night started"
    NIGHT_FINISHED = "night finished"
    NIGHT_FAILED = "night failed"
    PAIRED_ANEW = "paired anew"
    CONTRADICTION_RAISED = "contradiction raised"
    CONTRADICTION_CLOSED = "contradiction closed"
    POLICY_ADOPTED = "policy adopted"
    SAMPLE_PLANNED = "sample planned"
    FRAME_FROZEN = "sampling frame frozen"
    FRAME_EXPORTED = "sampling frame exported"
    SEED_ENTERED = "seed entered"
    SAMPLE_DRAWN = "sample drawn"
    WORKSHEET_EXPORTED = "worksheet exported"
    FINDINGS_RECORDED = "findings recorded"
    ITEMS_REPLACED = "sampled items replaced"
    SAMPLE_EXTENDED = "sample extended"
    SAMPLE_EVALUATED = "sample evaluated"
    PACK_EXPORTED = "working paper exported"


KINDS: Mapping[Action, Kind] = {
    Action.DELIVERY_TAKEN: Kind.COLLECTION,
    Action.DELIVERY_REFUSED: Kind.COLLECTION,
    Action.PAIRING_MADE: Kind.COMBINATION,
    Action.PAIRING_ENDED: Kind.COMBINATION,
    Action.DECISION_NOTICED: Kind.ALTERATION,
    Action.DECISION_ENDED: Kind.ALTERATION,
    Action.EXEMPTION_NOTICED: Kind.ALTERATION,
    Action.PAIRING_CONFIRMED: Kind.COMBINATION,
    Action.PAIRING_REJECTED: Kind.COMBINATION,
    Action.FLAG_OPENED: Kind.ALTERATION,
    Action.FLAG_CHANGED: Kind.ALTERATION,
    Action.FLAG_SETTLED: Kind.ALTERATION,
    Action.FLAG_REOPENED: Kind.ALTERATION,
    Action.FLAGS_HELD: Kind.ALTERATION,
    Action.EXEMPTION_ASKED: Kind.ALTERATION,
    Action.EXEMPTION_APPROVED: Kind.ALTERATION,
    Action.EXEMPTION_ENDED: Kind.ALTERATION,
    Action.REFERRAL_READ: Kind.CONSULTATION,
    Action.LIST_READ: Kind.CONSULTATION,
    Action.TRAIL_READ: Kind.CONSULTATION,
    Action.REPORT_EXPORTED: Kind.DISCLOSURE,
    Action.NOTICE_SENT: Kind.DISCLOSURE,
    Action.RECORDS_ERASED: Kind.ERASURE,
    Action.NIGHT_STARTED: Kind.ADMINISTRATIVE,
    Action.NIGHT_FINISHED: Kind.ADMINISTRATIVE,
    Action.NIGHT_FAILED: Kind.ADMINISTRATIVE,
    Action.PAIRED_ANEW: Kind.COMBINATION,
    Action.CONTRADICTION_RAISED: Kind.ALTERATION,
    Action.CONTRADICTION_CLOSED: Kind.ALTERATION,
    Action.POLICY_ADOPTED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_PLANNED: Kind.ADMINISTRATIVE,
    Action.FRAME_FROZEN: Kind.CONSULTATION,
    Action.FRAME_EXPORTED: Kind.DISCLOSURE,
    Action.SEED_ENTERED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_DRAWN: Kind.ADMINISTRATIVE,
    Action.WORKSHEET_EXPORTED: Kind.DISCLOSURE,
    Action.FINDINGS_RECORDED: Kind.ADMINISTRATIVE,
    Action.ITEMS_REPLACED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_EXTENDED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_EVALUATED: Kind.ADMINISTRATIVE,
    Action.PACK_EXPORTED: Kind.DISCLOSURE,
}
