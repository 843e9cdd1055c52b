"""Logging, once: structlog through the standard library, so that Prefect collects it too.

One JSON line an event on standard error, with the run and the force.  Prefect attaches its
own handler to the loggers named in PREFECT_LOGGING_EXTRA_LOGGERS (we name "counterfoil"),
but leaves their level alone, so the level is set here.
"""

import logging
import sys
from typing import Any

import structlog

LOGGER = "counterfoil"


def get(**fields: Any) -> structlog.stdlib.BoundLogger:
    """A logger whose events are past-tense phrases with fields beside them."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(LOGGER, **fields)
    return logger


def configure(level: int | None = None) -> None:
    """Send events as JSON lines to standard error; safe to call more than once.

    Args:
        level: The least that is sent.  Without one an earlier call's stays, so that each
            step may make sure of its log and none speaks louder than its door asked for;
            the first call's is INFO.
    """
    logger = logging.getLogger(LOGGER)
    if level is not None or logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO if level is None else level)
    logger.propagate = False  # or Prefect's console prints every event again, not as JSON
    if not any(getattr(handler, "is_counterfoils", False) for handler in logger.handlers):
        handler = _LateStderr()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _LateStderr(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the time of the event."""

    is_counterfoils = True

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _: Any) -> None:
        pass
