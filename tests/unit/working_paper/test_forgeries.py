"""A pack changed with its manifest to suit is found by the first thing that differs."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.typeset import typesetter
from domain.sampling.choices import State
from domain.working_paper import (
    Answer,
    sha256_hex,
)
from domain.working_paper.lodged import as_lodged
from domain.working_paper.pack import MANIFEST, PDF, manifest
from domain.working_paper.verify import verify
from tests.unit.working_paper.builders import (
    an_exercise,
    deviating,
)
from tests.unit.working_paper.packs import changed_in, forged, packed, small, whole


@pytest.mark.parametrize("name", sorted(set(small()) - {MANIFEST}))
def test_a_file_changed_together_with_the_manifest_is_named(name: str) -> None:
    """
    The manifest alone proves nothing: every file follows from others.
    """
    content = small()[name]
    changed = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:] if content else b"{}\n"
    told = verify(forged(name, changed), typesetter()).difference

    assert told is not None
    assert verify({**small(), name: changed}).difference == (
        f"{name}: its SHA-256 is not the one in {MANIFEST}"
    )


@pytest.mark.parametrize("name", sorted(small()))
def test_a_file_removed_or_added_is_named(name: str) -> None:
    """
    With the manifest made to suit, too.
    """
    made = {each: small()[each] for each in small() if each != name}
    suited = made if name == MANIFEST else {**made, MANIFEST: manifest(made)}
    told = verify(suited).difference
    assert told is not None
    assert name in told
    strange = forged(f"x-{name.rpartition('/')[2]}", b"more\n")
    assert "is no file of a pack" in str(verify(strange).difference)


def test_a_changed_answer_is_found_though_the_manifest_suits() -> None:
    """
    The evaluation names the hash of all findings.
    """
    told = verify(changed_in("findings.jsonl", lambda f: f.update(answer="deviation"), 20))
    assert told.difference is not None
    assert "judge" in told.difference or "evaluation.json" in told.difference


def test_a_better_bound_is_found_and_both_numbers_are_named() -> None:
    """
    What the pack says, and what was computed.
    """

    def better(outcome: Any) -> None:
        outcome["attributes"][0]["headline"]["upper"] -= 1

    told = verify(changed_in("evaluation.json", better)).difference
    assert told is not None
    assert told.startswith("evaluation.json: attributes, 1, headline, upper is ")
    assert "was computed" in told


def test_a_changed_item_of_the_frame_is_found() -> None:
    """
    The header has the hash of the frame, and the commitment that of the header.
    """
    told = verify(changed_in("frame-0/frame.jsonl", lambda r: r.update(month="2026-07"), 3))
    assert "frame-0/frame.header.json: frame_sha256" in str(told.difference)


def test_a_consistent_forgery_is_found_by_the_commitment_that_was_lodged() -> None:
    """
    A pack with another frame agrees with itself; the auditor's copy of the commitment does not.
    """
    true = packed(an_exercise({State.AUTO_PAIRED: 60}, tolerable="20%"))
    false = packed(an_exercise({State.AUTO_PAIRED: 59}, tolerable="20%"))
    lodged = sha256_hex(as_lodged(true.exercise.frames[0].commitment))

    assert verify(whole(true), typesetter(), (lodged,)).difference is None
    assert verify(whole(false), typesetter()).difference is None
    assert lodged in str(verify(whole(false), typesetter(), (lodged,)).difference)


def test_a_forged_finding_with_everything_computed_anew_agrees_with_itself() -> None:
    """
    What README.txt says no check of the pack alone can find.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 60}, deviating(1), tolerable="20%")
    better = replace(
        exercise,
        findings=tuple(
            replace(each, answer=Answer.COMPLIANT, reason="") for each in exercise.findings
        ),
    )
    made = whole(packed(better))

    assert verify(made, typesetter()).difference is None
    assert b"WHAT NO CHECK OF THIS PACK ALONE CAN FIND" in made["README.txt"]


def test_a_seed_entered_before_the_export_is_found() -> None:
    """
    Whoever knew the seed could have chosen the frame.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 60}, tolerable="20%")
    frame = exercise.frames[0]
    early = replace(frame.seed, entered_at=frame.commitment.exported_at)
    content = packed(replace(exercise, frames=(replace(frame, seed=early),)))

    assert "the order of the work" in str(verify(whole(content), typesetter()).difference)


def test_a_pdf_of_another_typesetter_is_compared_with_the_manifest_only_and_that_is_said() -> None:
    """
    Another version may break lines elsewhere.
    """
    notes = verify(small()).notes
    assert any(PDF in note and "manifest only" in note for note in notes)


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**20),
    st.sampled_from(["", "1/20", "-1/2", "1/0", "0", "2026-10-02T09:00:00Z", "census", "fixed"]),
    st.just([]),
    st.just({}),
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_value_in_any_document_is_answered_and_not_broken_by(data: st.DataObject) -> None:
    """
    A stranger's pack is met with a sentence, whatever it holds; the manifest is made to suit.
    """
    name = data.draw(st.sampled_from([n for n in sorted(small()) if ".json" in n and small()[n]]))
    rows = small()[name].splitlines()
    line = data.draw(st.integers(0, len(rows) - 1))

    def change(value: Any) -> None:
        while True:
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            key = data.draw(st.sampled_from(keys))
            if isinstance(value[key], dict | list) and value[key] and data.draw(st.booleans()):
                value = value[key]
                continue
            value[key] = data.draw(values)
            return

    made = changed_in(name, change, line)
    told = verify(made)
    if told.difference is None and made[name] != small()[name]:
        assert name == "about.json"  # of the typesetter, and then that is said
        assert any("which is not here" in note for note in told.notes)
