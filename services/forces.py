"""A force as it is set up: policy, key, maps, weights and folders, read and checked together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters import policies
from adapters.feeds import ColumnMap, IdentifierRules, load_map
from adapters.feeds.identifier_rules import parse_rules
from adapters.settings import Settings
from adapters.weights_file import read_weights
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import Feed


@dataclass(frozen=True)
class FeedPlace:
    """Where one feed arrives and how its columns are read."""

    folder: Path
    map: ColumnMap


@dataclass(frozen=True)
class Force:
    """One force, ready for a night. `archive` is None when taken files are removed."""

    code: str
    name: str
    key: bytes
    policies: PolicySet
    rules: IdentifierRules
    weights: Weights
    feeds: Mapping[Feed, FeedPlace]
    archive: Path | None


def open_force(settings: Settings, code: str) -> Force:
    """The force with everything that its settings name, read.

    Raises:
        SettingsRefused, PolicyRefused, MapRefused, WeightsRefused: the file or key at fault is
            named.
    """
    found = settings.force(code)
    return Force(
        code=code,
        name=found.name or code,
        key=settings.key(code),
        policies=policies.load_policies(settings.path(found.policy) if found.policy else None),
        rules=parse_rules(found.identifiers),
        weights=read_weights(settings.path(settings.weights) if settings.weights else None),
        feeds={feed: _place(settings, code, feed) for feed in Feed},
        archive=settings.path(settings.archive) if settings.after_taking == "archive" else None,
    )


def _place(settings: Settings, code: str, feed: Feed) -> FeedPlace:
    found = settings.force(code).feed(feed)
    column_map = load_map(settings.path(found.map) if found.map else None, feed.value)
    return FeedPlace(settings.path(found.folder), column_map)
