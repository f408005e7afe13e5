import pytest

from cs_workbench.core.toml_lines import Path, key_lines, line_of

TEXT = '''name = "x"  # [not = "a table"]

[bands]
yellow_from = 50
"green from".deep = 70
[[measures]]
id = "a"
map = [
  [0, 1], # ]
  [1, 2],
]
note = """
id = "no key"
"""
[[measures]]
id = 'b'
[profiles]
[[profiles.list]]
[profiles.list.measures.x]
weight = 1
[[profiles.list]]
[profiles.list.measures.x]
weight = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("bands",), 3),
        (("bands", "yellow_from"), 4),
        (("bands", "green from", "deep"), 5),
        (("measures", 0), 6),
        (("measures", 0, "map"), 8),
        (("measures", 0, "note"), 12),
        (("measures", 1, "id"), 16),
        (("profiles", "list", 0, "measures", "x", "weight"), 20),
        (("profiles", "list", 1, "measures", "x", "weight"), 23),
    ],
)
def test_every_key_has_its_line(path: Path, line: int) -> None:
    assert key_lines(TEXT)[path] == line


def test_what_stands_in_a_text_or_a_list_is_no_key() -> None:
    assert ("measures", 0, "id") in key_lines(TEXT)
    assert key_lines(TEXT)["measures", 0, "id"] == 7
    assert len(key_lines(TEXT)) == 17


@pytest.mark.parametrize(
    ("path", "line"),
    [(("measures", 0, "map", 1, 0), 8), (("measures", 1, "weight"), 15), (("nowhere",), 1)],
)
def test_what_has_no_line_is_where_it_belongs(path: Path, line: int) -> None:
    assert line_of(key_lines(TEXT), path) == line
