"""Worksheets as files: XLSX and CSV, written for people to fill and read when they come back."""

from adapters.worksheets.reading import read_worksheet
from adapters.worksheets.writing import write_worksheet

__all__ = ["read_worksheet", "write_worksheet"]
