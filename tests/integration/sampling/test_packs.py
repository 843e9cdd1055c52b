"""The pack of a stored sample: verified before it is given out, and its export in the trail."""

import pytest
from sqlalchemy import Connection, Engine, text

from adapters import database, pack_file
from adapters.typeset import typesetter
from domain.errors import SampleRefused
from domain.working_paper import document, sha256_hex
from domain.working_paper.lodged import as_lodged
from domain.working_paper.pack import read
from domain.working_paper.verify import verify
from services.sampling import packs, papers
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.integration.sampling.judged import (
    DEVIATION,
    FIRST,
    LATER,
    OUT,
    SECOND,
    UNAVAILABLE,
    bring,
    evaluate,
    fill,
    judge,
    replace,
    sheet,
)
from tests.integration.sampling.world import (
    AUDITOR,
    CODE,
    MINUTE,
    chosen,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    refused,
    seed,
)

END = LATER + 5 * MINUTE


def packed(engine: Engine) -> bytes:
    """The pack as the command writes it."""
    with database.session(engine) as session:
        return packs.pack(session, CODE, marking="OFFICIAL", by=AUDITOR, now=END)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="simple"),
        pytest.param({"design": "census"}, id="census"),
        pytest.param({"design": "proportional", "strata": "district"}, id="proportional"),
        pytest.param({"extension": "anytime"}, id="anytime"),
    ],
)
def test_what_is_packed_is_verified_without_the_database(
    engine: Engine, more: dict[str, str]
) -> None:
    """
    Unmatched referrals, a deviation and a paper that was not there included.
    """
    judged(engine, 80, unmatched=2)
    plan(engine, chosen(tolerable="20%", **more))
    lodged, _ = freeze(engine), seed(engine)
    first, second, *_ = draw(engine)
    judge(engine, {first.draw_id: DEVIATION, second.draw_id: UNAVAILABLE})
    made = evaluate(engine, LATER + MINUTE)
    content = packed(engine)

    files = pack_file.read(content)
    commitment = sha256_hex(as_lodged(read(files).exercise.frames[0].commitment))
    assert lodged.files["frame.jsonl"] == files["frame-0/frame.jsonl"]
    assert lodged.files["plan.json"] == files["frame-0/plan.json"]
    found = verify(files, typesetter(), (commitment,))
    assert (None, made.conclusion) == (found.difference, found.conclusion)
    assert read(files).outcome == made
    with database.reading(engine) as session:
        assert read(files).exercise == papers.exercise(session, CODE)
    assert content == packed(engine)
    assert_trail_is_whole(engine)


def test_replacements_and_every_version_of_a_finding_are_in_the_pack(engine: Engine) -> None:
    """
    What was thought first is never lost.
    """
    drawn(engine)
    rows = sheet(engine).rows
    judge(engine, {rows[0].draw_id: OUT})
    replace(engine)
    later = LATER + MINUTE
    for place in (FIRST, SECOND):
        answers = {rows[0].draw_id: OUT, rows[1].draw_id: DEVIATION}
        bring(engine, fill(sheet(engine, place, later), answers), place, now=later)
    evaluate(engine, later + MINUTE)
    exercise = read(pack_file.read(packed(engine))).exercise

    changed = [each for each in exercise.findings if each.draw_id == rows[1].draw_id]
    assert {each.version for each in changed} == {1, 2}
    assert [each.draw_id_out for each in exercise.replacements] == [rows[0].draw_id]


def test_there_is_no_pack_before_the_evaluation_or_after_a_change(engine: Engine) -> None:
    """
    A pack says what was evaluated, and nothing is stored of one that was refused.
    """
    drawn(engine)
    judge(engine)
    with refused(engine, "was not evaluated yet"):
        packed(engine)
    evaluate(engine)
    rows, later = sheet(engine).rows, LATER + MINUTE
    bring(engine, fill(sheet(engine, FIRST), {rows[0].draw_id: DEVIATION}), FIRST, now=later)
    bring(engine, fill(sheet(engine, SECOND), {rows[0].draw_id: DEVIATION}), SECOND, now=later)
    with refused(engine, "was changed since it was evaluated"):
        packed(engine)


def test_a_marking_that_is_none_is_refused(engine: Engine) -> None:
    """
    It stands on each page, and nothing else does in its place.
    """
    drawn(engine)
    judge(engine)
    evaluate(engine)
    with refused(engine, "A marking is"), database.session(engine) as session:
        packs.pack(session, CODE, marking='official"', by=AUDITOR, now=END)


def test_papers_that_somebody_changed_in_the_database_are_not_packed(engine: Engine) -> None:
    """
    A seed entered before the frame was exported cannot be entered; whoever writes it into the
    table, past the triggers, gets no pack.
    """
    drawn(engine)
    judge(engine)
    evaluate(engine)
    with database.reading(engine) as session:
        frame = papers.exercise(session, CODE).frames[0]
    record = document(frame.seed).decode()
    at = frame.seed.entered_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    forged = record.replace(at, "2026-03-01T00:00:00Z")
    assert forged != record
    with engine.begin() as connection:
        for trigger in _triggers(connection):
            connection.execute(text(trigger))
        connection.execute(text("UPDATE sample_frame SET seed = :seed"), {"seed": forged})
    before = dump(engine)
    with pytest.raises(SampleRefused, match="do not agree: the order of the work"):
        packed(engine)
    assert before == dump(engine)


def _triggers(connection: Connection) -> list[str]:
    """The statements that take every trigger off the table of frames."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        names = connection.execute(text(query), {"table": "sample_frame"}).scalars()
        return [f'DROP TRIGGER "{name}"' for name in names]
    return ["ALTER TABLE sample_frame DISABLE TRIGGER USER"]
