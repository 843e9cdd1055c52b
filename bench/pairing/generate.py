"""Make the benchmark's feeds with their truth: `generate`, and `python -m bench.pairing make`.

Seven Parquet files.  `referrals`, `referral_people`, `documents` and `document_people` have the
columns of the feeds' published contracts (schemas/), people as rows of their own with their
record's keys and a number; instants are UTC, days are dates.  `truth` has a row for each true
pair: force, referral_id, urn, kind (one-to-one, cover, second, replacement), `counts` (false
where the document is a draft, rejected, withdrawn or of another type, so that it is no answer
and not pairing it is no miss) and `profile` (rushed, incident_only or none).  `decoys` has a
row for each document that answers nothing but seems to: force, urn, kind, and the referral
that it apes.  `done` has a row for each document and a column for each corruption of it.

Everything is drawn from one seed in order, so equal arguments give equal files.  What is done
and how often is in `corruptions`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from bench.pairing import people, written
from bench.pairing.answers import KINDS, SORT, SORTS, Answers, answers
from bench.pairing.corruptions import DECOYS, Chooser, Setting
from bench.pairing.damage import Written, a_digit_wrong, damage
from bench.pairing.decoys import Others, others
from bench.pairing.world import (
    NONE,
    Table,
    Whole,
    World,
    london_day,
    make_world,
    stacked,
    taken,
    years,
)

FILES: Final = (
    "referrals", "referral_people", "documents", "document_people", "truth", "decoys", "done",
)  # fmt: skip
EVENT_TYPES: Final = ("encounter", "arrest", "traffic stop", "clandestine entry", "other")
CHANNELS: Final = ("phone", "e-mail", "form")
STATUSES: Final = ("submitted", "accepted", "draft", "rejected", "withdrawn")
TYPES: Final = ("3x5x2", "3x5x2 intelligence report", "crime report", "safeguarding referral")
DOCUMENTS_A_REFERRAL: Final = 5


@dataclass(frozen=True)
class _All:
    """Everything about the documents, in order of submission."""

    world: World
    documents: Written
    people: Table
    pairs: Table
    live: Whole
    incidents: Table
    identities: Table


def generate(
    out: Path,
    referrals: int,
    setting: Setting = "realistic",
    seed: int = 1,
    without: Collection[str] = (),
) -> None:
    """Write the files into a folder, which is made if it is not there.

    Args:
        out: The folder.
        referrals: At least 100; there are five times as many documents.
        setting: easy, realistic or harsh.
        seed: Equal arguments give equal files.
        without: Names of corruptions and decoys that do not happen.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in frames(referrals, setting, seed, without):
        frame.write_parquet(out / f"{name}.parquet", statistics=True)


