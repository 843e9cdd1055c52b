"""What README.txt tells an auditor to type gives what it says, with public tools alone."""

import re
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from adapters.typeset import pages, pdf, typesetter
from domain.sampling.choices import State
from domain.working_paper import Answer, Exercise, TicketLine, Use, charts, read_lines
from domain.working_paper.drawing import WHOLE, draws_from
from domain.working_paper.findings import final
from domain.working_paper.pack import PDF
from tests.unit.working_paper.builders import (
    an_exercise,
    chosen,
    drawn,
    judged,
    papers,
    some_records,
)
from tests.unit.working_paper.packs import KINDS, packed, whole

_TOOLS = {"grep", "sed", "sh"}


def unpacked(folder: Path, exercise: Exercise) -> dict[str, bytes]:
    """The pack's files in a folder."""
    made = whole(packed(exercise))
    for name, content in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return made


def odd_names() -> Exercise:
    """Districts whose names a shell or a pattern would like to read otherwise."""
    choices = chosen(design="proportional", strata="district", tolerable="30%")
    names = ("Île d'Ouest", 'the "Wash" $HOME', "a\\b [c] .*")
    records = tuple(
        replace(
            record,
            district=names[at % 3],
            stratum=f"district/{names[at % 3]}",
        )
        for at, record in enumerate(some_records(choices, {State.AUTO_PAIRED: 90}))
    )
    return judged(Exercise((drawn(papers(choices, records)),), (), ()))


@pytest.mark.parametrize("kind", [*KINDS, "odd names"])
def test_the_commands_of_the_readme_check_the_hashes_and_draw_the_sample(
    kind: str, tmp_path: Path
) -> None:
    """
    The commands are taken from the text as they stand.
    """
    exercise = odd_names() if kind == "odd names" else KINDS[kind]()
    made = unpacked(tmp_path, exercise)
    text = made["README.txt"].decode()
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "manifest.sha256"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert checked.stdout.count(b": OK\n") == len(made) - 1

    commands = re.findall(r"(?m)^     (grep -F .*\|\n +sed .*\|\n +sh redraw\.sh .*)$", text)
    found = []
    for command in commands:
        assert {word.split()[0] for word in command.split(" |\n")} <= _TOOLS
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        found += [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    lines = [
        line
        for frame in exercise.frames
        for line in read_lines(
            TicketLine, made[f"frame-{frame.header.supplement}/tickets.jsonl"], "tickets"
        )
        if line.use is not Use.RESERVE
    ]
    assert found == [(line.number, line.draw_id) for line in lines]


def test_the_pdf_is_the_same_each_time_and_has_the_marking_on_each_page(tmp_path: Path) -> None:
    """
    On one version of typst; only the files of the pack are used.
    """
    made = unpacked(tmp_path, KINDS["simple"]())

    assert made[PDF] == pdf(made) == pdf(dict(reversed(made.items())))
    assert made["about.json"].decode().count(typesetter().name) == 1
    assert made["paper.typ"].startswith(b'#let marking = "OFFICIAL"')
    assert len(pages(made)) >= 3


def test_text_that_looks_like_markup_is_printed_and_not_obeyed() -> None:
    """
    What a planner typed cannot reach files, nor break the page.
    """
    claim = 'A "quoted" #read("/etc/passwd") \\ *bold* $x$ <a> @b'
    exercise = an_exercise({State.AUTO_PAIRED: 30}, claim=claim, tolerable="30%")
    made = whole(packed(exercise))

    assert made[PDF].startswith(b"%PDF-")
    assert b"root:" not in made[PDF]
    for name in made:
        if name.endswith(".svg"):
            assert ET.fromstring(made[name]).tag.endswith("svg")


def test_each_chart_has_its_figures_as_text() -> None:
    """
    For a reader who cannot see the lines.
    """
    made = whole(packed(KINDS["simple"]()))
    plan = KINDS["simple"]().plan
    said = {
        name: "".join(ET.fromstring(made[f"charts/{name}.svg"]).itertext())
        for name in ("power", "ahead", "attributes")
    }
    assert all(f"{point.deviating:,} deviating" in said["power"] for point in plan.power)
    assert all(f"{e.found} found: at most {e.most}" in said["ahead"] for e in plan.bounds_ahead)
    assert "Document exists: at least 1, at most 23 of 300" in said["attributes"]
    assert "each end by itself with 95% confidence" in said["attributes"]


def test_axes_have_round_numbers_that_reach_what_is_drawn() -> None:
    """
    Six intervals or fewer, of one, two or five times a power of ten.
    """
    for most in map(Fraction, ("2787/10000", "1/20", "1", "37", "1/7")):
        top = charts.top_of(most)
        ticks = charts.ticks(top)
        step = ticks[1]
        assert ticks[-1] == top >= most > top - step
        assert len(ticks) <= 7
        assert str(step.numerator * 10**6 // step.denominator).rstrip("0") in ("1", "2", "5")


def test_the_paper_tells_every_deviation_with_its_reason() -> None:
    """
    Whoever reads the print alone sees why, as the judges wrote it, markup and all.
    """
    exercise = KINDS["simple"]()
    paper = whole(packed(exercise))["paper.typ"].decode()
    _, _, told = paper.partition("Deviations and their reasons")
    deviations, _, rest = told.partition("Items replaced")
    none_replaced, _, items = rest.partition('"Items"')
    not_compliant = {
        (draw_id, answer.value.replace("_", " "))
        for (draw_id, _), answer in final(exercise.findings).items()
        if answer is not Answer.COMPLIANT
    }
    reasons = {each.reason for each in exercise.findings if each.answer is not Answer.COMPLIANT}

    assert not_compliant
    for draw_id, answer in not_compliant:
        assert f'"{draw_id}", "document", "{answer}"' in deviations
    assert all(reason in deviations for reason in reasons)
    assert "No item was replaced." in none_replaced
    assert items.count('"compliant"') > 20


def test_what_a_simple_sample_draws_from_has_no_name() -> None:
    """
    And a stratum of a proportional one its own.
    """
    assert draws_from(KINDS["simple"]().plan, "auto-paired") == WHOLE
    assert draws_from(KINDS["proportional"]().plan, "auto-paired") == "auto-paired"
