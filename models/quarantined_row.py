"""A row of a delivery that was refused, with one of its reasons and never its value."""

from typing import ClassVar

from sqlmodel import Field

from models.base import Table


class QuarantinedRow(Table, table=True):
    """One reason why one row was refused; a row with three problems is here three times.

    `row` counts as a person does in the file, from 1; `pointer` is a JSON pointer into the
    record, empty for the row as a whole.
    """

    __tablename__ = "quarantined_row"
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "delivery_id", "row", "pointer", "reason"}
    )

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    row: int
    pointer: str
    reason: str
