"""A sample planned, frozen, committed, seeded and drawn, in this order and no other."""

import consistent_sampler
import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from adapters import database
from domain.working_paper import FrameRecord, read_lines, sha256_hex
from models import METADATA, AuditEventRow
from services.sampling import drawing, frames, stored
from tests.builders import AFTER_GRACE, DAY, a_night, a_referral
from tests.integration.lifecycle.looking import assert_trail_is_whole
from tests.integration.sampling.world import (
    CODE,
    DICE,
    MINUTE,
    NOW,
    PERIOD,
    chosen,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    referrals,
    refused,
    seed,
    states,
)


def records(files: dict[str, bytes]) -> tuple[FrameRecord, ...]:
    """The frozen records, from the file to lodge."""
    return read_lines(FrameRecord, files["frame.jsonl"], "frame.jsonl")


def test_anybody_with_frame_and_seed_draws_the_same(engine: Engine) -> None:
    """
    By the published program, from the lodged file alone.
    """
    frozen, tickets = drawn(engine)

    ids = [record.draw_id for record in records(dict(frozen.files))]
    published = consistent_sampler.sampler(
        ids, seed=f"assure/1|{CODE}|dice:{DICE}", take=len(tickets), digits=200
    )
    expected = [(number, draw_id) for number, draw_id, _ in published]
    assert expected == [(ticket.number, ticket.draw_id) for ticket in tickets]
    assert [ticket.order for ticket in tickets] == list(range(1, len(tickets) + 1))
    assert len(tickets) == frozen.plan.looks[0].drawn > 10


def test_what_is_lodged_names_what_is_stored(engine: Engine) -> None:
    """
    Plan, frame and key are bound by their hashes before the seed.
    """
    frozen, tickets = drawn(engine)
    header, files = frozen.header, frozen.files

    assert header.plan_sha256 == sha256_hex(files["plan.json"])
    assert header.frame_sha256 == sha256_hex(files["frame.jsonl"])
    with database.reading(engine) as session:
        row = stored.newest(session, stored.named(session, CODE))
        assert header.frame_key_sha256 == sha256_hex(row.frame_key.encode())
        commitment = stored.commitment(row, CODE)
        assert commitment.frame_header_sha256 == sha256_hex(files["frame.header.json"])
        assert commitment.exported_at < stored.seed(row).entered_at
        assert tickets == drawing.drawn(session, row)
        assert list(frames.records(session, row)) == list(records(dict(files)))
        said = [
            event.action
            for event in session.exec(select(AuditEventRow).order_by(AuditEventRow.seq))  # type: ignore[arg-type]
            if event.subject == f"sample/{CODE}"
        ]
    assert said == [
        "sample planned",
        "sampling frame frozen",
        "sampling frame exported",
        "seed entered",
        "sample drawn",
    ]
    assert_trail_is_whole(engine)


def test_known_unmatched_referrals_are_counted_and_never_drawn(engine: Engine) -> None:
    """
    No part of the sample is spent on what the engine says itself.
    """
    judged(engine, 60, unmatched=3)
    made = plan(engine)
    frozen = freeze(engine)
    seed(engine)
    tickets = draw(engine)

    assert (made.population, made.counted, made.known) == (57, 3, 3)
    assert states(frozen.header.strata) == {"auto-paired": 57, "unmatched": 3}
    assert {ticket.stratum for ticket in tickets} == {"auto-paired"}


def test_what_is_left_out_is_counted_in_the_header(engine: Engine) -> None:
    """
    Nobody can leave referrals out without a trace; those not yet due are told as well.
    """
    judged(engine, 60, unmatched=3)
    a_night(engine, AFTER_GRACE + DAY, referrals=[a_referral(99, referred_at=AFTER_GRACE)])
    plan(engine, chosen(leave_out=["unmatched"], period=(PERIOD[0], AFTER_GRACE + DAY)))
    header = freeze(engine).header

    assert states(header.exclusions) == {"not yet due": 1, "unmatched": 3}
    assert states(header.strata) == {"auto-paired": 57}


def test_districts_each_give_their_share(engine: Engine) -> None:
    """
    A proportional design draws within each stratum, with places of its own.
    """
    frozen, tickets = drawn(engine, design="proportional", strata="district")

    by = {name: [t for t in tickets if t.stratum == name] for name in states(frozen.plan.sizes)}
    assert {name: len(its) for name, its in by.items()} == states(frozen.plan.sizes)
    assert set(by) == {"district/North", "district/South", "district/East"}
    for its in by.values():
        assert [ticket.order for ticket in its] == list(range(1, len(its) + 1))
        assert its == sorted(its, key=lambda ticket: ticket.number)


