"""Two months of nightly deliveries for Exampleshire, with every trouble planted in them.

`make` writes the files and says which were delivered on which night and what to expect.
"""

from synthetic.demo.making import DEFAULT_SEED, make
from synthetic.demo.plan import DemoPlan, Night, Planted

__all__ = ["DEFAULT_SEED", "DemoPlan", "Night", "Planted", "make"]