def frames(
    referrals: int, setting: Setting = "realistic", seed: int = 1, without: Collection[str] = ()
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The same as frames by name, one after the other."""
    chooser = Chooser(np.random.default_rng(seed), setting, without)
    made = _everything(chooser, referrals)
    number, day = written.log_numbers(made.incidents["force"], made.incidents["at"])
    made.incidents.update(number=number, day=day)
    ours = _referrals(chooser, made)
    yield "referrals", ours
    keys = ours.select("force", "referral_id")
    spoken = people.in_referrals(chooser, made.world.people, made.identities)
    yield "referral_people", people.frame(spoken, keys)
    theirs = _documents(chooser, made)
    yield "documents", theirs
    urns = theirs.select("force", "urn")
    done = made.documents.done
    named, _ = people.in_documents(chooser, made.people, made.identities, done, made.world.start)
    yield "document_people", people.frame(named, urns)
    yield "truth", _truth(made, keys, urns)
    yield "decoys", _decoys(made, keys, urns)
    yield "done", urns.with_columns(pl.Series(name, flags) for name, flags in done.items())


def _everything(chooser: Chooser, referrals: int) -> _All:
    world = make_world(chooser, referrals)
    given = answers(chooser, world)
    rest = others(chooser, world, given, DOCUMENTS_A_REFERRAL * referrals)
    documents = stacked([given.documents, rest.documents])
    order = np.argsort(documents["at"], kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return _All(
        world,
        damage(chooser, world, taken(documents, order)),
        _renumbered(_together(given, rest), "record", place),
        _renumbered(given.pairs, "document", place),
        np.concatenate([given.live, np.ones(len(rest.documents["at"]), dtype=np.bool_)])[order],
        rest.incidents,
        rest.identities,
    )


def _together(given: Answers, rest: Others) -> Table:
    moved = {**rest.people, "record": rest.people["record"] + len(given.live)}
    return stacked([given.people, moved])


def _renumbered(table: Table, column: str, place: Whole) -> Table:
    changed = {**table, column: place[table[column]]}
    return taken(changed, np.argsort(changed[column], kind="stable"))


def _instant(seconds: Whole) -> pl.Series:
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))


def _day(days: Whole) -> pl.Series:
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def _referrals(chooser: Chooser, made: _All) -> pl.DataFrame:
    rows = made.world.referrals
    everyone = np.ones(made.world.size, dtype=np.bool_)
    unlogged = chooser.choose("no_incident", everyone)
    number = np.where(unlogged, NONE, made.incidents["number"][rows["incident"]])
    given = pl.DataFrame(
        {
            **{name: rows[name] for name in ("force", "officer", "serial", "custody", "postcode")},
            "row": np.arange(made.world.size),
            "year": years(rows["at"]),
            "vehicle": rows["vehicle"],
            "number": number,
            "day": _day(made.incidents["day"][rows["incident"]]),
            "unnumbered": chooser.choose("no_reference", everyone),
            "none": np.zeros(made.world.size, dtype=np.int64),
        }
    )
    col, no = pl.col, pl.col("none") != 0
    return given.select(
        referral_id=written.referral_id(col("row")),
        force=written.code(col("force")),
        nccu_reference=pl.when(~col("unnumbered")).then(
            written.reference(col("serial"), col("year"), col("none"))
        ),
        referred_at=_instant(rows["at"]),
        officer_id=written.officer(col("officer")),
        district=pl.format("District {}", pl.Series(rows["district"] + 1)),
        event_type=_chosen(EVENT_TYPES, rows["event_type"]),
        channel=_chosen(CHANNELS, rows["channel"]),
        incident_number=written.incident(col("number"), col("day"), col("force"), col("none")),
        custody_number=written.custody(col("custody"), col("force"), col("year")),
        postcode=written.postcode(col("postcode"), col("force"), no),
        vehicle_registrations=written.vehicles(col("vehicle"), no),
    )


def _chosen(names: tuple[str, ...], number: Whole) -> pl.Series:
    return pl.Series(names).gather(number)


def _documents(chooser: Chooser, made: _All) -> pl.DataFrame:
    rows, rng = made.documents.documents, chooser.rng
    count = len(rows["at"])
    logged = np.where(rows["incident"] == NONE, 0, rows["incident"])
    number = made.incidents["number"][logged]
    wrong = made.documents.done["incident_mistyped"]
    number = np.where(wrong, a_digit_wrong(rng, number, 3), number)
    given = pl.DataFrame(
        {
            **{name: rows[name] for name in ("force", "author", "custody", "postcode", "vehicle")},
            "row": np.arange(count),
            "year": years(rows["at"]),
            "form": rows["incident_form"],
            "number": np.where(rows["incident"] == NONE, NONE, number),
            "day": _day(made.incidents["day"][logged] + rows["incident_days"]),
            "outward": rows["outward_only"] != 0,
            "misread": rows["misread"] != 0,
        }
    )
    col = pl.col
    event = london_day(np.maximum(rows["event_at"], 0)) + rows["event_days"]
    return given.select(
        urn=written.urn(col("row")),
        force=written.code(col("force")),
        submitted_at=_instant(rows["at"]),
        author_officer_id=written.officer(col("author")),
        document_type=_types(rng, made),
        status=_statuses(rng, made),
        nccu_references=_quoted(rng, made),
        incident_number=written.incident(col("number"), col("day"), col("force"), col("form")),
        custody_number=written.custody(col("custody"), col("force"), col("year")),
        event_date=_day(event).set(pl.Series(rows["event_at"] == NONE), None),
        postcode=written.postcode(col("postcode"), col("force"), col("outward")),
        vehicle_registrations=written.vehicles(col("vehicle"), col("misread")),
    )


def _types(rng: np.random.Generator, made: _All) -> pl.Series:
    """One in four documents that count for nothing is of another type, and 15% of the unrelated."""
    rows, live = made.documents.documents, made.live
    count = len(live)
    other = (rows["sort"] == SORT["unrelated"]) & (rng.random(count) < 0.15)
    other |= ~live & (np.arange(count) % 4 == 0)
    number = np.where(other, rng.integers(2, 4, count), rng.choice(2, count, p=(0.8, 0.2)))
    return _chosen(TYPES, number)


def _statuses(rng: np.random.Generator, made: _All) -> pl.Series:
    count = len(made.live)
    good = rng.choice(2, count, p=(0.3, 0.7))
    bad = rng.choice((2, 3, 4), count, p=(0.4, 0.3, 0.3))
    of_other_type = np.arange(count) % 4 == 0
    return _chosen(STATUSES, np.where(made.live | of_other_type, good, bad))


def _quoted(rng: np.random.Generator, made: _All) -> pl.Series:
    """The references of each document: its own, and of six covers in ten those of all parts."""
    rows, pairs = made.documents.documents, made.pairs
    has = rows["serial"] != NONE
    own, all_of = np.flatnonzero(has), (rng.random(len(has)) < 0.6) & has
    others_of = all_of[pairs["document"]] & (pairs["kind"] == KINDS.index("cover"))
    others_of &= rows["lead"][pairs["document"]] != pairs["referral"]
    document = np.concatenate([own, pairs["document"][others_of]])
    serial = made.world.referrals["serial"][pairs["referral"][others_of]]
    quoted = pl.DataFrame(
        {
            "document": document,
            "serial": np.concatenate([rows["serial"][own], serial]),
            "form": rows["reference_form"][document],
            "year": _years_quoted(made, document),
        }
    )
    col = pl.col
    found = (
        quoted.with_columns(text=written.reference(col("serial"), col("year"), col("form")))
        .group_by("document", maintain_order=True)
        .agg("text")
    )
    every = pl.DataFrame({"document": np.arange(len(has))})
    whole = every.join(found, on="document", how="left", maintain_order="left")
    return whole["text"].fill_null([])


def _years_quoted(made: _All, document: Whole) -> pl.Series:
    """The year of the call that the document is about."""
    lead = made.documents.documents["lead"][document]
    return years(made.world.referrals["at"][np.maximum(lead, 0)])


def _truth(made: _All, keys: pl.DataFrame, urns: pl.DataFrame) -> pl.DataFrame:
    pairs, done = made.pairs, made.documents.done
    document = pairs["document"]
    profile = np.select([done["rushed"][document], done["incident_only"][document]], [1, 2], 0)
    return pl.concat(
        [
            keys[pairs["referral"]],
            urns[document].select("urn"),
            pl.DataFrame(
                {
                    "kind": _chosen(KINDS, pairs["kind"]),
                    "counts": made.live[document],
                    "profile": _chosen(("none", "rushed", "incident_only"), profile),
                }
            ),
        ],
        how="horizontal",
    )


def _decoys(made: _All, keys: pl.DataFrame, urns: pl.DataFrame) -> pl.DataFrame:
    rows = made.documents.documents
    among = np.flatnonzero((rows["sort"] >= SORT[DECOYS[0]]) & (rows["sort"] <= SORT[DECOYS[-1]]))
    kind = _chosen(SORTS, rows["sort"][among]).str.strip_prefix("decoy_")
    aped = keys[rows["lead"][among]].select(apes="referral_id")
    return pl.concat([urns[among], kind.alias("kind").to_frame(), aped], how="horizontal")
