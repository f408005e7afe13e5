from decimal import Decimal
from pathlib import Path

import pytest

from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.errors import InputError
from cs_workbench.importers.known_mappings import shipped_mappings
from cs_workbench.importers.mapping import Rule, native_mapping
from cs_workbench.importers.mapping_files import read_mapping
from tests.importers.sources import write

ACCOUNTS = """
name = "crm"
[[files]]
kind = "accounts"
headings = ["Id"]
[files.columns]
account_id = "Id"
name = {rule}
"""
USAGE = """
name = "product"
[[files]]
kind = "usage"
headings = ["day"]
{file}
[files.columns]
account_id = "who"
date = "day"
{columns}
"""


def accounts(folder: Path, rule: str = '"Name"', top: str = "") -> Path:
    return write(folder, "crm.toml", top + ACCOUNTS.format(rule=rule))


def usage(folder: Path, columns: str = "", file: str = "") -> Path:
    return write(folder, "product.toml", USAGE.format(columns=columns, file=file))


def test_a_rule_says_where_a_text_comes_from(tmp_path: Path) -> None:
    rule = '{ columns = ["A", "B"], when = { C = "x" }, values = { Yes = 1 }, default = "-" }'
    name = read_mapping(accounts(tmp_path, rule)).files[0].rules["name"]
    assert name == Rule(("A", "B"), when={"C": "x"}, values={"yes": "1"}, default="-")
    assert name.used == ("A", "B", "C")


def test_a_template_uses_its_columns(tmp_path: Path) -> None:
    found = read_mapping(accounts(tmp_path, '{ template = "{First} {Last}!" }'))
    assert found.files[0].rules["name"].used == ("First", "Last")


def test_the_mapping_says_what_holds_for_all_its_files(tmp_path: Path) -> None:
    top = 'timezone = "Asia/Tokyo"\ncurrency = "JPY"\nid_prefix = "x-"\ndate_formats = ["%d/%m"]\n'
    found = read_mapping(accounts(tmp_path, top=top))
    assert (found.name, found.timezone, found.currency) == ("crm", "Asia/Tokyo", "JPY")
    assert (found.id_prefix, found.date_formats) == ("x-", ("%d/%m",))


def test_headings_of_other_files_are_said_once_for_all_or_of_one_file(tmp_path: Path) -> None:
    text = accounts(tmp_path, top='without = ["Quote"]\n').read_text("utf-8")
    own = text.partition("[[files]]\n")[2].replace("[files.", "without = []\n[files.")
    found = read_mapping(write(tmp_path, "crm.toml", f"{text}[[files]]\n{own}"))
    assert [file.without for file in found.files] == [("Quote",), ()]


def test_metrics_of_a_row(tmp_path: Path) -> None:
    columns = """
    [[files.metrics]]
    name = "errors"
    value = "err"
    [[files.metrics]]
    name = "features"
    count_distinct = "feature"
    rollup = "max"
    label = "Features in use"
    """
    errors, features = read_mapping(usage(tmp_path, columns)).files[0].metrics
    assert errors.metric == UsageMetric(
        "errors", "Errors", "errors", "sum", higher_is_better=False, fresh_days=7, low=0
    )
    assert (features.metric.label, features.metric.rollup) == ("Features in use", "max")
    assert (errors.value, features.count_distinct) == ("err", "feature")


def test_a_metric_declares_its_contract(tmp_path: Path) -> None:
    columns = """
    [[files.metrics]]
    name = "latency"
    value = "ms"
    source = "probes"
    fresh_days = 2
    low = 0
    high = 60000.5
    [[files.metrics]]
    name = "visits"
    """
    latency, visits = read_mapping(usage(tmp_path, columns)).files[0].metrics
    found = latency.metric
    assert (found.source, found.fresh_days, found.low, found.high) == ("probes", 2, 0, 60000.5)
    bare = visits.metric
    assert (bare.source, bare.fresh_days, bare.low, bare.high) == (None, None, None, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fresh_days = 0", "fresh_days must be a whole number"),
        ("fresh_days = 1.5", "fresh_days must be a whole number"),
        ('low = "0"', "low and high must be numbers"),
        ("low = 2\nhigh = 1", "low is above high"),
    ],
)
def test_a_contract_that_cannot_be_kept_is_refused(tmp_path: Path, line: str, said: str) -> None:
    columns = f'[[files.metrics]]\nname = "latency"\nvalue = "ms"\n{line}'
    with pytest.raises(InputError, match=said):
        read_mapping(usage(tmp_path, columns))


