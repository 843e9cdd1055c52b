"""Pairing: which intelligence document answers which referral, with the evidence.

Frames in, frames out.  `pair` does everything at once, and `pair_prepared` does for sides
whose columns are at hand; the nightly path stores blocking keys and edges, calls
`blocking_keys`, `candidates` and `weigh` for new records only, and `decide` for the
components that changed.
"""

from domain.pairing.board import confirmed_pairs
from domain.pairing.candidates import candidates
from domain.pairing.components import components
from domain.pairing.decide import decide
from domain.pairing.engine import Side, pair, pair_prepared, prepared
from domain.pairing.evidence import weigh
from domain.pairing.explain import Evidence, disagreements, explain
from domain.pairing.frames import (
    DECISION_SCHEMA,
    DOCUMENT_SCHEMA,
    EDGE_SCHEMA,
    EVENT_FIELDS,
    FIELDS,
    KEY_SCHEMA,
    NEAREST_SCHEMA,
    OUTCOME_SCHEMA,
    PAIRING_SCHEMA,
    PEOPLE_FIELDS,
    PEOPLE_SCHEMA,
    REFERRAL_SCHEMA,
    Candidates,
    Decided,
    PairingResult,
    Records,
)
from domain.pairing.keys import KEYS_VERSION, blocking_keys
from domain.pairing.nearest import keep, nearest
from domain.pairing.obstacles import with_obstacles
from domain.pairing.twins import TwinCount, count_twins, decided_anew
from domain.pairing.weights import (
    Weights,
    WeightsRefused,
    default_weights,
    load_weights,
    weights_with,
)

__all__ = [
    "DECISION_SCHEMA",
    "DOCUMENT_SCHEMA",
    "EDGE_SCHEMA",
    "EVENT_FIELDS",
    "FIELDS",
    "KEYS_VERSION",
    "KEY_SCHEMA",
    "NEAREST_SCHEMA",
    "OUTCOME_SCHEMA",
    "PAIRING_SCHEMA",
    "PEOPLE_FIELDS",
    "PEOPLE_SCHEMA",
    "REFERRAL_SCHEMA",
    "Candidates",
    "Decided",
    "Evidence",
    "PairingResult",
    "Records",
    "Side",
    "TwinCount",
    "Weights",
    "WeightsRefused",
    "blocking_keys",
    "candidates",
    "components",
    "confirmed_pairs",
    "count_twins",
    "decide",
    "decided_anew",
    "default_weights",
    "disagreements",
    "explain",
    "keep",
    "load_weights",
    "nearest",
    "pair",
    "pair_prepared",
    "prepared",
    "weigh",
    "weights_with",
    "with_obstacles",
]
