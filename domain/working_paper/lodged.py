"""The commitment as it was exported to be lodged, before anybody could give a receipt for it."""

from dataclasses import replace

from domain.working_paper.coding import document
from domain.working_paper.frame import Commitment


def as_lodged(commitment: Commitment) -> bytes:
    """The very bytes of the file that was lodged."""
    return document(replace(commitment, receipt=None))
