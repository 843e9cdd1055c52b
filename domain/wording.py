"""Numbers in sentences."""


def number_of(number: int, one: str, more: str) -> str:
    """``1 item was``, ``2 items were``, ``0 items were``."""
    return f"{number:,} {one if number == 1 else more}"
