"""Feeds: a delivered file in, clean records and quarantined rows out.

Whatever a force's system exports comes in here and leaves in the published contract's
terms, with people as keyed tokens and numbers in a form that can be compared.
"""

from adapters.feeds.column_map import ColumnMap, load_map, map_from, read_table
from adapters.feeds.door import ReadRow
from adapters.feeds.identifier_rules import parse_rules
from adapters.feeds.preview import Preview, PreviewRow, preview
from adapters.feeds.reading import Values, admitting, open_rows, read_feed
from adapters.feeds.suggesting import suggest_map
from domain.errors import FeedRefused, MapRefused
from domain.identifiers import DEFAULT_RULES, IdentifierRules
from schemas.validation import Problem

__all__ = [
    "DEFAULT_RULES",
    "ColumnMap",
    "FeedRefused",
    "IdentifierRules",
    "MapRefused",
    "Preview",
    "PreviewRow",
    "Problem",
    "ReadRow",
    "Values",
    "admitting",
    "load_map",
    "map_from",
    "open_rows",
    "parse_rules",
    "preview",
    "read_feed",
    "read_table",
    "suggest_map",
]
