"""`counterfoil sample plan`: published sizes, JSON and table alike, and what it refuses."""

import re

import pytest

from tests.cli.calling import call, cells, said_once


@pytest.mark.parametrize(
    ("words", "drawn", "accepted"),
    [
        # AICPA, Audit Sampling, table A-1 (5% risk): 59 at 5%, 93 at 1% expected; 149 at 2%.
        (("--population", 1_000_000, "--tolerable", "5%"), 59, 0),
        (("--population", 1_000_000, "--tolerable", "5%", "--expected", "1%"), 93, 1),
        (("--population", 1_000_000, "--tolerable", "2%"), 149, 0),
    ],
)
def test_the_published_sizes(words: tuple[object, ...], drawn: int, accepted: int) -> None:
    """
    An auditor who knows the tables finds their sizes again.
    """
    answer = call("sample", "plan", *words, "--json")

    assert answer.code == 0
    assert answer.json["looks"] == [{"drawn": drawn, "accepted": accepted}]


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--expected", "1%"),
        ("--counted", 40, "--known", 3),
        ("--extension", "two-stage"),
        ("--extension", "anytime"),
        ("--census",),
    ],
)
def test_the_table_says_what_the_json_says(more: tuple[object, ...]) -> None:
    """
    Looks, achieved risk and every bound.
    """
    words = ("sample", "plan", "--population", 1000, *more)
    shown, told = call(*words), call(*words, "--json").json

    looks = re.findall(r"draw ([\d,]+) in all; shown if ([\d,]+ or fewer|none) devi", shown.out)
    read = [
        (int(drawn.replace(",", "")), int(most.split()[0].replace("none", "0").replace(",", "")))
        for drawn, most in looks
    ]
    assert read == [(look["drawn"], look["accepted"]) for look in told["looks"]][:10]
    bounds = shown.out.partition("What a result would say")[2].partition("Power")[0]
    assert [(int(found), int(most.replace(",", ""))) for found, most, _ in cells(bounds)] == [
        (each["found"], each["most"]) for each in told["bounds"]
    ]
    assert told["power"][0]["deviating"] == 0


def test_strata_are_sampled_in_proportion_and_make_up_the_population() -> None:
    """
    Four strata of 1,000 together: each gets its share, and none is left out.
    """
    words = ("--stratum", "auto=700", "--stratum", "by-person=200", "--stratum", "exempt=100")
    told = call("sample", "plan", *words, "--json").json

    assert told["population"] == 1000
    assert told["design"] == "proportional"
    (look,) = told["looks"]
    assert sum(told["sizes"].values()) == look["drawn"]
    for name, items in {"auto": 700, "by-person": 200, "exempt": 100}.items():
        assert told["sizes"][name] * 1000 >= items * (look["drawn"] - len(told["sizes"]))


def test_a_census_is_advised_where_half_would_be_drawn() -> None:
    """
    Nobody computes a sample of 60 from 80.
    """
    small = call("sample", "plan", "--population", 60)
    large = call("sample", "plan", "--population", 6000)

    assert "look at all of them instead" in small.out
    assert "look at all of them instead" not in large.out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--population", 0),
        ("--population", 1),
        ("--population", -5),
        ("--population", 1000, "--tolerable", "0"),
        ("--population", 1000, "--tolerable", "101%"),
        ("--population", 1000, "--tolerable", "five"),
        ("--population", 1000, "--expected", "5%"),
        ("--population", 1000, "--risk", "95%"),
        ("--population", 1000, "--known", 3),
        ("--population", 1000, "--counted", 100, "--known", 60),
        ("--population", 1000, "--census", "--extension", "anytime"),
        ("--stratum", "a=500", "--stratum", "a=500"),
        ("--stratum", "a"),
        ("--stratum", "a=-5"),
        ("--stratum", "a=500", "--population", 400),
        ("--stratum", "a=500", "--census"),
        ("--stratum", "a=500", "--extension", "two-stage"),
    ],
)
def test_what_cannot_be_planned_is_refused(words: tuple[object, ...]) -> None:
    """
    A plan that means nothing is worse than none.
    """
    assert said_once(call("sample", "plan", *words))
