"""The two feeds and the truth behind them, as frames made a slice at a time.

The columns stay numbers until they are asked for, so five million documents fit in memory
and are written in slices.  Frames have the contract's field names; times are aware UTC.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from synthetic import written_forms
from synthetic.corruptions import TABLE
from synthetic.damage import Written
from synthetic.decoys import SORTS
from synthetic.documents import KINDS, Answers
from synthetic.people import Named, people_lists, words
from synthetic.world import CHANNELS, EVENT_TYPES, NONE, Integers, World

STATUSES: Final = ("submitted", "accepted", "draft", "rejected", "withdrawn")
DOCUMENT_TYPES: Final = ("3x5x2", "3x5x2 intelligence report", "crime report", "custody debrief")
DISTRICT_NAMES: Final = (
    "Northmoor", "Ashby Vale", "Harbourside", "Kingsmead",
    "Eastwold", "Millbrook", "Saltmarsh", "Thornhill",
)  # fmt: skip


@dataclass(frozen=True)
class Quoted:
    """One row a reference that a document quotes, in order of document."""

    document: Integers
    serial: Integers
    form: Integers


@dataclass(frozen=True)
class Feeds:
    """Referrals in order of time, documents in order of submission, and what answers what."""

    world: World
    written: Written
    quoted: Quoted
    status: Integers
    document_type: Integers
    amended: Integers
    referral_people: Named
    document_people: Named
    answers: Answers

    @property
    def referrals(self) -> pl.DataFrame:
        """The whole referral feed."""
        return self.referral_slice(0, self.referral_count)

    @property
    def documents(self) -> pl.DataFrame:
        """The whole document feed."""
        return self.document_slice(0, self.document_count)

    @property
    def referral_count(self) -> int:
        """How many referrals there are."""
        return len(self.world.referrals.at)

    @property
    def document_count(self) -> int:
        """How many documents there are."""
        return len(self.status)

    @property
    def truth(self) -> pl.DataFrame:
        """One row a pair: referral_id, urn, kind (primary, cover or second)."""
        frame = pl.DataFrame(
            {
                "referral": self.answers.referral,
                "document": self.answers.document,
                "kind": words(KINDS, self.answers.kind),
                "force": self._forces(self.world.referrals.force[self.answers.referral]),
            }
        )
        return frame.select(
            referral_id=written_forms.referral_id(pl.col("force"), pl.col("referral")),
            urn=written_forms.urn(pl.col("force"), pl.col("document")),
            kind="kind",
        )

    @property
    def decoys(self) -> pl.DataFrame:
        """One row a document that answers nothing: urn, kind (a decoy's name or unrelated)."""
        rows = np.flatnonzero(self.written.facts.decoy != NONE)
        frame = pl.DataFrame(
            {
                "document": rows,
                "kind": words(SORTS, self.written.facts.decoy[rows]),
                "force": self._forces(self.written.facts.force[rows]),
            }
        )
        urn = written_forms.urn(pl.col("force"), pl.col("document"))
        return frame.select(urn.alias("urn"), "kind")

    @property
    def corruptions(self) -> pl.DataFrame:
        """One row for each damage done to a document that answers a referral: urn, corruption.

        Damage to a document's people is listed once, however many of them it befell.
        """
        answering = np.flatnonzero(self.written.facts.decoy == NONE)
        done = self.written.done.copy()
        np.bitwise_or.at(done, self.document_people.record, self.document_people.done)
        force = self._forces(self.written.facts.force)
        parts = []
        for bit, corruption in enumerate(TABLE):
            rows = answering[(done[answering] >> np.uint64(bit)) & np.uint64(1) == 1]
            part = pl.DataFrame({"document": rows, "force": force.gather(rows)})
            urn = written_forms.urn(pl.col("force"), pl.col("document")).alias("urn")
            parts.append(part.select(urn, pl.lit(corruption.name).alias("corruption")))
        return pl.concat(parts)

    def referral_slice(self, low: int, high: int) -> pl.DataFrame:
        """The referrals from row `low` up to `high`, in the contract's fields."""
        rows, col = self.world.referrals, pl.col
        names = ("at", "officer", "serial", "incident_number", "incident_day", "custody",
                 "postcode", "vehicle")  # fmt: skip
        frame = pl.DataFrame({name: getattr(rows, name)[low:high] for name in names}).with_columns(
            row=pl.Series(np.arange(low, high)),
            number=pl.Series(rows.force[low:high]),
            force=self._forces(rows.force[low:high]),
            district=words(DISTRICT_NAMES, rows.district[low:high]),
            event_type=words(EVENT_TYPES, rows.event_type[low:high]),
            channel=words(CHANNELS, rows.channel[low:high]),
            people=people_lists(self.referral_people, low, high),
        )
        day = col("incident_day")
        return frame.select(
            referral_id=written_forms.referral_id(col("force"), col("row")),
            force="force",
            nccu_reference=written_forms.reference(col("serial"), day, pl.lit(0)),
            referred_at=_instant("at"),
            officer_id=written_forms.officer(col("officer")),
            district="district",
            event_type="event_type",
            channel="channel",
            incident_number=written_forms.incident(
                col("force"), col("incident_number"), day, pl.lit(0)
            ),
            custody_number=written_forms.custody(col("force"), col("custody"), day),
            postcode=written_forms.postcode(col("postcode"), col("number"), pl.lit(0)),
            vehicle_registrations=written_forms.vehicles(col("vehicle"), pl.lit(False)),
            people="people",
        )

    def document_slice(self, low: int, high: int) -> pl.DataFrame:
        """The documents from row `low` up to `high`, in the contract's fields."""
        col = pl.col
        frame = self._document_numbers(low, high)
        day = col("incident_day")
        source, assessment, handling = (part[low:high] for part in self.written.grading)
        return frame.select(
            urn=written_forms.urn(col("force"), col("row")),
            force="force",
            submitted_at=_instant("submitted"),
            author_officer_id=written_forms.officer(col("author")),
            document_type=words(DOCUMENT_TYPES, self.document_type[low:high]),
            status=words(STATUSES, self.status[low:high]),
            nccu_references=self._references(low, high),
            incident_number=written_forms.incident(
                col("force"), col("incident_number"), day, col("incident_form")
            ),
            custody_number=written_forms.custody(col("force"), col("custody"), day),
            event_date=pl.when(col("event_day") != NONE).then(
                col("event_day").cast(pl.Int32).cast(pl.Date)
            ),
            postcode=written_forms.postcode(col("postcode"), col("number"), col("postcode_form")),
            vehicle_registrations=written_forms.vehicles(col("vehicle"), col("misread")),
            people=people_lists(self.document_people, low, high),
            source_evaluation=words(("1", "2", "3"), source).cast(pl.Int64),
            intelligence_assessment=words(tuple("ABCDE"), assessment),
            handling_code=words(tuple("PC"), handling),
            amended_at=pl.when(col("amended") != NONE).then(_instant("amended")),
        )

    def _document_numbers(self, low: int, high: int) -> pl.DataFrame:
        facts = self.written.facts
        names = ("submitted", "author", "incident_number", "incident_day", "event_day",
                 "custody", "postcode", "vehicle")  # fmt: skip
        columns: dict[str, Any] = {name: getattr(facts, name)[low:high] for name in names}
        return pl.DataFrame(
            {
                **columns,
                "row": np.arange(low, high),
                "number": facts.force[low:high],
                "force": self._forces(facts.force[low:high]),
                "incident_form": self.written.incident_form[low:high],
                "postcode_form": self.written.postcode_form[low:high],
                "misread": self.written.vehicle_misread[low:high],
                "amended": self.amended[low:high],
            }
        )

    def _references(self, low: int, high: int) -> pl.Series:
        """The references that each document quotes, as written."""
        first, last = np.searchsorted(self.quoted.document, (low, high))
        document = self.quoted.document[first:last]
        frame = pl.DataFrame(
            {
                "document": document,
                "serial": self.quoted.serial[first:last],
                "form": self.quoted.form[first:last],
                "day": self.written.facts.incident_day[document],
            }
        )
        text = written_forms.reference(pl.col("serial"), pl.col("day"), pl.col("form"))
        lists = frame.group_by("document", maintain_order=True).agg(text.alias("quoted"))
        every = pl.DataFrame({"document": np.arange(low, high)})
        joined = every.join(lists, on="document", how="left", maintain_order="left")
        none = pl.lit([], pl.List(pl.String))
        return joined.select(pl.col("quoted").fill_null(none)).to_series()

    def _forces(self, numbers: Integers) -> pl.Series:
        return words(self.world.forces, numbers)


def _instant(name: str) -> pl.Expr:
    return (pl.col(name) * 1_000_000).cast(pl.Datetime("us", "UTC"))
