from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.errors import InputError
from cs_workbench.importers.strict_yaml import MAX_BYTES, Node, parse_yaml, read_text


def value(text: str) -> object:
    top = parse_yaml(f"a: {text}\n", "x").value
    assert isinstance(top, dict)
    return top["a"].value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("007", "007"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("2026-11-23", "2026-11-23"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("'12'", "12"),
        ("'true'", "true"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("2.50", 2.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("東京", "東京"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, meant: object) -> None:
    read = value(text)
    assert read == meant
    assert type(read) is type(meant)


def test_values_keep_their_line() -> None:
    assert parse_yaml("a:\n  - b\n  - c:\n      1\n", "f.yaml") == Node(
        "f.yaml:1",
        {
            "a": Node(
                "f.yaml:1",
                (Node("f.yaml:2", "b"), Node("f.yaml:3", {"c": Node("f.yaml:3", 1)})),
            )
        },
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3: 'a' stands here again (first: line 1)."),
        ("a: &x 1\nb: *x\n", "f:1: anchors and aliases"),
        ("a: 1\nb: !!python/object:os.system x\n", "f:2: tags (!)"),
        ("a: [1\n", "f:2: not YAML"),
        ("a: 1\n b: 2\n", "f:2: not YAML"),
        ("---\na: 1\n---\nb: 2\n", "f:3: a second document"),
        ("? [a]\n: 1\n", "f:1: the name of a field"),
        ("# nothing\n", "f:1: the file is empty"),
        ("a: \x00\n", "f:1: not YAML"),
        ("[" * 21 + "]" * 21, "f:1: nested deeper than 20 levels"),
    ],
)
def test_what_could_mean_something_else_is_an_error(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "f")
    assert str(raised.value).startswith(message)


def test_twenty_levels_are_fine() -> None:
    assert parse_yaml("[" * 20 + "]" * 20, "f").value


def test_a_very_deep_file_does_not_exhaust_the_stack() -> None:
    with pytest.raises(InputError, match="nested deeper"):
        parse_yaml("[" * 100_000, "f")


def test_a_merge_key_is_only_a_name() -> None:
    top = parse_yaml("<<: {a: 1}\n", "f").value
    assert isinstance(top, dict)
    assert list(top) == ["<<"]


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: " + "x" * MAX_BYTES)
    with pytest.raises(InputError, match="larger than 256 kB"):
        read_text(path)


def test_bytes_that_are_no_text_name_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: M\xfcller\n")
    with pytest.raises(InputError, match=r"latin\.yaml:2: not UTF-8"):
        read_text(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path / "none.yaml")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    refused = ""
    try:
        parse_yaml(text, "f")
    except InputError as problem:
        refused = str(problem)
    assert not refused or refused.startswith("f:")
