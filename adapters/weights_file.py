"""The weights of a file, named in the settings or on the command line, or those that ship."""

from pathlib import Path

from domain.pairing.model_file import load_model
from domain.pairing.weights import Weights, WeightsRefused, default_weights

IN_SETTINGS = "Put it back, or correct `weights` in the settings."
TYPED = "Correct the path that was given for it."


def read_weights(file: Path | None, remedy: str = IN_SETTINGS) -> Weights:
    """The weights of a file; those that ship with the product if there is none.

    `remedy` says what to do about a file that cannot be read, by where it was named.

    Raises:
        WeightsRefused: the file cannot be read or used; it is named.
    """
    if file is None:
        return default_weights()
    try:
        return load_model(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as why:
        reason = why.strerror if isinstance(why, OSError) else "it is not UTF-8 text"
        raise WeightsRefused(
            f"The weights file {file} cannot be read ({reason}). {remedy} Nothing was done."
        ) from None
    except WeightsRefused as why:
        raise WeightsRefused(f"{file}: {why} Nothing was done.") from None
