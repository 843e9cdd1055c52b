"""Write what consistent-sampler 1.0.10 draws from 10,000 fixed ids to tickets.json.

python -m tests.known_answers.assurance.make_tickets
"""

import json
import random
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unicodedata import ucd_3_2_0

FILE = Path(__file__).with_name("tickets.json")
ANSWERS: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
SEED = "27182818284590452353"
_KEPT = 50


def frame(chooser: random.Random) -> list[str]:
    """10,000 distinct ids of up to 24 characters from every plane of Unicode 3.2, composed.

    That version of the database is kept unchanged by Python, so the ids stay the same.
    """
    ids: set[str] = set()
    while len(ids) < 10_000:
        characters = (chr(chooser.randrange(0x20, 0x110000)) for _ in range(chooser.randint(1, 24)))
        plain = (c for c in characters if ucd_3_2_0.category(c) not in ("Cc", "Cn", "Cs"))
        ids.add(unicodedata.normalize("NFC", "".join(plain)))
        ids.discard("")
    return sorted(ids)


def answers(tickets: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The first tickets as they are, and one hash of all: a line each, ticket, tab, id."""
    lines = "".join(f"{ticket}\t{draw_id}\n" for ticket, draw_id in tickets)
    return {
        "first": [list(pair) for pair in tickets[:_KEPT]],
        "sha256": sha256(lines.encode()).hexdigest(),
    }


def main() -> None:
    """Ask the package and write the file."""
    from consistent_sampler import sampler

    ids = frame(random.Random("consistent"))
    drawn = sampler(ids, seed=SEED, output="tuple", digits=100)
    kept = {
        "package": "consistent-sampler",
        "version": version("consistent-sampler"),
        "seed": SEED,
        "draw": answers([(ticket, draw_id) for ticket, draw_id, _ in drawn]),
    }
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
