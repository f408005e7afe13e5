"""Our own people: who they are, and what they may decide."""

from cs_workbench.core.hand_overs import Person
from cs_workbench.errors import NotFoundError
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database

SHOWN = 20


def find_person(db: Database, text: str) -> Person:
    """The person of that id or name.

    Raises:
        NotFoundError: nobody is called so; the message names those who are known.
    """
    row = db.connection.execute(
        "SELECT person_id, name FROM person WHERE person_id = ?1 OR name = ?1 COLLATE NOCASE "
        "ORDER BY person_id = ?1 DESC LIMIT 1",
        (text.strip(),),
    ).fetchone()
    if row is None:
        known = ", ".join(person_names(db)[:SHOWN]) or "nobody"
        raise NotFoundError(
            f"Nobody of ours is called {text.strip()!r}. Known: {known}. "
            "`csw person role NAME ROLE` makes somebody known."
        )
    return Person(str(row[0]), str(row[1]))


def person_names(db: Database) -> list[str]:
    """The names of our own people."""
    return [str(name) for (name,) in db.connection.execute("SELECT name FROM person ORDER BY name")]


def person_id_of(db: Database, person: str) -> str | None:
    """The id of a person who is meant by id or name; None where nobody is called so."""
    row = db.connection.execute(
        "SELECT person_id FROM person WHERE person_id = ?1 OR name = ?1 "
        "ORDER BY person_id = ?1 DESC LIMIT 1",
        (person,),
    ).fetchone()
    return None if row is None else str(row[0])


def names_of(db: Database, person: str) -> set[str]:
    """The id and the name of a person by either; things name their owner by one of them."""
    row = db.connection.execute(
        "SELECT person_id, name FROM person WHERE person_id = ?1 OR name = ?1", (person,)
    ).fetchone()
    return {person} if row is None else {str(row[0]), str(row[1])}


def role_of(db: Database, person: str) -> str | None:
    """The role of a person by id or name; None where nobody said."""
    row = db.connection.execute(
        "SELECT role FROM person WHERE person_id = ?", (person_id_of(db, person),)
    ).fetchone()
    return None if row is None else row[0]


def person_changes(db: Database, person: str, role: str | None) -> list[Change]:
    """The changes that give a person a role; the person too where they are new."""
    known = person_id_of(db, person)
    if known is None:
        return [Change("person", person, new={"name": person, "role": role})]
    return [Change("person", known, "role", new=role)]
