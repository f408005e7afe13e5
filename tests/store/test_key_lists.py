import json

import pytest

from cs_workbench.store.key_lists import PIECE, json_of, keys_of


@pytest.mark.parametrize(
    "keys", [[], [7], [1, 22, 333], list(range(20_000)), [10**15 + n for n in range(PIECE // 8)]]
)
def test_keys_come_as_they_are_listed(keys: list[int]) -> None:
    assert list(keys_of(json.dumps(keys, separators=(",", ":")))) == keys
    assert json.loads(json_of(keys)) == keys
