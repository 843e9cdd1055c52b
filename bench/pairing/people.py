"""People as they are written down: in a referral nearly as they are, in a document damaged."""

import numpy as np
import polars as pl

from bench.pairing.corruptions import Chooser, Flags
from bench.pairing.world import NONE, ROLES, Table, Whole, drawn_identities, taken
from synthetic.name_pools import ORIGINS, forenames, surnames

Done = dict[str, Flags]

_SPOILT = ("swapped", "january", "mistyped", "transposed", "shortened")


def in_referrals(chooser: Chooser, people: Table, pool: Table) -> Table:
    """One row a person: name parts, birth day, origin and how they are spoilt."""
    rows = {**people, **taken(pool, people["identity"])}
    everybody = np.ones(len(rows["record"]), dtype=np.bool_)
    respelt = chooser.choose("respelt", everybody)
    rows["forename"] = np.where(
        respelt, forenames().respell(chooser.rng, rows["forename"]), rows["forename"]
    )
    rows["born"] = np.where(chooser.choose("no_birth", everybody), NONE, rows["born"])
    none = np.zeros(len(everybody), dtype=np.int64)
    return {**rows, **dict.fromkeys(_SPOILT, none)}


def in_documents(
    chooser: Chooser, people: Table, pool: Table, done: Done, start: int
) -> tuple[Table, Done]:
    """The same of the documents' people, and who of them had which corruption."""
    rows, dropped = _present(chooser, people, pool, done)
    spoilt: Done = {"person_dropped": dropped}
    everybody = np.ones(len(rows["record"]), dtype=np.bool_)
    rng = chooser.rng

    rushed = done["rushed"][rows["record"]]

    def some(name: str, *, omitted: bool = False) -> Flags:
        score = rng.random(len(everybody)) - (rushed if omitted else 0)
        spoilt[name] = chooser.choose(name, everybody, score=score)
        return spoilt[name]

    alias = drawn_identities(rng, len(everybody), start, rows["origin"])
    aliased, respelt, which = (
        some("name_aliased"),
        some("name_respelt"),
        rng.integers(0, 3, len(everybody)),
    )
    for part, pooled, other in (("forename", forenames(), 1), ("surname", surnames(), 0)):
        name = np.where(aliased, alias[part], rows[part])
        rows[part] = np.where(respelt & (which != other), pooled.respell(rng, name), name)
    rows["shortened"] = some("name_shortened").astype(np.int64)
    rows["swapped"] = some("name_swapped").astype(np.int64)
    rows["mistyped"] = some("name_mistyped").astype(np.int64)
    born = np.where(some("birth_missing", omitted=True), NONE, rows["born"])
    wrong = born + 3653 * rng.choice((-1, 1), len(born))
    rows["born"] = np.where(some("birth_mistyped") & (born != NONE), wrong, born)
    rows["transposed"] = some("birth_swapped").astype(np.int64)
    rows["january"] = some("birth_january").astype(np.int64)
    rows["origin"] = np.where(some("nationality_missing", omitted=True), NONE, rows["origin"])
    return rows, spoilt


def _present(chooser: Chooser, people: Table, pool: Table, done: Done) -> tuple[Table, Flags]:
    """Who is named at all, in order of document, and which of the named were left out."""
    rng = chooser.rng
    there = taken(people, ~done["people_missing"][people["record"]])
    alone = np.bincount(there["record"], minlength=len(done["people_missing"])) == 1
    dropped = chooser.choose("person_dropped", ~alone[there["record"]])
    first = np.diff(there["record"], prepend=-1) > 0
    extra = np.flatnonzero(done["person_extra"])
    kept = taken(there, ~dropped | first)
    rows: dict[str, Whole] = {
        "record": np.concatenate([kept["record"], extra]),
        "identity": np.concatenate(
            [kept["identity"], rng.integers(0, len(pool["born"]), len(extra))]
        ),
        "role": np.concatenate([kept["role"], np.full(len(extra), ROLES.index("other"))]),
    }
    rows = taken(rows, np.argsort(rows["record"], kind="stable"))
    return {**rows, **taken(pool, rows["identity"])}, dropped


def frame(rows: Table, keys: pl.DataFrame) -> pl.DataFrame:
    """People in the feed's form: the keys of their record, a number within it, what is said.

    `keys` has a row for each record, in order.
    """
    count = len(rows["record"])
    first = np.flatnonzero(np.diff(rows["record"], prepend=-1))
    place = np.arange(count) - np.repeat(first, np.diff(np.append(first, count)))
    fore, sur = pl.Series(forenames().spelling), pl.Series(surnames().spelling)
    given, second = _text(fore, rows["forename"]), _text(fore, rows["second"])
    named = pl.DataFrame(
        {
            "given": given,
            "second": second,
            "surname": _text(sur, rows["surname"]),
            "born": pl.Series(np.where(rows["born"] == NONE, 0, rows["born"])).cast(pl.Date),
            **{name: pl.Series(rows[name], dtype=pl.Int64) != 0 for name in _SPOILT},
            "place": place,
        }
    ).lazy()
    written = named.with_columns(forename=_forename()).select(
        person=pl.col("place").cast(pl.Int32),
        role=_text(pl.Series(ROLES), rows["role"]),
        forename=pl.when("swapped").then("surname").otherwise("forename"),
        surname=pl.when("swapped").then("forename").otherwise(_letter_lost(pl.col("surname"))),
        date_of_birth=pl.when(pl.Series(rows["born"]) != NONE).then(_birth()),
        nationality=_text(pl.Series(ORIGINS), rows["origin"]),
    )
    return pl.concat([keys[rows["record"]], written.collect()], how="horizontal")


def _text(names: pl.Series, number: Whole) -> pl.Series:
    return names.gather(np.where(number == NONE, 0, number)).set(pl.Series(number == NONE), None)


def _forename() -> pl.Expr:
    """Both forenames; shortened the first alone, or its initial if it is the only one."""
    both = pl.concat_str("given", "second", separator=" ", ignore_nulls=True)
    short = pl.when(pl.col("second").is_null()).then(pl.col("given").str.head(1)).otherwise("given")
    return pl.when("shortened").then(short).otherwise(both)


def _letter_lost(name: pl.Expr) -> pl.Expr:
    shorter = pl.concat_str(name.str.slice(0, 2), name.str.slice(3))
    return pl.when(pl.col("mistyped") & (name.str.len_chars() > 3)).then(shorter).otherwise(name)


def _birth() -> pl.Expr:
    born = pl.col("born")
    year, month, day = born.dt.year(), born.dt.month(), born.dt.day()
    turned = (
        pl.when(day <= 12).then(pl.date(year, pl.min_horizontal(day, 12), month)).otherwise(born)
    )
    january = pl.date(year, 1, 1)
    return pl.when("january").then(january).when("transposed").then(turned).otherwise(born)
