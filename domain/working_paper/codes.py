"""What a code and a SHA-256 of the documents look like."""

import re

from domain.errors import SampleRefused

_HEX64 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_code(code: str) -> None:
    """Refuse what cannot be the code of a sample or an attribute."""
    if not _CODE.fullmatch(code):
        raise SampleRefused(
            "A code is 1 to 64 letters, digits, points, underscores and hyphens, beginning with"
            " a letter or digit. Nothing was stored."
        )


def check_sha256(value: str) -> None:
    """Refuse what is not a SHA-256 as we write it."""
    if not _HEX64.fullmatch(value):
        raise SampleRefused("A SHA-256 is 64 lowercase hexadecimal digits. Nothing was stored.")
