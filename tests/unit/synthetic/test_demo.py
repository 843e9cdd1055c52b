"""The demo holds what it says, and the door reads it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.feeds import DEFAULT_RULES, ReadRow, load_map, read_feed
from synthetic import TABLE
from synthetic.demo import DEFAULT_SEED, DemoPlan, make
from synthetic.demo.making import DOCUMENTS, REFERRALS, demo_feeds
from synthetic.demo.plan import LONDON

GRACE = timedelta(hours=72)
Delivered = list[tuple[datetime, dict[str, Any]]]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> DemoPlan:
    """The demo with its usual seed."""
    return make(tmp_path_factory.mktemp("demo"))


def read(plan: DemoPlan, feed: str, path: Path) -> list[ReadRow]:
    """The file's rows through the door."""
    column_map = load_map(plan.maps[feed], feed)
    return list(read_feed(path, column_map, force=plan.force, key=b"k" * 32, rules=DEFAULT_RULES))


@pytest.fixture(scope="module")
def delivered(plan: DemoPlan) -> dict[str, Delivered]:
    """Each feed's clean records with the night that brought them, in order."""
    found: dict[str, Delivered] = {"referrals": [], "documents": []}
    for night in plan.nights:
        for feed, path in night.files:
            rows = read(plan, feed, path)
            found[feed] += [(night.as_of, row.record) for row in rows if row.record is not None]
    return found


def versions(delivered: dict[str, Delivered], key: str) -> Delivered:
    """Every delivery of the record with this key, the duplicate file's apart."""
    every = delivered["referrals"] + delivered["documents"]
    found = [(at, one) for at, one in every if key in (one.get("referral_id"), one.get("urn"))]
    return [(at, one) for number, (at, one) in enumerate(found) if one != found[number - 1][1]
            or number == 0]  # fmt: skip


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    """
    A screenshot in the documentation can be made again, workbooks included.
    """
    for folder in ("one", "two"):
        make(tmp_path / folder, seed=4)

    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_nights_run_at_half_past_two_in_london(plan: DemoPlan) -> None:
    """
    The hour at which the schedule runs.
    """
    assert len(plan.nights) == 13
    assert {(2, 30)} == {
        (at.hour, at.minute) for at in (night.as_of.astimezone(LONDON) for night in plan.nights)
    }


