"""Control totals add up, whatever the two sources hold."""

from hypothesis import given
from hypothesis import strategies as st

from domain.sampling.reconciling import Reference, reconcile

references = st.integers(1001, 1040).map(lambda n: f"26-{n}")


@given(ours=st.lists(st.none() | references), theirs=st.lists(references, min_size=1))
def test_control_totals_add_up(ours: list[str | None], theirs: list[str]) -> None:
    """
    Every referral of ours and every line of theirs is in one of the counts.
    """
    compared = reconcile("log", [Reference(each, each) for each in ours], theirs, "looked into")
    found = compared.totals
    told = [int(part.split()[0]) for part in found.explanation.split(".")[0].split(", ")]
    theirs_alone, ours_alone, without, twice, repeated, unreadable = told

    assert found.both == len({each for each in ours if each} & set(theirs))
    assert found.ours == len(ours) == found.both + ours_alone + without + twice
    assert found.theirs == len(set(theirs)) == found.both + theirs_alone
    assert len(theirs) == found.theirs + repeated + unreadable
    assert set(compared.theirs_alone) == set(theirs) - set(ours)
    assert set(compared.ours_alone) == {each for each in ours if each} - set(theirs)
    assert (theirs_alone, ours_alone) == (len(compared.theirs_alone), len(compared.ours_alone))


def test_each_reference_that_differs_is_told_as_its_source_writes_it() -> None:
    """
    So that whoever looks into it finds it there; once, as it stands first.
    """
    ours = [Reference("NCCU/26/0001001", "26-1001"), Reference(None, None)]
    found = reconcile("log", ours, ["nccu26-1002", "26/1002", "--"], "looked into")

    assert ("nccu26-1002",) == found.theirs_alone
    assert ("NCCU/26/0001001",) == found.ours_alone


def test_a_heading_is_no_reference() -> None:
    """
    It is counted as what it is.
    """
    found = reconcile("log", [Reference("1001", "1001")], ["NCCU reference", "1001"], "looked into")

    assert (found.totals.theirs, found.totals.both, found.theirs_alone) == (1, 1, ())
    assert "1 lines of theirs that are no reference" in found.totals.explanation
