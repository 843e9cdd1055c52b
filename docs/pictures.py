"""The pictures of the documentation, drawn by the product from fixed, invented records."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from adapters.tokens import person_tokens
from domain.pairing import default_weights, explain, weigh
from domain.pairing.waterfall import waterfall
from domain.words import Feed
from services.frames import to_records

REFERRED = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
KEY = b"the key of an invented force, 32 bytes"
PERSON = {"role": "suspect", "forename": "Testina", "surname": "Sample", "nationality": "ALB"}
SHARED: Mapping[str, Any] = {
    "force": "EX",
    "incident": "512",
    "incident_day": REFERRED.date(),
    "custody": None,
    "vehicles": [],
}


def evidence() -> str:
    """The waterfall of a document with a mistyped reference, another author and a swapped birth."""
    referral = {
        **SHARED,
        "referral_id": "EX-R-0000012",
        "referred_at": REFERRED,
        "reference": "26-300417",
        "officer": "1234",
        "postcode": "ZA1 4AP",
        "people": [person_tokens({**PERSON, "date_of_birth": date(1990, 4, 11)}, KEY)],
    }
    document = {
        **SHARED,
        "urn": "EX/INT/0000345",
        "submitted_at": REFERRED + timedelta(hours=30),
        "event_date": REFERRED.date(),
        "references": ["26-300418"],
        "officer": "5678",
        "postcode": "ZA1 4AP",
        "people": [person_tokens({**PERSON, "date_of_birth": date(1990, 11, 4)}, KEY)],
    }
    weights = default_weights()
    edges = weigh(
        pl.DataFrame({"referral": [1], "document": [1]}),
        to_records(Feed.REFERRALS, [(1, referral)]),
        to_records(Feed.DOCUMENTS, [(1, document)]),
        weights,
    )
    found = explain(edges.row(0, named=True), weights)
    return waterfall(found, "Referral EX-R-0000012 and document EX/INT/0000345")
