"""The options every task shares, in one place."""

from typing import Any

from prefect.cache_policies import NO_CACHE

from tasks.retry import DELAYS, worth_retrying

STEP: dict[str, Any] = {
    "retries": len(DELAYS),
    "retry_delay_seconds": DELAYS,
    "retry_condition_fn": worth_retrying,
    "cache_policy": NO_CACHE,  # the database is the memory
    "persist_result": False,
}
