"""What must be set before Prefect is imported, for a run that needs nothing started by hand.

Values that are set already are left alone, so a server of one's own (PREFECT_API_URL) or a
home elsewhere is respected.
"""

import os
from pathlib import Path


def prepare(home: Path) -> None:
    """Point Prefect at the installation's own folder and keep it quiet and offline."""
    os.environ["COUNTERFOIL_HOME"] = str(home)
    for name, value in {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "counterfoil",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    }.items():
        os.environ.setdefault(name, value)
