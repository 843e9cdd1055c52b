"""Control totals add up, whatever the two sources hold."""

from hypothesis import given
from hypothesis import strategies as st

from domain.sampling.reconciling import reconcile

references = st.integers(1001, 1040).map(lambda n: f"26-{n}")


@given(ours=st.lists(st.none() | references), theirs=st.lists(references, min_size=1))
def test_control_totals_add_up(ours: list[str | None], theirs: list[str]) -> None:
    """
    Every referral of ours and every line of theirs is in one of the counts.
    """
    found = reconcile("log", ours, theirs, "looked into")
    told = [int(part.split()[0]) for part in found.explanation.split(".")[0].split(", ")]
    theirs_alone, ours_alone, without, twice, repeated, unreadable = told

    assert found.both == len({each for each in ours if each} & set(theirs))
    assert found.ours == len(ours) == found.both + ours_alone + without + twice
    assert found.theirs == len(set(theirs)) == found.both + theirs_alone
    assert len(theirs) == found.theirs + repeated + unreadable
