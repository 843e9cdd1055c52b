"""The judgements as one sheet: a row for each item in use, and no source id."""

import csv
import io
from collections.abc import Iterator

from domain.working_paper.drawing import in_order
from domain.working_paper.exercise import Exercise
from domain.working_paper.findings import Judge, latest, settled

_PLACES = (Judge.FIRST, Judge.SECOND, Judge.ADJUDICATION)
_RUNS = ("=", "+", "-", "@")


def worksheet(exercise: Exercise) -> bytes:
    """CSV in UTF-8: items in ticket order, then those of strata taken whole."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    codes = [attribute.code for attribute in exercise.plan.attributes]
    judged = [f"{code}: {place}" for code in codes for place in (*_PLACES, "final")]
    writer.writerow(["draw_id", "stratum", "use", "look", "ticket", *judged])
    said = latest(exercise.findings)
    for draw_id, stratum, use, look, number in _items(exercise):
        answers = []
        for code in codes:
            by = said.get((draw_id, code), {})
            answers += [by[place].answer.value if place in by else "" for place in _PLACES]
            stands = settled(by)
            answers.append(stands.value if stands else "")
        row = [draw_id, stratum, use, look, number, *answers]
        writer.writerow(["'" + cell if cell.startswith(_RUNS) else cell for cell in row])
    return stream.getvalue().encode()


def _items(exercise: Exercise) -> Iterator[tuple[str, str, str, str, str]]:
    for each in in_order(exercise).values():
        for line in (*each.lines, *each.left_over):
            yield line.draw_id, line.stratum, line.use.value, str(line.look), line.number
    whole = {each.name for each in exercise.plan.take_all if each.known < each.items}
    for frame in exercise.frames:
        for record in frame.records:
            if record.stratum in whole:
                yield record.draw_id, record.stratum, "taken whole", "", ""
