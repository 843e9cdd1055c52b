"""What officers do to records, each kind once, with its rate in each setting.

The rates are assumptions, not measurements of any force: they rank designs and say
nothing about live error rates.  A rate is a share of what the `of` column names, before
any other corruption is drawn.  Omissions of one document come together: they share a
haste, so that a rushed officer who leaves out the reference tends to leave out the
incident number, the postcode and the dates of birth too, and each omission still happens
at its own rate overall (a Gaussian copula; `HASTE` is its loading).
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Setting = Literal["easy", "realistic", "harsh"]
SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)

Of = Literal["answer", "person", "referral", "incident", "document"]


@dataclass(frozen=True)
class Corruption:
    """One kind of damage and how often it is done, in each setting."""

    name: str
    of: Of
    easy: float
    realistic: float
    harsh: float
    what: str

    def rate(self, setting: Setting) -> float:
        """The share of what `of` names that this happens to."""
        return {"easy": self.easy, "realistic": self.realistic, "harsh": self.harsh}[setting]


TABLE: Final = (
    # A document that answers a referral.
    Corruption("reference_missing", "answer", 0.10, 0.30, 0.60, "no NCCU reference quoted"),
    Corruption("reference_mistyped", "answer", 0.005, 0.03, 0.05, "one digit off: a live serial"),
    Corruption("reference_pasted", "answer", 0.002, 0.02, 0.04, "left over from an earlier report"),
    Corruption("reference_written", "answer", 0.20, 0.30, 0.20, "one of six other written forms"),
    Corruption("incident_missing", "answer", 0.08, 0.20, 0.45, "no incident number"),
    Corruption("incident_bare", "answer", 0.10, 0.20, 0.20, "the serial without its day"),
    Corruption("incident_written", "answer", 0.10, 0.20, 0.15, "another house format"),
    Corruption("incident_mistyped", "answer", 0.005, 0.03, 0.05, "one digit of the serial wrong"),
    Corruption("incident_day_off", "answer", 0.005, 0.02, 0.04, "a day early or late"),
    Corruption("custody_missing", "answer", 0.10, 0.40, 0.60, "custody number left out"),
    Corruption("author_other", "answer", 0.03, 0.10, 0.20, "a colleague wrote it"),
    Corruption("event_date_missing", "answer", 0.02, 0.05, 0.15, "no event date"),
    Corruption("event_day_off", "answer", 0.01, 0.04, 0.08, "the day before or after"),
    Corruption("postcode_missing", "answer", 0.05, 0.20, 0.40, "no postcode"),
    Corruption("postcode_outward", "answer", 0.05, 0.12, 0.15, "outward half only"),
    Corruption("postcode_wrong", "answer", 0.01, 0.05, 0.10, "another address in the district"),
    Corruption("vehicle_missing", "answer", 0.10, 0.30, 0.50, "registrations left out"),
    Corruption("vehicle_misread", "answer", 0.01, 0.05, 0.10, "O for 0, I for 1, S for 5, Z for 2"),
    Corruption("people_missing", "answer", 0.01, 0.03, 0.08, "nobody named"),
    Corruption("person_extra", "answer", 0.03, 0.08, 0.10, "somebody else named as well"),
    # Each person that such a document names.
    Corruption("name_transliterated", "person", 0.05, 0.14, 0.22, "another spelling of a part"),
    Corruption("name_shortened", "person", 0.01, 0.05, 0.10, "initial, or a part left out"),
    Corruption("name_swapped", "person", 0.01, 0.04, 0.06, "forename and surname changed round"),
    Corruption("name_mistyped", "person", 0.01, 0.03, 0.05, "a letter lost"),
    Corruption("name_aliased", "person", 0.002, 0.01, 0.03, "another name altogether"),
    Corruption("birth_missing", "person", 0.05, 0.12, 0.22, "no date of birth"),
    Corruption("birth_swapped", "person", 0.01, 0.03, 0.05, "day and month changed round"),
    Corruption("birth_first_january", "person", 0.01, 0.04, 0.05, "1 January of the year"),
    Corruption("nationality_missing", "person", 0.05, 0.15, 0.30, "no nationality"),
    # What answers what.
    Corruption("undocumented", "referral", 0.08, 0.08, 0.08, "nobody wrote a document"),
    Corruption("second_document", "referral", 0.02, 0.035, 0.05, "two documents for one referral"),
    Corruption("several_referrals", "incident", 0.05, 0.10, 0.12, "an incident reported in parts"),
    Corruption("covered", "incident", 0.50, 0.60, 0.65, "of those: one document for all parts"),
    # Documents that answer nothing and look as if they did, per referral.
    Corruption("decoy_same_officer", "referral", 0.05, 0.15, 0.25, "same officer, same day"),
    Corruption("decoy_same_person", "referral", 0.04, 0.10, 0.15, "same person, another day"),
    Corruption("decoy_same_incident", "referral", 0.03, 0.08, 0.12, "same incident, other people"),
    Corruption("decoy_relative", "referral", 0.02, 0.05, 0.08, "a relative at the address"),
    Corruption("decoy_reference", "referral", 0.01, 0.03, 0.05, "somebody else's reference"),
    # Any document.
    Corruption("grading_missing", "document", 0.02, 0.05, 0.10, "a 3x5x2 part left out"),
    Corruption("amended", "document", 0.01, 0.02, 0.03, "changed after it was submitted"),
)

BY_NAME: Final = {corruption.name: corruption for corruption in TABLE}
BIT: Final = {corruption.name: index for index, corruption in enumerate(TABLE)}
DECOYS: Final = tuple(c.name for c in TABLE if c.name.startswith("decoy_"))

HASTE: Final[dict[Setting, float]] = {"easy": 0.3, "realistic": 0.5, "harsh": 0.6}
"""How strongly the omissions of one document go together, 0 (not at all) to 1."""


def rate(name: str, setting: Setting) -> float:
    """The rate of the corruption called `name`."""
    return BY_NAME[name].rate(setting)
