"""Tokens: equal for the same person however written, and nothing without the key."""

import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tokens import Tokeniser, folded, person_tokens, sound_of
from domain.errors import SettingsRefused

KEY = b"0123456789abcdef"
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
births = st.dates(date(1900, 1, 1), date(2030, 1, 1))


@given(names, names, births)
def test_the_order_of_names_makes_no_difference(one: str, other: str, born: date) -> None:
    """Family names come first in half the world, and in half the forms."""
    forwards = {"forename": one, "surname": other, "date_of_birth": born}
    backwards = {"forename": other, "surname": one, "date_of_birth": born}

    assert person_tokens(forwards, KEY) == person_tokens(backwards, KEY)


@given(names)
def test_folding_twice_changes_nothing(name: str) -> None:
    """So a name that a source has folded already still agrees."""
    assert folded(name) == folded(" ".join(folded(name)))


@given(names, births)
def test_another_key_gives_other_tokens(name: str, born: date) -> None:
    """Two forces' tokens cannot be joined, nor one force's looked up in a list of names."""
    person = {"surname": name, "date_of_birth": born}
    ours, theirs = person_tokens(person, KEY), person_tokens(person, KEY[::-1])

    assert ours["dob"] != theirs["dob"]
    assert not {*ours["names"], *ours["sounds"]} & {*theirs["names"], *theirs["sounds"]}


@given(births)
def test_a_day_and_month_that_changed_places_agree_in_order(born: date) -> None:
    """02/03 and 03/02 are the commonest slip of all."""
    swapped = born.replace(day=born.month, month=born.day) if born.day <= 12 else born

    ours = person_tokens({"date_of_birth": born}, KEY)
    theirs = person_tokens({"date_of_birth": swapped.isoformat()}, KEY)

    assert ours["dob_ordered"] == theirs["dob_ordered"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Mr. Jürgen GROß", ("gross", "jurgen")),
        ("Łukasz Sørensen", ("lukasz", "sorensen")),
        ("O'Neill-Đorđević", ("dordevic", "neill")),
        ("J. P. Æthel", ("aethel",)),
        ("Müller Mu\u0308ller", ("muller",)),
        ("\u674e \u5a1c", ("\u5a1c", "\u674e")),
        ("\u041e\u043b\u0435\u0433", ("\u043e\u043b\u0435\u0433",)),
        ("\u0645\u064f\u062d\u0645\u062f", ("\u0645\u062d\u0645\u062f",)),
        ("Dr", ()),
        ("", ()),
    ],
)
def test_a_name_is_folded_to_its_plain_parts(name: str, parts: tuple[str, ...]) -> None:
    """Accents, titles and initials differ between two officers' typing."""
    assert parts == folded(name)


def test_names_that_sound_alike_share_a_token() -> None:
    """Smith and Smyth, over the radio."""
    smith = person_tokens({"surname": "Smith"}, KEY)
    smyth = person_tokens({"surname": "Smyth"}, KEY)

    assert smith["names"] != smyth["names"]
    assert smith["sounds"] == smyth["sounds"]


def test_a_name_without_a_sound_keeps_itself() -> None:
    """Metaphone knows Latin letters only; silence would make all others sound alike."""
    assert "\u674e" == sound_of("\u674e")


def test_an_unknown_person_has_no_tokens_and_an_unknown_role() -> None:
    """Missing is no evidence, and an unknown role stays visible."""
    assert person_tokens({}, KEY) == {
        "role": "unknown",
        "nationality": None,
        "names": [],
        "sounds": [],
        "dob": None,
        "dob_ordered": None,
        "initial_dob": [],
        "dob_is_default": False,
    }


def test_the_first_of_january_is_marked() -> None:
    """Written when only a year is known, it agrees with far too many people."""
    assert person_tokens({"date_of_birth": "1990-01-01"}, KEY)["dob_is_default"]
    assert not person_tokens({"date_of_birth": "1990-01-02"}, KEY)["dob_is_default"]


def test_a_short_key_is_refused() -> None:
    """An empty key would make every token a plain hash that anyone can look up."""
    with pytest.raises(SettingsRefused, match="under 16 bytes"):
        Tokeniser(b"short")


@given(key=st.binary(min_size=16, max_size=150), value=names)
def test_a_token_is_the_start_of_the_hmac_under_a_key_of_any_length(key: bytes, value: str) -> None:
    """
    A key longer than SHA-256's block is hashed first, as RFC 2104 says.
    """
    whole = hmac.digest(key, f"name\x1f{value}".encode(), "sha256").hex()

    assert whole[:16] == Tokeniser(key).token("name", value)