def test_a_factor_is_exact(tmp_path: Path) -> None:
    columns = 'metric = { column = "m" }\nvalue = { column = "v", times = 0.1 }'
    rule = read_mapping(usage(tmp_path, columns)).files[0].rules["value"]
    assert rule.times == Decimal("0.1")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('{ colum = "Name" }', "unknown key 'colum'"),
        ('{ column = "A", constant = "B" }', "exactly one of"),
        ("{ }", "exactly one of"),
        ("{ column = 1 }", "text is needed"),
        ('{ column = "A", values = "B" }', "a table is needed"),
        ('{ column = "A", values = { a = 1.5 } }', "text is needed"),
        ('{ column = "A", plus_days = "1" }', "whole number"),
        ('{ column = "A", times = "2" }', "times must be a number"),
        ('{ column = "A", has_begun = true }', "has_begun needs plus_months below 0"),
        ('{ column = "A", join = " " }', "join stands between several"),
        ('{ column = "A", lookup = "tickets" }', "lookup goes through"),
        ('{ column = "A", lookup = "subscriptions" }', "only account_id"),
        ('{ column = "A", unknown_if_empty = true }', "only arr may be unknown"),
        ('{ template = "{First" }', "template cannot be read"),
        ('{ template = "{}" }', "plain names"),
        ('{ template = "{a:>{b}}" }', "plain names"),
        ("true", "a table of keys"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, rule: str, said: str) -> None:
    path = accounts(tmp_path, rule)
    with pytest.raises(InputError, match=said) as problem:
        read_mapping(path)
    assert "crm.toml: [[files]] 1 (accounts) name" in str(problem.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "cannot be read"),
        ("name = 1", "text is needed"),
        ('name = "native"\nfiles = [{}]', "our own format"),
        ('name = "x"', "at least one"),
        ('name = "x"\nfiles = []', "at least one"),
        ('name = "x"\nzone = "UTC"', "unknown key 'zone'. Known: name, timezone"),
        ('name = "x"\ntimezone = "Mars/Base"\nfiles = [{}]', "no time zone"),
        ('name = "x"\n[[files]]\nkind = "people"', "kind must be one of: accounts"),
        ('name = "x"\n[[files]]\nkind = "accounts"\ncolums = 1', "unknown key 'colums'"),
        (
            'name = "x"\n[[files]]\nkind = "accounts"\nheadings = ["a"]\ncolumns = {name = "b"}',
            "where account_id come from",
        ),
        (
            'name = "x"\n[[files]]\nkind = "accounts"\ncolumns = {account_id = "a", name = "b"}',
            "headings must name",
        ),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        read_mapping(write(tmp_path, "x.toml", text))


@pytest.mark.parametrize(
    ("columns", "file", "said"),
    [
        ("", "", "where metric, value come from"),
        ("", 'event_id = "id"', "where metric"),
        ('metric = "m"\nvalue = "v"', 'event_id = "id"', r"events need \[\[metrics\]\]"),
        ('metric = { template = "{m}" }\nvalue = "v"', "", "from one column"),
        ('metric = "m"\nvalue = "v"', "end_is_exclusive = true", "belongs to subscriptions"),
        ('metric = "m"\nvalue = "v"', "end_is_exclusive = 1", "true or false"),
        ('metric = "m"\nvalue = "v"', 'people = "Who"', "people belong to rows with a contact"),
        ('metric = "m"\nvalue = "v"', 'system_columns = ["a"]', "belong to accounts"),
        ('[[files.metrics]]\nname = "m"\nrollup = "median"', "", "rollup must be"),
        ('[[files.metrics]]\nname = "m"\nvalue = "a"\ncount_distinct = "b"', "", "not both"),
    ],
)
def test_wrong_usage_is_named(tmp_path: Path, columns: str, file: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_mapping(usage(tmp_path, columns, file))


@pytest.mark.parametrize("name", list(shipped_mappings()))
def test_shipped_mappings_are_right_and_named_after_their_file(name: str) -> None:
    assert read_mapping(shipped_mappings()[name]).name == name


def test_native_headings_are_the_names_of_fields() -> None:
    usage_file = next(file for file in native_mapping().files if file.kind.name == "usage")
    assert usage_file.headings == ("account_id", "date", "metric", "value")
