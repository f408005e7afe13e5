from cs_workbench.shipped import shipped
from cs_workbench.store.database import open_database
from cs_workbench.store.settings import sample_today
from cs_workbench.workflows.demo import sample_copy


def test_the_copy_is_private_fresh_and_gone_afterwards() -> None:
    before = shipped("sample.db").read_bytes()
    with sample_copy() as copy:
        assert copy.stat().st_mode & 0o777 == 0o600
        assert copy.parent.stat().st_mode & 0o777 == 0o700
        with open_database(copy) as db:
            assert sample_today(db) is not None
            db.connection.execute("DELETE FROM account_summary")
    assert not copy.parent.exists()
    assert shipped("sample.db").read_bytes() == before
