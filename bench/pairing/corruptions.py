"""What goes wrong in the benchmark's data, each kind once, and how often in each setting.

The rates are assumptions, not measurements of any force: they rank designs and say nothing
about live error rates.  Those of the setting `calibrated` are chosen so that plain joins find
what they were measured to find before the engine was written (ADR 18, `joins.py`).  Each rate
is a share of what `of` names, and that share is met exactly (to the nearest whole number):
`Chooser` takes so many and not each by chance.

Omissions are not spread evenly.  Each document has a haste, the sum of shares of its force's,
its district's, its force's month's and its officer's habit and of its own (`HASTE`), and the
documents with the most of it leave things out first; `LOADING` is how much of an omission is
haste.  A document marked `rushed` leaves out everything at once: it names people, and no more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Setting = Literal["easy", "realistic", "harsh", "calibrated"]
SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)

HASTE: Final = {"force": 0.18, "district": 0.10, "month": 0.10, "officer": 0.17, "own": 0.45}
"""Shares of the variance of a document's haste; they add up to 1."""
LOADING: Final[dict[Setting, float]] = {
    "easy": 0.35, "realistic": 0.55, "harsh": 0.65, "calibrated": 0.0,
}  # fmt: skip
"""The correlation of an omission's score with haste."""
CALIBRATED: Final = {
    "respelt": 0.03, "undocumented": 0.094, "not_live": 0.0, "second": 0.037, "rushed": 0.0,
    "incident_only": 0.0, "reference_missing": 0.285, "reference_mistyped": 0.017,
    "reference_transposed": 0.004, "reference_pasted": 0.011, "incident_missing": 0.21,
    "author_other": 0.10, "people_missing": 0.01, "name_respelt": 0.10, "name_shortened": 0.04,
    "name_swapped": 0.02, "name_mistyped": 0.02, "name_aliased": 0.005, "birth_missing": 0.10,
    "decoy_incident": 0.135, "decoy_reference": 0.012, "decoy_twin": 0.0,
}  # fmt: skip
"""Where the setting `calibrated` differs from `realistic`."""


@dataclass(frozen=True)
class Kind:
    """One thing that happens: to a share of what (`of`), in each setting."""

    name: str
    of: str
    easy: float
    realistic: float
    harsh: float
    what: str

    def rate(self, setting: Setting) -> float:
        """The share of what `of` names that this happens to."""
        return {
            "easy": self.easy,
            "realistic": self.realistic,
            "harsh": self.harsh,
            "calibrated": CALIBRATED.get(self.name, self.realistic),
        }[setting]


