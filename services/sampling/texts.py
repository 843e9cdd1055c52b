"""Text of a feed or a person as the documents take it: one spelling, one line."""

import unicodedata


def plain(text: str) -> str:
    """`text` composed (NFC), with a space for each run of what is not printed."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(c)[0] == "C" else c for c in composed)
    return " ".join("".join(kept).split())
