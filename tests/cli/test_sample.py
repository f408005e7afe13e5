from pathlib import Path

from click.testing import CliRunner

from cs_workbench.cli.main import csw
from tests.factories import portfolio


def test_a_real_portfolio_in_the_way_ends_with_its_code(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        path = db.path
    result = CliRunner().invoke(csw, ["sample", "--out", str(path)])
    assert result.exit_code == 12
    assert "not sample data" in result.stderr