def test_a_census_draws_every_item(engine: Engine) -> None:
    """
    Where the population is small there is nothing to infer.
    """
    _, tickets = drawn(engine, items=12, design="census")

    assert len(tickets) == 12


def test_the_seed_waits_until_the_frame_was_exported(engine: Engine) -> None:
    """
    Peers let a seed be set before the population was published.
    """
    judged(engine, 60)
    with refused(engine, "no sample"):
        seed(engine)
    plan(engine)
    with refused(engine, "no frozen frame"):
        seed(engine)
    freeze(engine, export=False)
    with refused(engine, "not exported yet"):
        seed(engine)
    with refused(engine, "no seed yet"):
        draw(engine)


def test_there_is_no_second_seed_and_no_second_draw(engine: Engine) -> None:
    """
    Whoever could draw again could draw until the result pleases.
    """
    drawn(engine)

    with refused(engine, "no second one"):
        seed(engine, dice="2" + DICE, now=NOW + 4 * MINUTE)
    with refused(engine, "drawn already"):
        draw(engine)


@pytest.mark.parametrize("dice", ["1234567890", "1" * 20, "x" + "1" * 19, "", "\uff11" * 20])
def test_dice_that_say_nothing_are_refused(engine: Engine, dice: str) -> None:
    """
    There is no default seed, and none that could be tried out beforehand.
    """
    judged(engine, 60)
    plan(engine)
    freeze(engine)
    with refused(engine, "dice"):
        seed(engine, dice=dice)


def test_frozen_again_before_the_seed_the_earlier_hash_stays_on_record(engine: Engine) -> None:
    """
    A frame can be mended, and everybody can see that it was.
    """
    judged(engine, 60)
    plan(engine)
    first = freeze(engine)
    second = freeze(engine, now=NOW + 2 * MINUTE)

    assert first.header.frame_sha256 != second.header.frame_sha256
    with database.reading(engine) as session:
        bodies = [
            event.body
            for event in session.exec(select(AuditEventRow))
            if event.action == "sampling frame frozen"
        ]
        row = stored.newest(session, stored.named(session, CODE))
        assert stored.header(row) == second.header
    assert all(
        frozen.header.frame_sha256 in body
        for frozen, body in zip((first, second), bodies, strict=True)
    )


def test_a_new_plan_before_the_seed_wants_the_frame_frozen_again(engine: Engine) -> None:
    """
    The frame's sizes are those of the plan that was committed to.
    """
    judged(engine, 60)
    plan(engine)
    freeze(engine)
    plan(engine, chosen(tolerable="30%"))
    with refused(engine, "no frozen frame"):
        seed(engine)


def test_nothing_of_the_plan_changes_after_the_seed(engine: Engine) -> None:
    """
    A method chosen when the sample is known could be the one that pleases.
    """
    drawn(engine)

    with refused(engine, "nothing of its plan may change"):
        plan(engine, chosen(tolerable="30%"))
    with refused(engine, "cannot be frozen again"):
        freeze(engine, now=NOW + 9 * MINUTE)


def test_a_later_amendment_does_not_touch_the_frozen_frame(engine: Engine) -> None:
    """
    Frozen means frozen: what is learnt later stands beside.
    """
    judged(engine, 60)
    plan(engine)
    frozen = freeze(engine)
    moved = [{**record, "district": "West"} for record in referrals(5)]
    a_night(engine, NOW + DAY, referrals=moved)

    with database.reading(engine) as session:
        row = stored.newest(session, stored.named(session, CODE))
        assert list(frames.records(session, row)) == list(records(dict(frozen.files)))


def test_a_population_with_an_item_twice_is_not_frozen(sqlite_engine: Engine) -> None:
    """
    It would have two chances; only a database without its own rules can hold one.
    """
    judged(sqlite_engine, 60)
    plan(sqlite_engine, chosen(subject="auto-pairings"))
    columns = ", ".join(
        column.name for column in METADATA.tables["pairing"].columns if column.name != "id"
    )
    with sqlite_engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_pairing_current"))
        connection.execute(text("DROP INDEX uq_pairing_one_primary_referral"))
        connection.execute(
            text(f"INSERT INTO pairing ({columns}) SELECT {columns} FROM pairing LIMIT 1")
        )

    with refused(sqlite_engine, "holds an item twice"):
        freeze(sqlite_engine)
