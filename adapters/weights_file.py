"""The weights that an installation names in its settings, or those that ship."""

from pathlib import Path

from domain.pairing.model_file import load_model
from domain.pairing.weights import Weights, WeightsRefused, default_weights


def read_weights(file: Path | None) -> Weights:
    """The weights of a file; those that ship with the product if there is none.

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
            f"The weights file {file} cannot be read ({reason}). Put it back, or correct"
            " `weights` in the settings. Nothing was done."
        ) from None
    except WeightsRefused as why:
        raise WeightsRefused(f"{file}: {why} Nothing was done.") from None
