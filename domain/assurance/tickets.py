"""Draw an assurance sample that anyone can draw again.

Each item gets a ticket that depends on the public seed and on its own draw id, and on nothing
else; the draw is the lowest tickets.  So the order of the frame cannot matter, a larger draw
begins with the smaller one, an extension takes the next tickets, and adding a stratum, a
district or a supplementary frame, or striking an item out, changes nobody else's ticket.

The tickets are those of consistent-sampler 1.0.10 (R. L. Rivest) without replacement, in
full, for ids that are text; a draw can be repeated with that package, or with sha256sum, bc,
rev and sort.  Tickets and ids are compared as text, code point by code point, which for UTF-8
is byte by byte, as ``LC_ALL=C sort`` does.
"""

import heapq
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from domain.errors import SampleRefused

_SHORTEST_SEED = 20
_DIGITS = 64


@dataclass(frozen=True, order=True)
class Ticket:
    """``0.`` and 64 or more decimal digits, and the id that it belongs to."""

    number: str
    draw_id: str


def check_seed(seed: str) -> None:
    """Refuse a seed that could be guessed or cannot be typed again as it stands."""
    if len(seed.strip()) < _SHORTEST_SEED:
        raise SampleRefused(
            f"The seed has {len(seed.strip())} characters, and fewer than {_SHORTEST_SEED} could"
            " be tried out beforehand. Roll 20 ten-sided dice. Nothing was drawn."
        )
    if seed != seed.strip() or not _plain(seed):
        raise SampleRefused(
            "The seed begins or ends with a space, or has a character that is not printed or"
            " can be written in two ways. Type it again. Nothing was drawn."
        )


def number(seed: str, draw_id: str) -> str:
    """The ticket number of one item."""
    return _number(_seed_hash(seed), draw_id)


def _seed_hash(seed: str) -> str:
    return sha256(seed.encode()).hexdigest()


def _number(seed_hash: str, draw_id: str) -> str:
    item = sha256((seed_hash + draw_id).encode()).digest()
    return "0." + str(int.from_bytes(item)).zfill(_DIGITS)[::-1]


def draw(seed: str, frame: Collection[str], size: int, after: int = 0) -> list[Ticket]:
    """The `size` items with the lowest tickets, lowest first, after the first `after` of them.

    Args:
        seed: Public, and known only after the frame was frozen.
        frame: Distinct draw ids, in any order.
        size: Items wanted.
        after: Items drawn before, to which these are added.

    Raises:
        SampleRefused: The frame has an id twice, an id that is not plain text, or too few ids.
    """
    check_seed(seed)
    _check_frame(frame)
    if size < 0 or after < 0 or after + size > len(frame):
        raise SampleRefused(
            f"Cannot draw {size} items after {after} from a frame of {len(frame)}."
            " Nothing was drawn."
        )
    seed_hash = _seed_hash(seed)
    pairs = ((_number(seed_hash, draw_id), draw_id) for draw_id in frame)
    return [Ticket(*pair) for pair in heapq.nsmallest(after + size, pairs)[after:]]


def draw_strata(
    seed: str, strata: Mapping[str, Collection[str]], sizes: Mapping[str, int]
) -> dict[str, list[Ticket]]:
    """The draw of each stratum, by its name: the same tickets, taken within the stratum."""
    if set(sizes) != set(strata):
        raise SampleRefused(
            "The strata to draw from are not those that sizes were planned for."
            " Freeze the frame again. Nothing was drawn."
        )
    _check_frame([draw_id for stratum in strata.values() for draw_id in stratum])
    return {name: draw(seed, stratum, sizes[name]) for name, stratum in strata.items()}


def merge(draws: Iterable[Iterable[Ticket]]) -> list[Ticket]:
    """The tickets of several draws from one seed, in one order."""
    return sorted(ticket for some in draws for ticket in some)


def _check_frame(frame: Collection[str]) -> None:
    if len(set(frame)) < len(frame):
        raise SampleRefused(
            "The frame lists an item twice, so it would have two chances."
            " Freeze it again without. Nothing was drawn."
        )
    for draw_id in frame:
        if not draw_id or not ((draw_id.isascii() and draw_id.isprintable()) or _plain(draw_id)):
            raise SampleRefused(
                "The frame has a draw id that is empty, has a character that is not printed, or"
                " can be written in two ways. Freeze it again. Nothing was drawn."
            )


def _plain(text: str) -> bool:
    """Whether the text has one spelling in bytes: composed (NFC), no control or lone surrogate."""
    return unicodedata.is_normalized("NFC", text) and not any(
        unicodedata.category(character) in ("Cc", "Cs") for character in text
    )
