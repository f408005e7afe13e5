"""At which hand a source tells of contracts: its own, those it bills, or a list of others'."""

from cs_workbench.store.renewal_rules import DERIVED
from cs_workbench.store.sqlite import Connection


def keep_hand(connection: Connection, source: str, hand: int) -> None:
    """Have it hold for all that a source ever told, whatever its mapping said before.

    Where that is new other rows count, so that every renewal may be another one.
    """
    turned = connection.execute(
        "UPDATE import_run SET hand = ? WHERE source = ? AND hand <> ?", (hand, source, hand)
    )
    if turned.rowcount:
        connection.execute("DELETE FROM setting WHERE name = ?", (DERIVED,))
