"""The frames that pairing takes and gives, and nothing else.

A side of the comparison is a frame of records and a frame of the people named in them.
Names are never here: people are keyed tokens of 64 bits, made at the door (domain.md,
"Minimise").  The order of rows and of columns never matters.
"""

from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

_UTC = pl.Datetime("us", "UTC")
Schema: TypeAlias = dict[str, pl.DataType]

REFERRAL_SCHEMA: Schema = {
    "key": pl.Int64(),
    "force": pl.String(),
    "order": pl.String(),
    "at": _UTC,
    "day": pl.Date(),
    "officer": pl.String(),
    "reference": pl.String(),
    "incident": pl.String(),
    "incident_day": pl.Date(),
    "custody": pl.String(),
    "postcode": pl.String(),
    "vehicles": pl.List(pl.String()),
    "event_type": pl.String(),
}
DOCUMENT_SCHEMA: Schema = {
    "key": pl.Int64(),
    "force": pl.String(),
    "order": pl.String(),
    "at": _UTC,
    "day": pl.Date(),
    "officer": pl.String(),
    "references": pl.List(pl.String()),
    "incident": pl.String(),
    "incident_day": pl.Date(),
    "custody": pl.String(),
    "postcode": pl.String(),
    "vehicles": pl.List(pl.String()),
    "live": pl.Boolean(),
}
PEOPLE_SCHEMA: Schema = {
    "record": pl.Int64(),
    "person": pl.Int32(),
    "names": pl.List(pl.UInt64()),
    "sounds": pl.List(pl.UInt64()),
    "dob": pl.UInt64(),
    "dob_ordered": pl.UInt64(),
    "initial_dob": pl.List(pl.UInt64()),
    "dob_is_default": pl.Boolean(),
    "nationality": pl.String(),
    "role": pl.String(),
}
DECISION_SCHEMA: Schema = {
    "referral": pl.Int64(),
    "document": pl.Int64(),
    "verdict": pl.String(),
}
KEY_SCHEMA: Schema = {"record": pl.Int64(), "key": pl.Int64()}
PAIR_SCHEMA: Schema = {"referral": pl.Int64(), "document": pl.Int64()}

EVENT_FIELDS = ("officer", "incident", "custody", "vehicle", "postcode", "day", "gap")
PEOPLE_FIELDS = ("name", "dob", "nationality", "people_choice", "people_more", "people_cap")
FIELDS = ("reference", *EVENT_FIELDS, *PEOPLE_FIELDS)
"""Evidence fields in the order in which they are shown; their bits and the prior add up."""

EDGE_SCHEMA: Schema = {
    "referral": pl.Int64(),
    "document": pl.Int64(),
    "weight": pl.Float64(),
    **{f"w_{field}": pl.Float32() for field in FIELDS},
    **{f"l_{field}": pl.UInt8() for field in FIELDS},
    "hours": pl.Int32(),
    "days": pl.Int32(),
    "fingerprint": pl.Int64(),
}
PAIRING_SCHEMA: Schema = {
    "referral": pl.Int64(),
    "document": pl.Int64(),
    "role": pl.String(),
    "band": pl.String(),
    "rule": pl.String(),
    "weight": pl.Float64(),
    "margin": pl.Float64(),
    **{name: kind for name, kind in EDGE_SCHEMA.items() if name[:2] in ("w_", "l_")},
    "hours": pl.Int32(),
    "days": pl.Int32(),
    "fingerprint": pl.Int64(),
}
OUTCOME_SCHEMA: Schema = {
    "referral": pl.Int64(),
    "state": pl.String(),
    "reason": pl.String(),
}
COMPONENT_SCHEMA: Schema = {
    "kind": pl.String(),
    "key": pl.Int64(),
    "component": pl.Int64(),
}
NEAREST_SCHEMA: Schema = {
    "referral": pl.Int64(),
    "rank": pl.UInt32(),
    **{name: kind for name, kind in EDGE_SCHEMA.items() if name != "referral"},
    "live": pl.Boolean(),
}


@dataclass(frozen=True)
class Records:
    """One side: records as in REFERRAL_SCHEMA or DOCUMENT_SCHEMA, people as in PEOPLE_SCHEMA."""

    records: pl.DataFrame
    people: pl.DataFrame

    def only(self, keys: pl.Series) -> "Records":
        """The records whose key is among `keys`, with their people."""
        wanted = pl.DataFrame({"key": keys})
        return Records(
            self.records.join(wanted, on="key", how="semi"),
            self.people.join(wanted, left_on="record", right_on="key", how="semi"),
        )


RecordsLike: TypeAlias = Records | pl.DataFrame


def records_of(side: RecordsLike) -> pl.DataFrame:
    """The records frame, whichever way the side was given."""
    return side.records if isinstance(side, Records) else side


def empty(schema: Schema) -> pl.DataFrame:
    """A frame without rows."""
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Candidates:
    """Pairs worth weighing (PAIR_SCHEMA, distinct), and what was left out for being too common."""

    pairs: pl.DataFrame
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Decided:
    """Pairings as in PAIRING_SCHEMA, and one outcome (OUTCOME_SCHEMA) for each referral."""

    pairings: pl.DataFrame
    outcomes: pl.DataFrame


@dataclass(frozen=True)
class PairingResult:
    """Everything one run of pairing says.

    `nearest` (NEAREST_SCHEMA) is for referrals that are not paired; `edges` (EDGE_SCHEMA) are
    those of at least the floor, and all candidates of referrals that are not paired.
    """

    pairings: pl.DataFrame
    outcomes: pl.DataFrame
    nearest: pl.DataFrame
    edges: pl.DataFrame
    warnings: tuple[str, ...]
