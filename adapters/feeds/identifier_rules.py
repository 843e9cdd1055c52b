"""Read a force's identifier rules from the TOML table ``[identifiers]``.

    [identifiers.incident]
    patterns = ['(?P<serial>\\d{4})/(?P<day>\\d\\d)(?P<month>\\d\\d)(?P<year>\\d\\d)']

The patterns of a kind replace the built-in ones, unless ``keep_defaults = true`` puts
them in front.  Each is matched, in any case, against the whole of the value.
"""

import re
from collections.abc import Mapping
from typing import Any

from domain.errors import MapRefused
from domain.identifiers import DEFAULT_RULES, IdentifierRules, Patterns, compiled

GROUPS = {
    "reference": ({"serial"}, {"year"}),
    "incident": ({"serial"}, {"day", "month", "year"}),
    "custody": ({"serial"}, {"prefix", "year"}),
    "officer": ({"number"}, set[str]()),
}
"""The named groups that a pattern of each kind must have, and may have."""


def parse_rules(table: Mapping[str, Any]) -> IdentifierRules:
    """The rules of the table under ``identifiers``; MapRefused says what is wrong with it."""
    unknown = [kind for kind in table if kind not in GROUPS]
    if unknown:
        raise MapRefused(f"There is no identifiers.{unknown[0]}. Known: {', '.join(GROUPS)}.")
    return IdentifierRules(**{kind: _patterns(kind, rules) for kind, rules in table.items()})


def _patterns(kind: str, rules: Any) -> Patterns:
    if not isinstance(rules, dict) or not set(rules) <= {"patterns", "keep_defaults"}:
        raise MapRefused(f"identifiers.{kind} may hold patterns and keep_defaults only.")
    written = rules.get("patterns")
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
        raise MapRefused(f"identifiers.{kind}.patterns must be a list of regular expressions.")
    own = tuple(_pattern(kind, number, one) for number, one in enumerate(written, 1))
    if rules.get("keep_defaults", False):
        defaults: Patterns = getattr(DEFAULT_RULES, kind)
        return own + defaults
    if not own:
        raise MapRefused(f"identifiers.{kind}.patterns is empty. Leave it out for the defaults.")
    return own


def _pattern(kind: str, number: int, written: str) -> re.Pattern[str]:
    called = f"Pattern {number} of identifiers.{kind}"
    try:
        (pattern,) = compiled(written)
    except re.error as error:
        raise MapRefused(f"{called} is not a regular expression: {error}.") from None
    must, may = GROUPS[kind]
    groups = set(pattern.groupindex)
    if not must <= groups <= must | may:
        names = ", ".join(sorted(must | may))
        raise MapRefused(f"{called} must name the group {min(must)}, and only of: {names}.")
    return pattern
