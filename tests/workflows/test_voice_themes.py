import pytest

from cs_workbench.core.themes import REST, SAY_NOTHING, Comment, Theme, is_wide, read_themes
from cs_workbench.workflows.policies import read_policy
from cs_workbench.workflows.voice_themes import find_themes
from tests.factories import TODAY


def comment(number: int, text: str, sentiment: int | None = 3, arr: int = 100) -> Comment:
    return Comment(f"c{number}", number, text, TODAY, "NPS 7", sentiment, arr, "USD")


def test_one_theme_in_four_languages() -> None:
    told = [
        comment(1, "We waited three weeks; support is slow"),
        comment(2, "Drei Wochen auf eine Antwort gewartet.", 1),
        comment(3, "サポートの対応がとても早いです。", 5),
        comment(4, "客服一直没有回复", 2),
        comment(5, "Nobody told us about the PRICE change.", 1, 900),
        comment(6, "价格太贵了", 2),
    ]
    themes = {one.name: one for one in find_themes(told, {})}
    support = themes["answers and support"]
    assert {one.comment_id for one in support.comments} == {"c1", "c2", "c3", "c4"}
    assert (support.accounts, support.unhappy, support.comments[0].comment_id) == (4, 2, "c2")
    assert "gewartet" in support.terms
    price = themes["price"]
    assert (price.arr, price.unhappy) == ({"USD": 1_000}, 2)
    # As unhappy as support, and of more revenue: it comes first.
    assert next(iter(themes)) == "price"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Rapid growth of capital on our dashboard", REST),  # wrong: api, board
        ("The API is rapid", "sync and integration"),
        ("Der Listenpreis ist hoch", "price"),
        ("Ihr Kundensupport ist gut", "answers and support"),
        ("三日も止まったのに", "outages and reliability"),
    ],
)
def test_a_word_of_the_list_stands_where_a_word_begins_unless_it_has_a_star(
    text: str, theme: str
) -> None:
    assert [one.name for one in find_themes([comment(1, text)], {})] == [theme]


def test_what_one_account_alone_says_is_no_theme_and_endings_name_none() -> None:
    alone = [
        comment(1, "三日もかかりました。困ります。"),
        comment(1, "急ぎでしたがかかりました。困ります。"),
        comment(2, "Läuft. Die Disposition möchte nicht mehr ohne."),
        comment(3, "Every new store asks for it in the first week."),
    ]
    (one,) = find_themes(alone, {})
    assert (one.name, len(one.comments), one.terms) == (REST, 4, ())
    shared = [comment(1, "予約画像がずれます。"), comment(2, "予約画像を消せません。")]
    (two,) = find_themes(shared, {})
    assert two.name == "予約画像"  # wrong: 予約, 約画, 画像 and endings


ALSO = [
    *[comment(n, f"the mobile app freezes on my tablet {n}") for n in range(6)],
    *[comment(10 + n, f"please add a calendar view for shifts {n}") for n in range(6)],
    *[comment(20 + n, text) for n, text in enumerate(("手机应用经常卡死", "手机应用打不开"))],
]


def test_the_rest_is_grouped_by_what_it_shares_and_can_be_renamed() -> None:
    found = find_themes(ALSO, {})
    assert found == find_themes(ALSO, {})  # the same comments, the same themes
    latin = [one for one in found if not is_wide(one.comments[0].text)]
    members = sorted(sorted({one.text.split()[1] for one in theme.comments}) for theme in latin)
    assert members == [["add"], ["mobile"]]
    app = next(one for one in latin if "freezes" in one.name)
    wide = next(one for one in found if is_wide(one.comments[0].text))
    assert "手机" in wide.name
    names = {app.name: "mobile app", wide.name: "mobile app"}
    renamed = {one.name: one for one in find_themes(ALSO, names)}
    assert len(renamed["mobile app"].comments) == 8  # two languages, one theme


def test_nothing_said_has_no_theme_and_a_lone_comment_is_one() -> None:
    assert find_themes([], {}) == []
    (one,) = find_themes([comment(1, "zzz yyyy xxxxx")], {})
    assert isinstance(one, Theme)
    assert one.sentiment == 3


def test_the_list_that_comes_along_can_be_read() -> None:
    themes = read_themes(*read_policy("themes"))
    assert {"price", SAY_NOTHING} <= set(themes)
    said = " ".join(themes[SAY_NOTHING])
    assert SAY_NOTHING not in {one.name for one in find_themes([comment(1, said)], {})}
