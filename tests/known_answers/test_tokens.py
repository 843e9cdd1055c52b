r"""Tokens as OpenSSL computes them, for an invented person.

printf 'name\x1ftestina' |
    openssl dgst -sha256 -mac HMAC -macopt key:0123456789abcdef
937dded4de794faae4b6af625ce5b83021ea6c01767906bbd1b00050fa3efde3
"""

import pytest

from adapters.tokens import Tokeniser, person_tokens

KEY = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("kind", "value", "openssl"),
    [
        ("name", "testina", "937dded4de794faa"),
        ("sound", "SMT", "b4fd015aa1e5bea4"),
        ("dob", "1990-12-31", "bd2db565e90e0200"),
        ("initial_dob", "t 1990-12-31", "9d2c2a06ad98c0ff"),
        ("dob_ordered", "1990-12-31", "251441b3c12eca2c"),
    ],
)
def test_a_token_is_the_start_of_the_hmac(kind: str, value: str, openssl: str) -> None:
    """Another program with the key can make the same tokens."""
    assert openssl == Tokeniser(KEY).token(kind, value)


def test_the_tokens_of_a_person_are_those_of_the_folded_parts() -> None:
    """Title, accent and capitals are gone before the HMAC; 31/12 has one order only."""
    tokens = person_tokens({"forename": "Ms TESTÍNA", "date_of_birth": "1990-12-31"}, KEY)

    assert tokens["names"] == ["937dded4de794faa"]
    assert tokens["dob"] == "bd2db565e90e0200"
    assert tokens["dob_ordered"] == "251441b3c12eca2c"
    assert tokens["initial_dob"] == ["9d2c2a06ad98c0ff"]
