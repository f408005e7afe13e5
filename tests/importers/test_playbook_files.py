from pathlib import Path

import pytest

from cs_workbench.core.playbooks.model import Due, Playbook
from cs_workbench.core.playbooks.schema import PLAYBOOK_SCHEMA
from cs_workbench.errors import InputError
from cs_workbench.importers.playbook_files import (
    FileProblem,
    check_playbook,
    check_text,
    read_playbook,
)

GOOD = """\
id: renew
title: Renew
version: 2
purpose: Keep them.
trigger:
  signals: [usage drift]
  when:
    - days to deadline <= 90
  because: The deadline is near.
exit:
  when: [committed = yes]
outcome: {measure: retained ARR, change: kept, within_days: 30}
contacts: [ask]
steps:
  - id: ask
    title: Ask
    owner: csm
    due: deadline - 90 days
    kind: ask
    guidance: Ask.
    fields:
      - {id: signer, label: Who signs?, type: contact, required: true}
      - {id: sure, label: Sure?, type: yes/no}
      - {id: mood, label: Mood, type: rating}
  - id: way
    title: Which way?
    owner: csm
    due: today
    kind: decide
    branches:
      - {when: [answer.sure = no], go: wait}
      - {otherwise: true, go: write}
  - id: wait
    title: Wait
    owner: customer
    due: today + 5 business days
    kind: wait
    wait: {reply: true, at_most_days: 5}
    escalate: {after_days: 2, to: csm}
  - id: write
    title: Write
    owner: csm
    due: end date
    kind: draft
    message:
      to: Decision maker
      kind: ask
      subject: Our contract
      body: |
        Hello {{ contact.first_name }},
        {{ answer.signer }} signs?
  - id: note
    title: Note
    owner: csm
    due: end date + 1 day
    kind: record
    record: next step
    values: {text: "{{ answer.signer }} signs"}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "renew.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def errors(text: str) -> list[FileProblem]:
    return [one for one in check_text(text, "f", "renew")[1] if not one.is_warning]


def test_a_playbook_is_read_whole(tmp_path: Path) -> None:
    playbook = read_playbook(write(tmp_path, GOOD))
    assert [step.kind for step in playbook.steps] == ["ask", "decide", "wait", "draft", "record"]
    assert playbook.step("wait").due == Due("today", 5, business=True)
    assert playbook.step("ask").due == Due("deadline", -90)
    assert playbook.next_of(playbook.step("note")) == "end"
    assert playbook.text == GOOD
    assert playbook.trigger.when[0].number == 90


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("id: renew\n", "id: other\n", 1, "id"),
        ("id: renew\n", "id: Re new\n", 1, "id"),
        ("title: Renew\n", "titel: Renew\n", 2, "shape"),
        ("title: Renew\n", "title: 7\n", 2, "shape"),
        ("title: Renew\n", "title: ''\n", 2, "shape"),
        ("title: Renew\n", "title: Renew\ntitle: Again\n", 3, "yaml"),
        ("title: Renew\n", "title: &a Renew\n", 2, "yaml"),
        ("title: Renew\n", "title: !!str Renew\n", 2, "yaml"),
        ("title: Renew\n", "title: [Renew\n", 3, "yaml"),
        ("version: 2\n", "version: '2'\n", 3, "shape"),
        ("version: 2\n", "version: 0\n", 3, "shape"),
        ("version: 2\n", "version: true\n", 3, "shape"),
        ("  signals: [usage drift]\n", "  signals: [gossip]\n", 6, "shape"),
        ("  signals: [usage drift]\n", "  manual: true\n", 6, "trigger"),
        (
            "  signals: [usage drift]\n  when:\n    - days to deadline <= 90\n",
            "  when: [champion is known]\n",
            5,
            "no-threshold",
        ),
        ("days to deadline <= 90", "days to doom <= 90", 8, "unknown-field"),
        ("days to deadline <= 90", "soon", 8, "condition"),
        ("days to deadline <= 90", "days to deadline = near", 8, "not-a-number"),
        ("days to deadline <= 90", "stage > 3", 8, "not-a-word"),
        ("days to deadline <= 90", "stage = sleeping", 8, "no-such-choice"),
        ("days to deadline <= 90", "answer.sure = yes", 8, "unknown-answer"),
        ("  when: [committed = yes]\n", "  evidence: ''\n", 11, "shape"),
        ("exit:\n  when: [committed = yes]\n", "exit: {}\n", 10, "no-exit"),
        ("[committed = yes]", "[arr > 5, arr < 3]", 11, "impossible-exit"),
        ("[committed = yes]", "[committed = perhaps]", 11, "no-such-choice"),
        ("measure: retained ARR", "measure: happiness", 12, "unknown-measure"),
        ("change: kept", "change: better", 12, "shape"),
        ("due: deadline - 90 days", "due: friday", 18, "due"),
        ("due: deadline - 90 days", "due: deadline - 90", 18, "due"),
        ("owner: csm\n    due: deadline", "owner: ceo\n    due: deadline", 17, "shape"),
        ("    kind: ask\n    guidance", "    kind: do\n    guidance", 21, "kind"),
        ("    kind: ask\n    guidance", "    kind: draft\n    guidance", 15, "kind"),
        ("type: contact, required", "type: person, required", 22, "shape"),
        (
            "{id: sure, label: Sure?, type: yes/no}",
            "{id: sure, label: S, type: choice}",
            23,
            "no-choices",
        ),
        ("{id: sure, label: Sure?", "{id: signer, label: Sure?", 23, "twice"),
        (
            "{when: [answer.sure = no], go: wait}",
            "{when: [answer.sure = no], go: nowhere}",
            31,
            "no-such-step",
        ),
        ("{when: [answer.sure = no], go: wait}", "{when: [answer.sure = no], go: ask}", 31, "loop"),
        (
            "{when: [answer.sure = no], go: wait}",
            "{when: [answer.sure = maybe], go: wait}",
            31,
            "no-such-choice",
        ),
        ("{when: [answer.sure = no], go: wait}", "{go: wait}", 31, "branch"),
        ("go: wait}", "go: write}", 33, "unreachable"),
        ("{reply: true, at_most_days: 5}", "{reply: true}", 38, "endless"),
        ("at_most_days: 5", "at_most_days: 999999999999", 38, "shape"),  # of no calendar
        ("{reply: true, at_most_days: 5}", "{reply: true, days: 5}", 38, "wait"),
        ("{{ contact.first_name }}", "{{ contact.shoe_size }}", 49, "undefined"),
        ("{{ contact.first_name }}", "{{ contact.__class__ }}", 49, "template"),
        ("{{ contact.first_name }}", "{{ score }}", 49, "internal-field"),
        ("{{ contact.first_name }}", "{{ answer.mood }}", 49, "internal-field"),
        ("{{ contact.first_name }}", "{{ answer.nothing }}", 49, "undefined"),
        ("record: next step", "record: gossip", 57, "shape"),
        ('{{ answer.signer }} signs"', '{{ answer.nobody }} signs"', 58, "undefined"),
        ("  - id: write\n", "  - id: ask\n", 40, "twice"),
    ],
)
def test_a_broken_rule_is_named_with_its_line(old: str, new: str, line: int, code: str) -> None:
    assert old in GOOD
    found = errors(GOOD.replace(old, new, 1))
    assert (line, code) in {(one.line, one.code) for one in found}, found


def test_the_playbook_that_is_broken_above_is_sound() -> None:
    assert check_text(GOOD, "f", "renew")[1] == ()


def test_all_mistakes_are_found_at_once() -> None:
    broken = GOOD.replace("days to deadline <= 90", "soon").replace("due: today\n", "due: soon\n")
    assert [one.line for one in errors(broken)] == [8, 28]


def test_the_message_of_an_error_is_a_place_in_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("version: 2", "version: two"))
    with pytest.raises(InputError) as raised:
        read_playbook(path)
    assert str(raised.value).startswith(f"{path}:3: version must be a whole number, not 'two'")


def test_what_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    playbook, (problem,) = check_playbook(tmp_path / "none.yaml")
    assert playbook is None
    assert (problem.line, problem.code) == (1, "unreadable")


def test_bad_style_is_a_warning() -> None:
    text = GOOD.replace("contacts: [ask]\n", "").replace("Keep them.", "Keep them. Do it. Now.")
    found = check_text(text, "f", "renew")[1]
    assert {(one.code, one.is_warning) for one in found} == {("purpose", True), ("contacts", True)}


def test_words_stay_words(tmp_path: Path) -> None:
    text = GOOD.replace(
        "label: Sure?, type: yes/no", "label: Sure?, type: choice, choices: [no, NO way, 12:30]"
    )
    playbook: Playbook = read_playbook(write(tmp_path, text))
    field = playbook.field("sure")
    assert field is not None
    assert field.choices == ("no", "NO way", "12:30")


def test_the_schema_for_editors_names_every_part() -> None:
    step = PLAYBOOK_SCHEMA["properties"]["steps"]["items"]["properties"]
    assert {"fields", "message", "branches", "wait", "record"} <= set(step)
