from pathlib import Path

import pytest

from cs_workbench.core.playbooks import Outcome, Playbook, Step, Trigger
from cs_workbench.errors import InputError
from cs_workbench.importers.playbook_files import read_playbook

GOOD = """\
id: renew
title: Renew
version: 2
purpose: Keep them
trigger:
  measure: deadline
  below: 90
  because: The deadline is near.
exit: signed
outcome: {measure: arr, change: not less, within_days: 30}
steps:
  - id: ask
    title: Ask
    owner: csm
    due: deadline-90
    guidance: Ask.
  - id: sign
    title: Sign
    owner: lead
    due: end
    guidance: |
      Sign.
"""


def read(folder: Path, text: str) -> Playbook:
    path = folder / "renew.yaml"
    path.write_text(text, encoding="utf-8")
    return read_playbook(path)


def test_a_playbook_is_read_whole(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == Playbook(
        playbook_id="renew",
        title="Renew",
        version=2,
        purpose="Keep them",
        trigger=Trigger("deadline", "below", 90, "The deadline is near."),
        exit_criterion="signed",
        outcome=Outcome("arr", "not less", 30),
        steps=(
            Step("ask", "Ask", "csm", "deadline", -90, "Ask."),
            Step("sign", "Sign", "lead", "end", 0, "Sign."),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: renew\n", "id: other\n", ":1: the id must be the file's name, 'renew'."),
        ("id: renew\n", "id: Re new\n", ":1: 'Re new' is no id."),
        ("title: Renew\n", "titel: Renew\n", ":2: unknown field 'titel'."),
        ("title: Renew\n", "", ":1: 'title' is missing."),
        ("title: Renew\n", "title: 7\n", ":2: text is needed here; put it in quotes."),
        ("title: Renew\n", "title: ''\n", ":2: this text is empty."),
        ("version: 2\n", "version: '2'\n", ":3: a whole number from 1 is needed"),
        ("version: 2\n", "version: 0\n", ":3: a whole number from 1 is needed"),
        ("version: 2\n", "version: true\n", ":3: a whole number from 1 is needed"),
        ("  below: 90\n", "", ":5: give the trigger one threshold"),
        ("  below: 90\n", "  below: 90\n  above: 1\n", ":5: give the trigger one threshold"),
        ("  below: 90\n", "  below: soon\n", ":7: a number is needed here"),
        ("trigger:\n", "trigger: none\nx:\n", ":6: unknown field 'x'."),
        ("deadline-90", "friday", ":15: 'friday' is none of start, deadline, end."),
        ("deadline-90", "in 3 days", ":15: 'in 3 days' is no due date."),
        ("owner: csm", "owner: ceo", ":14: 'ceo' is none of csm, lead, sponsor, support."),
        ("  - id: sign\n", "  - id: ask\n", ":17: a step called 'ask' is there already."),
    ],
)
def test_a_broken_rule_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as raised:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(raised.value).startswith(f"{tmp_path / 'renew.yaml'}{message}")


@pytest.mark.parametrize("steps", ["steps: []\n", "steps: none\n", "steps:\n"])
def test_a_playbook_without_steps_is_none(tmp_path: Path, steps: str) -> None:
    with pytest.raises(InputError, match="at least one step"):
        read(tmp_path, GOOD[: GOOD.index("steps:")] + steps)