_ROWS: Final = (
    ("no_reference", "referral", 0.005, 0.01, 0.03, "the referral lacks NCCU's reference"),
    ("no_incident", "referral", 0.01, 0.03, 0.08, "the referral lacks its incident number"),
    ("no_birth", "referred person", 0.02, 0.06, 0.12, "the referral lacks a date of birth"),
    ("respelt", "referred person", 0.01, 0.04, 0.08, "NCCU was told another spelling"),
    ("undocumented", "referral", 0.07, 0.08, 0.10, "nobody wrote a document"),
    ("several", "incident", 0.04, 0.08, 0.10, "an incident referred in 2 to 6 parts"),
    ("covered", "incident in parts", 0.50, 0.60, 0.65, "one document answers its parts"),
    ("left_out", "part of 3 or more covered", 0.05, 0.10, 0.15, "has its own document after all"),
    ("not_live", "answering document", 0.01, 0.03, 0.05, "draft, rejected, withdrawn, other type"),
    ("replaced", "document that is not live", 0.50, 0.50, 0.50, "written again, and that counts"),
    ("second", "answering live document", 0.02, 0.035, 0.05, "a second for one of its referrals"),
    ("rushed", "document", 0.005, 0.015, 0.04, "everything but a name is left out"),
    ("incident_only", "document", 0.002, 0.003, 0.01, "a colleague wrote the log number, no more"),
    ("reference_missing", "document", 0.10, 0.32, 0.60, "no NCCU reference"),
    ("reference_mistyped", "document", 0.005, 0.03, 0.05, "a digit wrong: mostly a live number"),
    ("reference_transposed", "document", 0.002, 0.008, 0.012, "two digits changed round"),
    ("reference_pasted", "document", 0.003, 0.02, 0.04, "that of an earlier report of the author"),
    ("reference_written", "document", 0.20, 0.30, 0.20, "one of eight other forms"),
    ("incident_missing", "document", 0.08, 0.20, 0.45, "no incident number"),
    ("incident_bare", "document", 0.08, 0.18, 0.20, "the serial without its day"),
    ("incident_written", "document", 0.10, 0.20, 0.15, "the form of another house"),
    ("incident_mistyped", "document", 0.005, 0.025, 0.05, "a digit of the serial wrong"),
    ("incident_day_off", "document", 0.005, 0.02, 0.04, "a day early or late"),
    ("author_other", "document", 0.04, 0.12, 0.22, "a colleague of the district wrote it"),
    ("custody_missing", "document", 0.15, 0.40, 0.60, "no custody number"),
    ("custody_mistyped", "document", 0.005, 0.02, 0.04, "a digit of the custody number wrong"),
    ("event_day_missing", "document", 0.02, 0.05, 0.15, "no event date"),
    ("event_day_off", "document", 0.01, 0.05, 0.10, "the event a day early or late"),
    ("postcode_missing", "document", 0.05, 0.20, 0.40, "no postcode"),
    ("postcode_outward", "document", 0.04, 0.10, 0.15, "the outward half only"),
    ("postcode_wrong", "document", 0.01, 0.05, 0.10, "another place of the district"),
    ("vehicle_missing", "document", 0.10, 0.30, 0.50, "no registration marks"),
    ("vehicle_misread", "document", 0.01, 0.05, 0.08, "O for 0, I for 1, S for 5, Z for 2"),
    ("people_missing", "document", 0.008, 0.025, 0.06, "nobody named"),
    ("person_extra", "document", 0.03, 0.08, 0.10, "somebody else named too"),
    ("person_dropped", "named person, not the only one", 0.02, 0.08, 0.15, "left out"),
    ("name_respelt", "named person", 0.04, 0.14, 0.24, "another spelling of either name"),
    ("name_shortened", "named person", 0.01, 0.05, 0.09, "a part left out, or an initial"),
    ("name_swapped", "named person", 0.01, 0.03, 0.05, "forename and surname changed round"),
    ("name_mistyped", "named person", 0.01, 0.03, 0.05, "a letter left out"),
    ("name_aliased", "named person", 0.002, 0.01, 0.03, "another name altogether"),
    ("birth_missing", "named person", 0.05, 0.12, 0.22, "no date of birth"),
    ("birth_swapped", "named person", 0.005, 0.02, 0.04, "day and month changed round"),
    ("birth_january", "named person", 0.01, 0.04, 0.05, "1 January of the year"),
    ("birth_mistyped", "named person", 0.003, 0.01, 0.02, "a digit of the year wrong"),
    ("nationality_missing", "named person", 0.05, 0.15, 0.30, "no nationality"),
    ("decoy_officer_day", "referral", 0.05, 0.15, 0.25, "its officer, its day, other matters"),
    ("decoy_person_later", "referral", 0.03, 0.08, 0.12, "its people, another month"),
    ("decoy_person_soon", "referral", 0.003, 0.01, 0.02, "its people, one to three days on"),
    ("decoy_incident", "referral", 0.03, 0.08, 0.12, "its incident, other people"),
    ("decoy_relative", "referral", 0.02, 0.05, 0.08, "a relative at the address"),
    ("decoy_reference", "referral", 0.01, 0.03, 0.05, "its reference, somebody else's matter"),
    ("decoy_twin", "documented referral", 0.001, 0.004, 0.008,
     "its people, officer and incident; no reference; answers nothing"),
)  # fmt: skip

TABLE: Final = tuple(Kind(*row) for row in _ROWS)
BY_NAME: Final = {kind.name: kind for kind in TABLE}
DECOYS: Final = tuple(kind.name for kind in TABLE if kind.name.startswith("decoy_"))

Flags = NDArray[np.bool_]
Scores = NDArray[np.float64]


class Chooser:
    """Chooses whom a corruption happens to, and remembers it."""

    def __init__(
        self, rng: np.random.Generator, setting: Setting, without: Collection[str] = ()
    ) -> None:
        """Nothing has happened yet; what is in `without` never will."""
        self.rng, self.setting, self.without = rng, setting, without

    def choose(
        self, name: str, among: Flags, *, of: int | None = None, score: Scores | None = None
    ) -> Flags:
        """So many of `among` as the rate times `of` (their number if None) says, at most all.

        Those with the lowest score are taken; without scores they are drawn.
        """
        places = np.flatnonzero(among)
        rate = 0.0 if name in self.without else BY_NAME[name].rate(self.setting)
        wanted = round(rate * (len(places) if of is None else of))
        wanted = min(wanted, len(places))
        order = self.rng.random(len(among)) if score is None else score
        chosen = np.zeros(len(among), dtype=np.bool_)
        if wanted:
            taken = np.argpartition(order[places], wanted - 1)[:wanted]
            chosen[places[taken]] = True
        return chosen


def documented() -> str:
    """The table as markdown, for the docs."""
    rows = [
        " | ".join((
            f"| `{kind.name}`", kind.what, kind.of,
            *(f"{kind.rate(setting):.1%}" for setting in SETTINGS),
        )) + " |"
        for kind in TABLE
    ]  # fmt: skip
    head = f"| name | what | share of | {' | '.join(SETTINGS)} |"
    line = f"|---|---|---|{'---:|' * len(SETTINGS)}"
    return "\n".join([head, line, *rows])
