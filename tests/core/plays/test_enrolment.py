from dataclasses import replace

from cs_workbench.core.playbooks.conditions import Condition, parse_condition
from cs_workbench.core.plays.enrolment import evidence_of, is_held_out, measures_fire
from cs_workbench.workflows.playbooks import find_playbook

RENEWAL = find_playbook("renewal").playbook


def test_measures_that_are_not_known_do_not_fire() -> None:
    playbook = replace(
        RENEWAL, trigger=replace(RENEWAL.trigger, when=_when("usage change <= -0.2"))
    )
    assert measures_fire(playbook, {"usage change": -0.3})
    assert not measures_fire(playbook, {"usage change": -0.1})
    assert not measures_fire(playbook, {})


def test_the_share_that_is_left_alone_is_the_one_asked_for_and_stays_the_same() -> None:
    playbook = replace(RENEWAL, hold_out=0.2)
    first = [is_held_out(playbook, f"a{number}") for number in range(5_000)]
    assert 0.18 < sum(first) / 5_000 < 0.22
    assert first == [is_held_out(playbook, f"a{number}") for number in range(5_000)]
    assert not any(is_held_out(RENEWAL, f"a{number}") for number in range(100))
    other = replace(playbook, playbook_id="other")
    assert first != [is_held_out(other, f"a{number}") for number in range(5_000)]


def test_evidence_has_the_numbers() -> None:
    assert evidence_of(RENEWAL, "champion left", {}) == "champion left"
    told = evidence_of(RENEWAL, None, {"days to deadline": 37.0, "first renewal": "no"})
    assert told == f"days to deadline 37: {RENEWAL.trigger.because}"
    large = replace(RENEWAL, trigger=replace(RENEWAL.trigger, when=_when("arr > 100k")))
    assert evidence_of(large, None, {"arr": 151_600.0}).startswith("arr 151,600: ")


def _when(text: str) -> tuple[Condition, ...]:
    condition = parse_condition(text)
    return () if condition is None else (condition,)
