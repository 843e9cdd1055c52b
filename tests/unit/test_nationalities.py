"""One nationality however it is written."""

import pytest
from countryinfo import all_countries
from hypothesis import given
from hypothesis import strategies as st

from adapters.nationalities import OTHERS, nationality_of

WRITTEN = {
    "IRQ": ["IRQ", "iq", "Iraq", "Iraqi", " iraqi national ", "Iraqi citizen", "Republic of Iraq"],
    "CIV": ["Ivory Coast", "Côte d'Ivoire", "cote d'ivoire", "Ivorian"],
    "IND": ["Indian", "India"],
    "GBR": ["British", "UK", "Welsh", "British / English"],
    "XKX": ["Kosovo", "Kosovan"],
}
CODES = sorted(code for each in all_countries() if (code := each.iso().get("alpha3")))


@pytest.mark.parametrize(
    ("code", "written"), [(code, one) for code, words in WRITTEN.items() for one in words]
)
def test_a_country_its_people_and_its_codes_are_one(code: str, written: str) -> None:
    """
    NCCU's list may say IRQ and an officer Iraqi: that is no disagreement.
    """
    assert code == nationality_of(written)


@pytest.mark.parametrize("written", ["British/Iraqi", "Congolese", "Iraqi and Syrian", "XXX", "-"])
def test_what_may_be_either_of_two_is_nothing_to_compare(written: str) -> None:
    """
    It would disagree with one of them, wrongly.
    """
    assert nationality_of(written) is None


def test_other_words_are_compared_as_they_are_written() -> None:
    """
    What this list does not know may still be the same word on both sides.
    """
    assert nationality_of("Stateless person") == nationality_of("STATELESS  person")
    assert nationality_of("Stateless person") != nationality_of("Bidoon")
    assert nationality_of("伊拉克") == "伊拉克"


@given(st.sampled_from(CODES))
def test_a_code_is_itself(code: str) -> None:
    """
    So a nationality that was made a code once is never another one.
    """
    assert nationality_of(code) == code


@given(st.text(max_size=100))
def test_any_text_has_an_answer_that_stays(written: str) -> None:
    """
    However it is cased or spaced.
    """
    found = nationality_of(written)

    assert found != ""
    assert nationality_of(f"  {written.casefold()} ") == found
    assert set(OTHERS.values()) - {""} <= {*CODES, "XKX"}
