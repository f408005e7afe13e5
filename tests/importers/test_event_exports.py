"""Exports of events whose account stands in a group that no mapping can know."""

from pathlib import Path

import pytest

from cs_workbench.errors import UsageError
from cs_workbench.importers.detection import looked_at
from cs_workbench.importers.event_exports import (
    EventGuess,
    events_text,
    guess_events,
    with_account,
    with_known,
)
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.guided import guesses
from cs_workbench.workflows.importing import import_paths
from tests.factories import add_account
from tests.importers.event_shapes import CUSTOMERS, SHAPES, export

ACCOUNT = {
    "amplitude": "groups.tenant",
    "mixpanel": "properties.customer_key",
    "posthog": "properties.$groups.payer",
    "segment": "payer",
}


def guessed(path: Path) -> EventGuess:
    ((table, _),) = looked_at([path])
    found = guess_events(table)
    assert found is not None
    return found


@pytest.mark.parametrize("tool", SHAPES)
def test_the_group_whose_texts_are_accounts_is_proposed_and_read(
    db: Database, tmp_path: Path, tool: str
) -> None:
    with write(db) as connection:
        add_account(connection, "a1", name="Kestrel Ltd")
        add_account(connection, "blue harbor")
        add_account(connection, "a3", name="Team")  # as a plan is called, which is no group
    path = export(tmp_path, SHAPES[tool])
    (found,) = guesses([path], db.path)
    assert isinstance(found, EventGuess)
    assert (found.tool, found.account) == (tool, ACCOUNT[tool])
    told = list(found.told)
    assert told[0] == ("account_id", ACCOUNT[tool], "2 of 3 are accounts: Kestrel")
    save_mapping(place_beside(found.table), events_text(found))
    report = import_paths(db, [path], actor="ana")
    assert [(f.mapping, f.new, f.rejected) for f in report.files] == [(tool, 3, 1)]


def test_without_accounts_its_name_decides_and_else_a_person(tmp_path: Path) -> None:
    assert guessed(export(tmp_path, SHAPES["amplitude"])).account == "groups.tenant"
    found = guessed(export(tmp_path, SHAPES["posthog"]))
    assert (found.account, list(found.questions)) == (
        None,
        ["Which column is the account? account_id=COLUMN"],
    )
    assert [heading for _, heading, _ in found.told] == [
        "properties.$groups.payer",
        "properties.$groups.site",
    ]
    said = with_account(found, "account_id=PAYER")
    assert (said.account, list(said.questions)) == ("properties.$groups.payer", [])


def test_a_known_group_of_which_none_is_an_account_is_asked_about(
    db: Database, tmp_path: Path
) -> None:
    groups = {"$group_0": "project {n}", "$group_1": "{firm}"}
    path = export(tmp_path, {**SHAPES["posthog"], "properties": groups})
    assert guesses([path], tmp_path / "no portfolio yet.db") == []
    assert guesses([path], db.path) == []
    with write(db) as connection:
        add_account(connection, "Kestrel")
    (found,) = guesses([path], db.path)
    assert isinstance(found, EventGuess)
    assert (found.given, found.account) == ("properties.$group_0", "properties.$group_1")
    save_mapping(
        place_beside(found.table), events_text(found)
    )  # which goes before the one that is shipped
    assert import_paths(db, [path], actor="ana").files[0].rejected == 2
    assert guesses([path], db.path) == []


def test_addresses_of_users_do_not_push_the_group_aside(tmp_path: Path) -> None:
    shape = {**SHAPES["amplitude"], "user_properties": {"email": "{user}@kestrel.com"}}
    found = guessed(export(tmp_path, shape))
    known = with_known(found, lambda text: text in CUSTOMERS or "@" in text)
    assert (known.account, known.groups[0].known) == ("groups.tenant", 3)
    assert [one.heading for one in known.groups if one.known == 3][1:] == ["user_properties.email"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("account_id=nothing", "is no column"),
        ("account_id=properties.", "is several columns"),
        ("account_id=", "all else of this export is known"),
        ("date=ts", "all else of this export is known"),
    ],
)
def test_what_cannot_be_taken_is_said(tmp_path: Path, said: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        with_account(guessed(export(tmp_path, SHAPES["posthog"])), said)


def test_a_hostile_heading_stays_one_text_of_the_mapping(db: Database, tmp_path: Path) -> None:
    hostile = 'ten"ant"]\\n[x\x1b'
    with write(db) as connection:
        add_account(connection, "Kestrel")
    shape = {**SHAPES["amplitude"], "groups": {hostile: "{firm}"}}
    path = export(tmp_path, shape)
    found = with_account(guessed(path), f"account_id=groups.{hostile}")
    save_mapping(place_beside(found.table), events_text(found))
    assert import_paths(db, [path], actor="ana").files[0].rejected == 2


def test_what_lacks_more_than_the_account_is_no_export_of_a_tool(tmp_path: Path) -> None:
    shape = {name: one for name, one in SHAPES["segment"].items() if name != "user_id"}
    ((table, _),) = looked_at([export(tmp_path, shape)])
    assert guess_events(table) is None


def test_events_of_subscriptions_name_no_account_to_ask_for(tmp_path: Path) -> None:
    head = "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs"
    path = tmp_path / "usage.csv"
    path.write_text(f"{head},error_count\nU1,S1,2026-11-20,feature_1,3,60,0\n", "utf-8")
    ((table, sources),) = looked_at([path])
    assert {one.mapping.name for one in sources} == {"ravenstack"}
    assert guess_events(table) is None
