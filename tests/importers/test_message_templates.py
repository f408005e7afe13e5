import time

import pytest

from cs_workbench.core.playbooks.templates import Listed, names, render
from cs_workbench.errors import InputError
from cs_workbench.importers.message_templates import MAX_LENGTH, parse_template

LIST = "{% for one in our_promises %}- {{ one.what }}, {{ one.due }}\n{% endfor %}"


def test_fields_are_filled_and_what_is_missing_is_a_gap() -> None:
    template = parse_template("Hello {{ contact.name }},\n{{ answer.place }}.\n{{ me }}\n")
    rendered = render(template, {"contact.name": "Lena", "answer.place": " ", "me": "Ana"})
    assert rendered.text == "Hello Lena,\n▢ {{ answer.place }}.\nAna\n"
    assert rendered.gaps == ("answer.place",)


def test_conditions_and_lists() -> None:
    template = parse_template(
        f"{{% if signal %}}{{{{ signal }}}}{{% else %}}All well{{% endif %}}.\n{LIST}"
    )
    promises: Listed = [{"what": "refund", "due": "Fri"}, {"what": "report", "due": None}]
    rendered = render(template, {"our_promises": promises})
    assert rendered.text == "All well.\n- refund, Fri\n- report, ▢ {{ one.due }}\n"
    assert render(template, {"signal": "usage fell", "our_promises": []}).text == "usage fell.\n"
    assert set(names(template)) == {
        *("signal", "our_promises", "our_promises[].what", "our_promises[].due"),
    }


def test_a_value_is_text_and_never_a_template() -> None:
    rendered = render(parse_template("{{ me }}"), {"me": "{{ arr }}{% if x %}"})
    assert rendered.text == "{{ arr }}{% if x %}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ me.__init__ }}",
        "{{ _me }}",
        "{{ me.a.b }}",
        "{{ me['x'] }}",
        "{{ me() }}",
        "{{ me|upper }}",
        "{{ 1 + 1 }}",
        "{{ 9**9**9 }}",
        "{{ range(10**9) }}",
        "{{ 'x' * 10**9 }}",
        "{% for x in range(9) %}{% endfor %}",
        "{% for x in y if x %}{% endfor %}",
        "{% for x, y in z %}{% endfor %}",
        "{% for x in y recursive %}{{ loop(x) }}{% endfor %}",
        "{% if a == b %}x{% endif %}",
        "{% if a %}{% elif b %}{% endif %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% block x %}{% endblock %}",
        "{% raw %}{{ x }}",
        "{{ x",
        "{% if x %}",
        "{{ " + "(" * 5000 + "x" + ")" * 5000 + " }}",
        "{% if x %}" * 7 + "{% endif %}" * 7,
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_what_could_act_is_refused_at_once(source: str) -> None:
    begun = time.process_time()
    with pytest.raises(InputError, match="line 1"):
        parse_template(source)
    assert time.process_time() - begun < 2


def test_the_line_of_a_mistake() -> None:
    with pytest.raises(InputError, match="line 3: only fields"):
        parse_template("a\nb\n{{ x() }}\n")
