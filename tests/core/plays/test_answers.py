import datetime as dt

import pytest

from cs_workbench.core.playbooks.model import Field
from cs_workbench.core.plays.answers import check_answers, missing_fields, read_answer
from cs_workbench.errors import UsageError

TODAY = dt.date(2026, 11, 23)
CHOICE = Field("how", "How", "choice", ("phone", "mail", "post"), is_required=True)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (CHOICE, "Mail", "mail"),
        (CHOICE, "ph", "phone"),
        (CHOICE, "  ", ""),
        (Field("n", "N", "number"), "4.50", "4.5"),
        (Field("n", "N", "number"), "-3", "-3"),
        (Field("m", "M", "money"), "12k", "12000"),
        (Field("m", "M", "money"), "1,200.50", "1200.5"),
        (Field("d", "D", "date"), "+3", "2026-11-26"),
        (Field("d", "D", "date"), "fri", "2026-11-27"),
        (Field("y", "Y", "yes/no"), "Y", "yes"),
        (Field("r", "R", "rating"), "3", "3"),
        (Field("t", "T", "text"), " [@click=app.quit] ", "[@click=app.quit]"),
    ],
)
def test_an_answer_is_kept_in_one_form(field: Field, typed: str, kept: str) -> None:
    assert read_answer(field, typed, TODAY) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (CHOICE, "p"),  # phone or post
        (CHOICE, "fax"),
        (Field("n", "N", "number"), "many"),
        (Field("n", "N", "number"), "nan"),
        (Field("n", "N", "number"), "inf"),
        (Field("d", "D", "date"), "soon"),
        (Field("y", "Y", "yes/no"), "perhaps"),
        (Field("r", "R", "rating"), "6"),
        (Field("t", "T", "text"), "x" * 4_001),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(field: Field, typed: str) -> None:
    with pytest.raises(UsageError):
        read_answer(field, typed, TODAY)


def test_only_what_is_asked_is_answered() -> None:
    with pytest.raises(UsageError, match="Did you mean how"):
        check_answers([CHOICE], {"hwo": "mail"}, TODAY)
    assert missing_fields([CHOICE], {}) == ["How"]
    assert missing_fields([CHOICE], {"how": "mail"}) == []
