"""The fields of the two feeds, from their published contracts."""

from collections.abc import Mapping
from typing import Any

from tables import table

from adapters.feeds.aliases import FIELDS, KNOWN, PERSON_COLUMNS, PERSON_FIELDS
from schemas.validation import contract


def fields(feed: str) -> str:
    """A contract's fields: what each is, its form, and the headings known for it."""
    schema = contract(feed)
    required = set(schema["required"])
    rows = [
        (
            f"`{name}`",
            "yes" if name in required else "",
            said["description"],
            _form(said),
            _headings(feed, name),
        )
        for name, said in schema["properties"].items()
        if name in FIELDS[feed]
    ]
    return table(("Field", "Required", "What it is", "Form", "Headings known without a map"), rows)


def people() -> str:
    """The fields of a person, as both contracts have them."""
    schema = contract("referrals")["$defs"]["person"]["properties"]
    column_of = {field: column for column, field in PERSON_COLUMNS.items()}
    rows = [
        (
            f"`{name}`",
            f"`{column_of[name]}`",
            schema[name]["description"],
            _form(schema[name]),
            _headings("referrals", column_of[name]),
        )
        for name in PERSON_FIELDS
    ]
    names = ("Field", "Column, one row a person", "What it is", "Form", "Headings known")
    return table(names, rows)


def _form(said: Mapping[str, Any]) -> str:
    """A property's rules in words."""
    if "enum" in said:
        return "one of " + ", ".join(f"`{word}`" for word in said["enum"] if word is not None)
    if said.get("format") == "date-time":
        return "instant"
    if said.get("format") == "date":
        return "day"
    if "maxItems" in said:
        return f"list of at most {said['maxItems']}"
    return f"text of at most {said['maxLength']} characters"


def _headings(feed: str, name: str) -> str:
    shown = KNOWN[feed][name]
    return ", ".join(f"`{heading}`" for heading in shown)
