"""Read a force's policy file: TOML in, a PolicySet out, or one refusal that lists every problem.

What decides whether an officer was late (from when, which documents, how long) is never
left to a default: a policy that leaves one of them out is refused.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Final

from domain.errors import PolicyRefused
from domain.policy import (
    DOCUMENT_FIELDS,
    REGIONS,
    AlarmPolicy,
    DocumentFeedPolicy,
    Grace,
    Policy,
    PolicySet,
    normal,
)

DEFAULT_POLICY: Final = Path(__file__).with_name("default_policy.toml")
FORCE: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
EARLIEST: Final = date(1990, 1, 1)
MISSING: Final = object()

Problems = list[str]
Reader = Callable[[object, str, Problems], Any]
"""Value, where it stands, and the list to add problems to; the value read, or MISSING."""


def load_policies(path: Path | None) -> PolicySet:
    """The policies in the file at `path`; None is the default that ships.

    Raises:
        PolicyRefused: The file cannot be read or has problems; every one is listed.
    """
    path = path or DEFAULT_POLICY
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyRefused(
            f"{path} is not UTF-8 text. Save it as UTF-8. Nothing was judged by it."
        ) from error
    except OSError as error:
        raise PolicyRefused(
            f"{path} cannot be read ({error.strerror}). Check the path and who may read it."
            " Nothing was judged by it."
        ) from error
    return parse_policies(text, path.name)


def policies_for(directory: Path | None, force: str) -> PolicySet:
    """The policies of `force`: ``<force>.toml`` in `directory`, else ``default.toml`` there.

    Without a directory every force has the default that ships.  A directory with neither
    file is refused, so that a misspelt file name is not a silent change of policy.
    """
    if directory is None:
        return load_policies(None)
    if not FORCE.fullmatch(force):
        raise PolicyRefused(
            "A force's code is 1 to 20 letters, digits, hyphens or underscores; this one is"
            " not, so no policy was looked up."
        )
    for path in (directory / f"{force}.toml", directory / "default.toml"):
        if path.is_file():
            return load_policies(path)
    raise PolicyRefused(
        f"There is no policy for {force}: {directory} holds neither {force}.toml nor"
        " default.toml. Write one (docs/policy.md). Nothing was judged."
    )


def parse_policies(text: str, name: str) -> PolicySet:
    """The policies that `text` holds; messages call the file `name`.

    Raises:
        PolicyRefused: With every problem, each with its policy and key.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(name, [f"not TOML: {error}"]) from error
    problems: Problems = []
    policies = [
        _policy(table, f"policy {number}", problems)
        for number, table in enumerate(_policy_tables(tables, problems), start=1)
    ]
    problems += _repeated_dates(policies)
    if problems:
        raise _refusal(name, problems)
    return PolicySet(tuple(policies))


def _refusal(name: str, problems: Problems) -> PolicyRefused:
    listed = "".join(f"\n  {name}, {problem}" for problem in problems)
    return PolicyRefused(
        f"{name} cannot be used as a policy. Nothing was judged by it. To put right:{listed}"
    )


def _policy_tables(tables: Mapping[str, object], problems: Problems) -> list[object]:
    problems += [f"{_unknown(key, ['policy'])}" for key in tables if key != "policy"]
    found = tables.get("policy")
    if isinstance(found, list) and found:
        return found
    problems.append("policy: write one [[policy]] table or more, in double brackets")
    return []


def _repeated_dates(policies: Iterable[Any]) -> Problems:
    seen: dict[date, int] = {}
    problems = []
    for number, policy in enumerate(policies, start=1):
        if policy is MISSING:
            continue
        first = seen.setdefault(policy.effective_from, number)
        if first != number:
            problems.append(
                f"policy {number}, effective_from: policy {first} starts that day already"
            )
    return problems


def _unknown(key: str, known: Iterable[str]) -> str:
    """``hour: unknown key; did you mean hours?``"""
    known = list(known)
    near = get_close_matches(key, known, n=1, cutoff=0)
    return f"{key}: unknown key; did you mean {near[0]}?"


