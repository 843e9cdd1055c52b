"""The records of one feed as columns: the frame of pairing, or the arrays that it makes of one.

Numbers are laid end to end and what repeats is held by its distinct values, so that the arrays
are made without the texts of the frame.  A test holds them to those made of the frame.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from adapters.feeds.packed_numbers import Lists, column_of, lists_of
from adapters.feeds.values import Coded
from domain.pairing.arrays import I64, NO_DAY, U64, days, microseconds
from domain.pairing.events import EventColumns, event_day
from domain.pairing.frames import DOCUMENT_SCHEMA, REFERRAL_SCHEMA
from domain.pairing.kernel import workers
from domain.pairing.texts import Packed, halves, hashes, text_hash
from domain.words import Feed

_INWARD = 4
"""The space and the inward half of a folded postcode, whose outward half is no longer."""


@dataclass(frozen=True)
class RecordColumns:
    """A row a record, whose key is its row; `own` is the field that only this feed has."""

    feed: Feed
    order: pl.Series
    at: pl.Series
    day: pl.Series
    force: Coded
    officer: Coded
    incident: Packed
    incident_day: I64
    custody: Packed
    postcode: Packed
    vehicles: Lists
    references: Lists
    own: pl.Series

    def frame(self) -> pl.DataFrame:
        """By REFERRAL_SCHEMA or DOCUMENT_SCHEMA."""
        single = self.feed == Feed.REFERRALS
        schema = REFERRAL_SCHEMA if single else DOCUMENT_SCHEMA
        references = lists_of(self.references)
        made = {
            "key": self._key(),
            "force": self.force.column(),
            "order": self.order,
            "at": self.at,
            "day": self.day,
            "officer": self.officer.column(),
            "references": references,
            "reference": references.list.first(),
            "incident": column_of(self.incident),
            "incident_day": _dates(self.incident_day),
            "custody": column_of(self.custody),
            "postcode": column_of(self.postcode),
            "vehicles": lists_of(self.vehicles),
            self.own.name: self.own,
        }
        return pl.DataFrame(made).select(pl.col(name).cast(kind) for name, kind in schema.items())

    def decided_by(self) -> pl.DataFrame:
        """What decisions need of the records."""
        found = pl.DataFrame({"key": self._key(), "order": self.order})
        if self.feed == Feed.DOCUMENTS:
            return found.with_columns(live=self.own)
        return found.with_columns(
            force=self.force.column(),
            incident=column_of(self.incident),
            incident_day=_dates(self.incident_day),
        )

    def events(self) -> EventColumns:
        """The arrays of the event, as `domain.pairing.events.event_columns` makes them."""
        postcode, quoted, day = self.postcode, self.references.texts, days(self.day)
        placed = postcode.length > _INWARD
        outward = postcode.length - np.where(placed, np.int32(_INWARD), np.int32(0))
        year, serial, dated = halves(quoted, "-")
        with workers(len(self.order)) as pool:
            outwards = Packed(postcode.data, postcode.start, outward)
            columns = (self.incident, self.custody, postcode, outwards)
            incidents, custodies, postcodes, outward_halves = pool.map(hashes, columns)
        return EventColumns(
            at=microseconds(self.at),
            day=event_day(day, self.incident_day) if self.feed == Feed.REFERRALS else day,
            force=_hashes(self.force),
            officer=_hashes(self.officer),
            incident=incidents,
            incident_text=self.incident,
            incident_day=self.incident_day,
            custody=custodies,
            custody_text=self.custody,
            postcode=postcodes,
            outward=outward_halves,
            placed=placed,
            vehicles=self.vehicles.of,
            vehicle=hashes(self.vehicles.texts),
            references=self.references.of,
            serial=hashes(serial),
            serial_text=serial,
            year=np.where(dated, hashes(year), np.uint64(0)),
        )

    def _key(self) -> pl.Series:
        return pl.int_range(len(self.order), dtype=pl.Int64, eager=True).alias("key")


def _hashes(found: Coded) -> U64:
    """The hash of each row's text."""
    return text_hash(found.values)[found.number]


def _dates(found: I64) -> pl.Series:
    """Days since 1970 as dates."""
    written = pl.Series(np.where(found == NO_DAY, 0, found).astype(np.int32)).cast(pl.Date)
    return written.set(pl.Series(found == NO_DAY), None)
