"""What a pack says of itself."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.errors import SampleRefused

_MARKING = re.compile(r"[A-Z][A-Z :/-]{0,58}[A-Z]")


@dataclass(frozen=True)
class About:
    """The marking of each page, and what the PDF was typeset with, as ``typst 0.15.2``."""

    SCHEMA: ClassVar = "counterfoil/pack/1"

    sample: str
    marking: str
    typesetter: str

    def __post_init__(self) -> None:
        if not _MARKING.fullmatch(self.marking):
            raise SampleRefused(
                "A marking is 2 to 60 capital letters, spaces, colons, slashes and hyphens, as"
                " OFFICIAL-SENSITIVE. Nothing was written."
            )
