"""Items out of frame: replaced by the next ticket, by the word of two, and logged."""

from sqlalchemy import Engine

from adapters import database
from domain.assurance import tickets
from domain.working_paper import TicketLine, Use
from services.sampling import drawing, frames, stored
from tests.integration.lifecycle.looking import assert_trail_is_whole
from tests.integration.sampling.judged import (
    ADJUDICATION,
    COMPLIANT,
    FIRST,
    OUT,
    SECOND,
    bring,
    fill,
    judge,
    replace,
    sheet,
)
from tests.integration.sampling.world import CODE, DICE, drawn, refused


def in_use(engine: Engine) -> list[TicketLine]:
    """The tickets in use."""
    with database.reading(engine) as session:
        row = stored.newest(session, stored.named(session, CODE))
        return drawing.drawn(session, row)


def ahead(engine: Engine, size: int, stratum: str | None = None) -> list[tuple[str, str]]:
    """The first tickets of the frame, or of a stratum of it."""
    with database.reading(engine) as session:
        row = stored.newest(session, stored.named(session, CODE))
        ids = [
            record.draw_id
            for record in frames.records(session, row)
            if stratum in (None, record.stratum)
        ]
    found = tickets.draw(f"assure/1|{CODE}|dice:{DICE}", ids, size)
    return [(each.number, each.draw_id) for each in found]


def test_the_next_tickets_come_in_for_what_two_people_found_out_of_frame(engine: Engine) -> None:
    """
    Nobody chooses what comes in.
    """
    _, drawn_first = drawn(engine)
    out = {drawn_first[3].draw_id: OUT, drawn_first[7].draw_id: OUT}
    judge(engine, out)
    made = replace(engine)

    used = in_use(engine)
    size = len(drawn_first)
    assert ahead(engine, size + 2) == [(line.number, line.draw_id) for line in used]
    assert used[:size] == drawn_first
    assert [(Use.REPLACEMENT, 1)] * 2 == [(line.use, line.look) for line in used[size:]]
    assert [(each.draw_id_out, each.draw_id_in, each.reason) for each in made] == [
        (drawn_first[3].draw_id, used[size].draw_id, OUT[1]),
        (drawn_first[7].draw_id, used[size + 1].draw_id, OUT[1]),
    ]
    assert replace(engine) == ()
    assert len(sheet(engine).rows) == size + 2
    assert_trail_is_whole(engine)


def test_what_came_in_can_be_out_of_frame_too(engine: Engine) -> None:
    """
    The chain of replacements is in the log.
    """
    _, (ticket, *_) = drawn(engine)
    judge(engine, {ticket.draw_id: OUT})
    (first,) = replace(engine)
    judge(engine, {ticket.draw_id: OUT, first.draw_id_in: OUT})
    (second,) = replace(engine)

    assert second.draw_id_out == first.draw_id_in
    assert second.draw_id_in == in_use(engine)[-1].draw_id


def test_the_next_ticket_is_of_the_same_stratum(engine: Engine) -> None:
    """
    Every stratum keeps its share.
    """
    _, drawn_first = drawn(engine, design="proportional", strata="district")
    ticket = next(line for line in drawn_first if line.stratum == "district/South")
    judge(engine, {ticket.draw_id: OUT})
    (made,) = replace(engine)

    south = [line for line in in_use(engine) if line.stratum == "district/South"]
    assert made.draw_id_in == south[-1].draw_id
    assert ahead(engine, len(south), "district/South") == [
        (line.number, line.draw_id) for line in south
    ]


def test_no_item_leaves_by_one_persons_word(engine: Engine) -> None:
    """
    Dropping items would be the way to a better result.
    """
    _, (ticket, *_) = drawn(engine)
    judge(engine, {ticket.draw_id: OUT}, FIRST)
    assert replace(engine) == ()
    judge(engine, {}, SECOND)
    assert replace(engine) == ()
    judge(engine, {ticket.draw_id: OUT}, ADJUDICATION)

    assert [each.draw_id_out for each in replace(engine)] == [ticket.draw_id]
    assert bring(engine, fill(sheet(engine, SECOND)), SECOND).changed == 0


def test_the_answer_of_what_was_replaced_stands(engine: Engine) -> None:
    """
    Otherwise the sample would hold an item too many.
    """
    _, (ticket, *_) = drawn(engine)
    judge(engine, {ticket.draw_id: OUT})
    replace(engine)
    given = fill(sheet(engine), {ticket.draw_id: COMPLIANT})
    with refused(engine, "another came in for it"):
        bring(engine, given)
