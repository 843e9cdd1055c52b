"""Policy files: read, or refused with everything that is wrong."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.policies import DEFAULT_POLICY, load_policies, parse_policies, policies_for
from domain.errors import PolicyRefused
from domain.policy import AlarmPolicy, DocumentFeedPolicy, Grace

GUIDE = Path(__file__).parents[3] / "docs" / "policy.md"
LEAST = """
[[policy]]
effective_from = 2026-04-30
grace = { hours = 72 }
document_types = []
"""


def test_the_default_policy_is_72_hours_and_the_3x5x2_report() -> None:
    """
    What a force has that writes nothing; docs/policy.md says that it is no quotation.
    """
    (policy,) = load_policies(None).policies

    assert date(2000, 1, 1) == policy.effective_from
    assert Grace(hours=72) == policy.grace_for("anything")
    assert policy.accepts_type("3X5X2 Intelligence Report")
    assert not policy.accepts_type("custody record")
    assert ("source_evaluation", "intelligence_assessment", "handling_code") == (
        policy.required_fields
    )
    assert DEFAULT_POLICY.is_file()


def test_what_a_policy_leaves_out_has_the_documented_default() -> None:
    """
    The shortest file that is accepted.
    """
    (policy,) = parse_policies(LEAST, "kent.toml").policies

    assert DocumentFeedPolicy() == policy.document_feed
    assert AlarmPolicy() == policy.alarms
    assert "england-and-wales" == policy.bank_holidays
    assert policy.is_under_duty("anything")


def test_every_key_reaches_the_policy() -> None:
    """
    No key is read and then forgotten.
    """
    (policy,) = parse_policies(
        """
        [[policy]]
        effective_from = 2026-04-30
        grace = { working_days = 3 }
        grace_by_event_type = { "In custody" = { hours = 24 } }
        event_types_under_duty = ["In custody", "Encounter"]
        document_types = ["3x5x2"]
        required_fields = ["handling_code"]
        bank_holidays = "northern-ireland"
        extra_bank_holidays = [2026-09-14]
        [policy.document_feed]
        max_age_hours = 30
        stale_after_hours = 100
        small_below = 0.1
        min_history = 7
        normal_since = 2026-05-01
        [policy.alarms]
        rows_below = 0.25
        rows_above = 4
        rows_margin = 20
        range_margin_days = 60
        newest_margin_days = 7
        gap_margin_days = 2
        min_history = 10
        """,
        "psni.toml",
    ).policies

    assert Grace(working_days=3) == policy.grace_for("Encounter")
    assert Grace(hours=24) == policy.grace_for("in custody")
    assert ("In custody", "Encounter") == policy.event_types_under_duty
    assert (("3x5x2",), ("handling_code",)) == (policy.document_types, policy.required_fields)
    assert "northern-ireland" == policy.bank_holidays
    assert (date(2026, 9, 14),) == policy.extra_bank_holidays
    assert DocumentFeedPolicy(30, 100, 0.1, 7, date(2026, 5, 1)) == policy.document_feed
    assert AlarmPolicy(0.25, 4.0, 20, 60, 7, 2, 10) == policy.alarms


def test_comments_and_layout_do_not_change_the_hash() -> None:
    """
    A file with a note added is the same policy.
    """
    noted = "# agreed by the lead\n" + LEAST.replace("72 }", "72 } # hours")

    assert parse_policies(LEAST, "a").hash == parse_policies(noted, "b").hash
    assert parse_policies(LEAST, "a").hash != parse_policies(LEAST.replace("72", "71"), "a").hash


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("grase_by_event_type = {}", "grase_by_event_type: unknown key; did you mean grace_by"),
        ("event_types_under_duty = 'arrest'", "event_types_under_duty: write a list"),
        ("event_types_under_duty = [' ']", "event_types_under_duty[1]: write some text"),
        ("required_fields = ['source_evalution']", "did you mean source_evaluation?"),
        ("required_fields = ['zzz']", "required_fields[1]: not one that is known; write one of"),
        ("bank_holidays = 'wales'", "bank_holidays: not one that is known"),
        ("extra_bank_holidays = ['2026-09-14']", "extra_bank_holidays[1]: write a date without"),
        ("extra_bank_holidays = [2026-09-14T00:00:00Z]", "write a date without quotes"),
        ("alarms = 3", "alarms: write a table"),
        ("alarms = { rows_above = 0.5 }", "alarms.rows_above: write a number from 1 to 1000"),
        ("alarms = { rows_below = nan }", "alarms.rows_below: write a number from 0 to 1"),
        ("alarms = { min_history = 2 }", "alarms.min_history: write a whole number from 3 to 20"),
        ("document_feed = { min_history = true }", "document_feed.min_history: write a whole"),
        ("document_feed = { max_age_hour = 2 }", "did you mean max_age_hours?"),
        ("grace_by_event_type = 24", 'write a table, as "name" = { hours = 24 }'),
        ("grace_by_event_type = { a = {} }", '."a": write { hours = 72 } or { working_days'),
        ("grace_by_event_type = { a = { hours = 0 } }", '"a".hours: write a whole number from 1'),
        ("grace_by_event_type = { a = { hours = 1 }, A = { hours = 2 } }", "is there twice"),
    ],
)
def test_a_problem_names_its_policy_and_key(line: str, problem: str) -> None:
    """
    The person who wrote the file can put it right without reading this program.
    """
    with pytest.raises(PolicyRefused, match=re.escape(problem)) as refused:
        parse_policies(LEAST + line, "kent.toml")
    assert "kent.toml, policy 1, " in str(refused.value)
    assert "Nothing was judged by it." in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "write one [[policy]] table"),
        ("[policy]\n", "in double brackets"),
        ("policy = [3]", "policy 1: write a table"),
        (LEAST + LEAST, "policy 2, effective_from: policy 1 starts that day already"),
        (LEAST.replace("72", "72.5"), "grace.hours: write a whole number from 1 to 8760"),
        (LEAST.replace("{ hours = 72 }", "72"), "grace: write { hours = 72 } or"),
        (LEAST.replace("72", "72, working_days = 3"), "grace: write { hours = 72 } or"),
        (LEAST.replace("effective_from", "starts"), "effective_from: missing, and has no default"),
        (LEAST.replace("2026-04-30", "1066-10-14"), "from 1990-01-01 on"),
        ("force = 'KEN'" + LEAST, "force: unknown key; did you mean policy?"),
        ("[[policy]\n", "not TOML"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(text: str, problem: str) -> None:
    """
    Nothing that decides about lateness is guessed.
    """
    with pytest.raises(PolicyRefused, match=re.escape(problem)):
        parse_policies(text, "kent.toml")


def test_every_problem_is_listed_at_once() -> None:
    """
    One round of corrections, not one for each mistake.
    """
    with pytest.raises(PolicyRefused) as refused:
        parse_policies("[[policy]]\ngrace = {}\nalarm = 1\n[[policy]]\n", "kent.toml")
    lines = str(refused.value).splitlines()[1:]
    keys = [line.split(", ")[-1 if "missing" not in line else -2].split(":")[0] for line in lines]

    assert 7 == len(lines)
    assert {"effective_from", "document_types", "grace"} <= set(keys)


@pytest.mark.parametrize(
    ("force", "hours"), [("KEN", 24), ("WYP", 48)], ids=["its own file", "the folder's default"]
)
def test_a_force_has_its_own_policy_or_the_folders_default(
    tmp_path: Path, force: str, hours: int
) -> None:
    """
    One folder serves all forces.
    """
    (tmp_path / "KEN.toml").write_text(LEAST.replace("72", "24"))
    (tmp_path / "default.toml").write_text(LEAST.replace("72", "48"))

    policy = policies_for(tmp_path, force).at(datetime(2026, 6, 1, tzinfo=UTC))

    assert Grace(hours=hours) == policy.grace


def test_without_a_folder_every_force_has_the_default() -> None:
    """
    The first evening needs no configuration.
    """
    assert load_policies(None) == policies_for(None, "KEN")


def test_a_folder_without_the_forces_file_is_refused(tmp_path: Path) -> None:
    """
    A misspelt file name is not a silent change of policy.
    """
    with pytest.raises(PolicyRefused, match="no policy for KEN"):
        policies_for(tmp_path, "KEN")


def test_a_force_code_is_not_a_path(tmp_path: Path) -> None:
    """
    A code from a command line cannot reach outside the folder.
    """
    (tmp_path / "other.toml").write_text(LEAST)
    (tmp_path / "policies").mkdir()

    with pytest.raises(PolicyRefused, match="no policy was looked up"):
        policies_for(tmp_path / "policies", "../other")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read"), (b"\xff\xfe", "not UTF-8")],
    ids=["no file", "another encoding"],
)
def test_a_file_that_cannot_be_read_says_so(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    """
    The path is named, and what to do.
    """
    path = tmp_path / "kent.toml"
    if content:
        path.write_bytes(content)

    with pytest.raises(PolicyRefused, match=problem):
        load_policies(path)


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    """
    Windows editors put a byte-order mark first.
    """
    path = tmp_path / "kent.toml"
    path.write_text(LEAST, encoding="utf-8-sig")

    assert parse_policies(LEAST, "kent.toml") == load_policies(path)


def test_every_example_in_the_guide_is_a_policy() -> None:
    """
    What a person copies from docs/policy.md works.
    """
    examples = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)

    assert 2 <= len(examples)
    for example in examples:
        assert parse_policies(example, "docs/policy.md").policies


def test_every_key_is_in_the_guide() -> None:
    """
    A key nobody can read about is a key nobody uses.
    """
    guide = GUIDE.read_text(encoding="utf-8")
    canonical = load_policies(None).policies[0].canonical()
    nested = [set(value) for value in canonical.values() if isinstance(value, dict)]

    assert set() == {key for key in set(canonical).union(*nested) if f"`{key}`" not in guide}
