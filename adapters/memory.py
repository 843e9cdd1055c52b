"""Memory that was freed, given back to the system.

The C library keeps what was freed for its own next requests.  Polars asks a library of its own,
so after much cleaning a tenth of the process would be held and used by nobody.
"""

import ctypes
import gc


def give_back() -> None:
    """Give back what the C library holds and nobody uses; nothing where it cannot (not glibc)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
