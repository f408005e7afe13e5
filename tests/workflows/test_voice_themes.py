from cs_workbench.core.themes import Comment, Theme, is_wide, read_themes
from cs_workbench.workflows.policies import read_policy
from cs_workbench.workflows.voice_themes import find_themes


def comment(number: int, text: str, sentiment: int | None = 3, arr: int = 100) -> Comment:
    return Comment(f"c{number}", number, text, sentiment, arr)


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
    assert (price.arr_minor, price.unhappy) == (1_000, 2)
    # As unhappy as support, and of more revenue: it comes first.
    assert next(iter(themes)) == "price"


REST = [
    *[comment(n, f"the mobile app crashes on my tablet {n}") for n in range(6)],
    *[comment(10 + n, f"please add a calendar view for shifts {n}") for n in range(6)],
    *[comment(20 + n, text) for n, text in enumerate(("手机应用经常崩溃", "手机应用打不开"))],
]


def test_the_rest_is_grouped_by_what_it_shares_and_can_be_renamed() -> None:
    found = find_themes(REST, {})
    assert found == find_themes(REST, {})  # the same comments, the same themes
    latin = [one for one in found if not is_wide(one.comments[0].text)]
    members = sorted(sorted({one.text.split()[1] for one in theme.comments}) for theme in latin)
    assert members == [["add"], ["mobile"]]
    app = next(one for one in latin if "crashes" in one.name)
    wide = next(one for one in found if is_wide(one.comments[0].text))
    assert "手机" in wide.name
    names = {app.name: "mobile app", wide.name: "mobile app"}
    renamed = {one.name: one for one in find_themes(REST, names)}
    assert len(renamed["mobile app"].comments) == 8  # two languages, one theme


def test_nothing_said_has_no_theme_and_a_lone_comment_is_one() -> None:
    assert find_themes([], {}) == []
    (one,) = find_themes([comment(1, "zzz yyyy xxxxx")], {})
    assert isinstance(one, Theme)
    assert one.sentiment == 3


def test_the_list_that_comes_along_can_be_read() -> None:
    assert "price" in read_themes(*read_policy("themes"))
