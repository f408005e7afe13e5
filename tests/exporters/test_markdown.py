from cs_workbench.exporters.markdown import table


def test_words_stand_to_the_left_and_numbers_to_the_right() -> None:
    rows = [("GRR", "95.3 %", "met"), ("CLV", "--", "")]
    assert table(("Figure", "Value", "Says"), rows).splitlines() == [
        "| Figure | Value | Says |",
        "|---|--:|---|",
        "| GRR | 95.3 % | met |",
        "| CLV | -- |  |",
    ]