def test_every_record_arrives_and_only_the_planted_rows_are_refused(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    The column maps and the files fit each other, in every format.
    """
    refused = {
        path.name: sum(row.record is None for row in read(plan, feed, path))
        for night in plan.nights
        for feed, path in night.files
    }
    duplicate = plan.planted.duplicate_file

    expected = plan.planted.bad_rows | {duplicate[1].name: 3}
    assert expected == {name: count for name, count in refused.items() if count}
    assert len({one["referral_id"] for _, one in delivered["referrals"]}) == REFERRALS
    assert len({one["urn"] for _, one in delivered["documents"]}) > 0.9 * DOCUMENTS


def test_nothing_is_delivered_before_it_happened(delivered: dict[str, Delivered]) -> None:
    """
    The two clocks run the right way.
    """
    times = {"referrals": "referred_at", "documents": "submitted_at"}

    assert all(one[times[feed]] < at for feed in times for at, one in delivered[feed])


def test_the_truth_names_only_delivered_records(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    Whoever measures the demo counts what the product could have known.
    """
    urns = {one["urn"] for _, one in delivered["documents"]}

    assert {urn for _, urn, _ in plan.truth} <= urns


def test_a_referral_and_a_document_are_amended(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    An amended row replaces the first and both are kept.
    """
    first, second = versions(delivered, plan.planted.amended_referral)
    assert first[1]["incident"] is None
    assert second[1]["incident"] is not None

    first, second = versions(delivered, plan.planted.amended_document)
    assert first[1]["handling_code"] is None
    assert second[1]["handling_code"] == "P"
    assert second[1]["amended_at"] < second[0]


def test_one_document_is_late_and_another_only_delivered_late(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    Nobody is late because a feed was late.
    """
    for pair, late in ((plan.planted.late_document, True), (plan.planted.delivered_late, False)):
        referral, document = (versions(delivered, key)[0] for key in pair)
        ends = referral[1]["referred_at"] + GRACE

        assert late == (document[1]["submitted_at"] > ends)
        assert document[0] > ends + GRACE


def test_a_document_is_withdrawn_after_it_was_accepted(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    A satisfied referral can become unmatched again.
    """
    first, second = versions(delivered, plan.planted.withdrawn[1])

    assert (first[1]["status"], second[1]["status"]) == ("accepted", "withdrawn")
    assert plan.nights[plan.planted.withdrawn_night].as_of == second[0]


def test_one_document_covers_the_people_found_in_a_lorry(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    Clandestine entries come several to a vehicle.
    """
    keys = plan.planted.clandestine_referrals
    referrals = [versions(delivered, key)[0][1] for key in keys]
    document = versions(delivered, plan.planted.clandestine_document)[0][1]

    assert len(keys) == 4
    assert len({(one["incident"], one["incident_day"]) for one in referrals}) == 1
    assert {"clandestine_entry"} == {one["event_type"] for one in referrals}
    assert referrals[0]["vehicles"] == document["vehicles"] != []
    assert sum(len(one["people"]) for one in referrals) == len(document["people"])
    assert set(keys) == {key for key, urn, _ in plan.truth if urn == document["urn"]}


def test_one_document_fits_two_referrals_equally(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    Only a person can choose.
    """
    one, other = (versions(delivered, key)[0][1] for key in plan.planted.ambiguous_referrals)
    document = versions(delivered, plan.planted.ambiguous_document)[0][1]

    for name in ("officer", "postcode", "people"):
        assert one[name] == other[name]
    assert one["officer"] == document["officer"]
    assert one["people"] == document["people"]
    assert one["incident"] != other["incident"]
    assert document["incident"] is None
    assert document["references"] == []


def test_some_documents_are_incomplete_or_do_not_count(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    Paired but incomplete is not unmatched; a draft or a rejected document satisfies nothing.
    """
    planted = plan.planted
    missing = [versions(delivered, urn)[0][1]["handling_code"] for _, urn in planted.incomplete]
    statuses = [
        versions(delivered, urn)[0][1]["status"] for _, urn in (planted.draft, planted.rejected)
    ]

    assert missing == [None, None]
    assert statuses == ["draft", "rejected"]


def test_a_document_quotes_somebody_elses_reference(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    The reference alone is never believed.
    """
    key, urn = plan.planted.mistyped_reference
    mine, theirs = (
        versions(delivered, one)[0][1]["reference"] for one in (key, plan.planted.mistyped_onto)
    )

    assert [theirs] == versions(delivered, urn)[0][1]["references"]
    assert mine != theirs


def test_the_last_evenings_referral_is_not_yet_due(
    plan: DemoPlan, delivered: dict[str, Delivered]
) -> None:
    """
    It may appear in no list of exceptions.
    """
    referral = versions(delivered, plan.planted.not_yet_due)[0][1]

    assert plan.nights[-1].as_of < referral["referred_at"] + GRACE
    assert plan.planted.not_yet_due in plan.planted.undocumented


def test_one_file_is_delivered_twice(plan: DemoPlan) -> None:
    """
    The second time changes nothing.
    """
    original, again = plan.planted.duplicate_file

    assert original.read_bytes() == again.read_bytes()
    assert sum(path in (original, again) for night in plan.nights for _, path in night.files) == 2


def test_one_nights_documents_are_abnormally_few_and_the_next_brings_the_rest(
    plan: DemoPlan,
) -> None:
    """
    Flags are held that night.
    """
    counts = [
        sum(len(read(plan, feed, path)) for feed, path in night.files if feed == "documents")
        for night in plan.nights
    ]
    small = plan.planted.small_night
    usual = sorted(counts)[len(counts) // 2]

    assert counts[small] < 0.2 * usual
    assert counts[small + 1] > 1.3 * usual


def test_every_kind_of_file_is_there(plan: DemoPlan) -> None:
    """
    Workbooks, JSON Lines and an old export with a title row beside plain CSV.
    """
    paths = [path for night in plan.nights for _, path in night.files]
    old = [path for path in paths if path.read_bytes().startswith(b"Exampleshire Police")]

    assert {".csv", ".xlsx", ".jsonl"} == {path.suffix for path in paths}
    assert len(old) == 1


def test_every_kind_of_damage_befalls_some_record() -> None:
    """
    The demo shows each trouble of the table at least once, before the planted ones.
    """
    done = set(demo_feeds(DEFAULT_SEED).corruptions["corruption"])

    assert {one.name for one in TABLE if one.of in ("answer", "person")} <= done