def _table(
    build: Callable[..., Any], readers: Mapping[str, Reader], required: Iterable[str] = ()
) -> Reader:
    """A reader of a table with the keys of `readers`, handed to `build` as keywords."""

    def read(value: object, where: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            problems.append(f"{where}: write a table")
            return MISSING
        before = len(problems)
        separator = "." if ", " in where else ", "
        problems += [
            f"{where}{separator}{_unknown(key, readers)}" for key in value if key not in readers
        ]
        problems += [
            f"{where}{separator}{key}: missing, and has no default"
            for key in required
            if key not in value
        ]
        read_values = {
            key: reader(value[key], f"{where}{separator}{key}", problems)
            for key, reader in readers.items()
            if key in value
        }
        return build(**read_values) if len(problems) == before else MISSING

    return read


def _number(
    kinds: tuple[type, ...], low: float, high: float, what: str,
    value: object, where: str, problems: Problems,
) -> Any:  # fmt: skip
    if isinstance(value, bool) or not isinstance(value, kinds):
        problems.append(f"{where}: write {what} from {low} to {high}")
        return MISSING
    if not low <= value <= high:  # type: ignore[operator]  # kinds are numbers
        problems.append(f"{where}: write {what} from {low} to {high}")
        return MISSING
    return kinds[-1](value)


def _whole(low: int, high: int) -> Reader:
    return partial(_number, (int,), low, high, "a whole number")


def _decimal(low: float, high: float) -> Reader:
    return partial(_number, (int, float), low, high, "a number")


def _day(value: object, where: str, problems: Problems) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime) and value >= EARLIEST:
        return value
    problems.append(f"{where}: write a date without quotes, as 2026-04-30, from {EARLIEST} on")
    return MISSING


def _list_of(item: Reader) -> Reader:
    def read(value: object, where: str, problems: Problems) -> Any:
        if not isinstance(value, list):
            problems.append(f"{where}: write a list, in square brackets")
            return MISSING
        return tuple(
            item(each, f"{where}[{number}]", problems) for number, each in enumerate(value, 1)
        )

    return read


def _words(value: object, where: str, problems: Problems) -> Any:
    if isinstance(value, str) and value.strip():
        return value
    problems.append(f"{where}: write some text in quotes")
    return MISSING


def _one_of(choices: Iterable[str]) -> Reader:
    choices = list(choices)

    def read(value: object, where: str, problems: Problems) -> Any:
        if value in choices:
            return value
        near = get_close_matches(str(value), choices, n=1)
        hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}"
        problems.append(f"{where}: not one that is known; {hint}")
        return MISSING

    return read


def _grace(value: object, where: str, problems: Problems) -> Any:
    if not isinstance(value, dict) or set(value) in ({"hours", "working_days"}, set()):
        problems.append(f"{where}: write {{ hours = 72 }} or {{ working_days = 3 }}, one of them")
        return MISSING
    return _GRACE(value, where, problems)


def _grace_by_event_type(value: object, where: str, problems: Problems) -> Any:
    if not isinstance(value, dict):
        problems.append(f'{where}: write a table, as "name" = {{ hours = 24 }}')
        return MISSING
    names = [normal(name) for name in value]
    if len(set(names)) < len(names):
        problems.append(f"{where}: one event type is there twice, in different letter case")
    return tuple(
        (name, _grace(grace, f'{where}."{name}"', problems)) for name, grace in value.items()
    )


_GRACE = _table(Grace, {"hours": _whole(1, 8760), "working_days": _whole(1, 260)})
_policy = _table(
    Policy,
    {
        "effective_from": _day,
        "grace": _grace,
        "grace_by_event_type": _grace_by_event_type,
        "event_types_under_duty": _list_of(_words),
        "document_types": _list_of(_words),
        "required_fields": _list_of(_one_of(DOCUMENT_FIELDS)),
        "bank_holidays": _one_of(REGIONS),
        "extra_bank_holidays": _list_of(_day),
        "document_feed": _table(
            DocumentFeedPolicy,
            {
                "max_age_hours": _whole(1, 8760),
                "stale_after_hours": _whole(1, 8760),
                "small_below": _decimal(0, 1),
                "min_history": _whole(1, 20),
                "normal_since": _day,
            },
        ),
        "alarms": _table(
            AlarmPolicy,
            {
                "rows_below": _decimal(0, 1),
                "rows_above": _decimal(1, 1000),
                "rows_margin": _whole(0, 1_000_000),
                "range_margin_days": _whole(0, 36_500),
                "newest_margin_days": _whole(0, 36_500),
                "gap_margin_days": _whole(0, 36_500),
                "min_history": _whole(3, 20),
            },
        ),
    },
    required=("effective_from", "grace", "document_types"),
)
