"""Write docs/assurance/tutorial.md: a whole assurance exercise, with what each command printed.

    python docs/tutorial.py

It takes a minute. Times, keys and hashes are new each time, so --check of generate.py does not
look at the page; tests/cli/test_sample_exercise.py does the same exercise.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from synthetic.exercise import Done, walk  # noqa: E402 - found by the path above

PAGE = ROOT / "docs" / "assurance" / "tutorial.md"
LONGEST, HEAD, TAIL = 34, 18, 8
"""Lines of output that are shown whole, and of a longer one at its beginning and end."""
START = """# An assurance exercise, from an empty folder to a verified pack

Made-up feeds of a fictional force, and made-up judges. `python docs/tutorial.py` did what
stands here and wrote down what was printed, without the path of the folder; a test does the
same. What people do by hand stands in italics. `COUNTERFOIL_HOME` names the folder `home`
throughout.
"""
BEFORE = {
    "python -m synthetic": """## The feeds, and a night

A force has its own exports and nights; here they are made up and judged once.""",
    "counterfoil sample plan": """## Plan

The claim is that every referral of the period has its document. The auditor says which rate
would be too high, which is expected, and how large a chance of showing what is not true is
accepted. Nothing is drawn yet, and the plan can be changed until there is a seed.""",
    "counterfoil sample freeze": """## Freeze, and lodge

The referrals of the period are frozen under opaque ids. Those known to have no document are a
stratum of their own that is counted and not drawn from.""",
    "sha256sum to-lodge": """What the plan and the frame were is now fixed by one hash. It is
lodged with somebody else before anybody rolls a die.""",
    "counterfoil sample seed": """## Seed, and draw

A ten-sided die, rolled twenty times before witnesses. There is one seed, and nobody could see a
draw before it.""",
    "counterfoil sample worksheet 2025-Q4 --judge first --out first.xlsx": """## Judge

Two people judge each item and do not confer.""",
    "counterfoil sample show": """What the two see differently is adjudicated; what both found out
of frame is replaced by the next ticket.""",
    "counterfoil sample evaluate": "## Evaluate",
    "counterfoil sample pack": """## Pack, and verify

One file for whoever has to be convinced; [what is in it](pack.md). Verifying needs no database
and no installation.""",
    "The zip is taken apart": """Whoever does not trust the program has the hashes, `README.txt`
and `redraw.sh` in the pack. And a pack in which one letter was changed is not taken:""",
}


def main() -> None:
    """Do the exercise in an empty folder and write the page."""
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        done = [_shown(each, folder) for each in walk(Path(folder))]
    PAGE.write_text("\n".join([START, *done]), "utf-8")
    sys.stdout.write(f"Written: {PAGE.name}\n")


def _shown(done: Done, folder: str) -> str:
    words = done.step.words
    before = next((text for start, text in BEFORE.items() if words.startswith(start)), "")
    lead = f"{before}\n\n" if before else ""
    if done.step.deed is not None:
        return f"{lead}*{words}*\n"
    lines = [line.rstrip() for line in done.said.replace(f"{folder}/", "").strip().splitlines()]
    if len(lines) > LONGEST:
        lines = [*lines[:HEAD], "...", *lines[-TAIL:]]
    return "\n".join([f"{lead}```text", f"$ {words}", *lines, "```", ""])


if __name__ == "__main__":
    main()
