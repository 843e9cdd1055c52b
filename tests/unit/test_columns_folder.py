"""A side's columns come back from their folder as they were."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from polars.testing import assert_frame_equal

from adapters.columns_folder import read_side, write_side
from domain.pairing import pair, pair_prepared, prepared
from tests.unit.pairing.pairings import WEIGHTS
from tests.unit.pairing.strategies import World, worlds


@settings(deadline=None, max_examples=25)
@given(world=worlds())
def test_pairing_stored_columns_is_pairing_the_records(world: World) -> None:
    """
    A rerun saves the cleaning and changes no answer.
    """
    sides = []
    with tempfile.TemporaryDirectory() as folder:
        for name, side in (("ours", world.referrals), ("theirs", world.documents)):
            write_side(prepared(side, WEIGHTS), Path(folder) / name)
            sides.append(read_side(Path(folder) / name))
    again = pair_prepared(sides[0], sides[1], world.decisions, WEIGHTS)
    once = pair(world.referrals, world.documents, world.decisions, WEIGHTS)

    assert_frame_equal(once.pairings, again.pairings)
    assert_frame_equal(once.nearest, again.nearest)
    assert_frame_equal(once.outcomes, again.outcomes)
