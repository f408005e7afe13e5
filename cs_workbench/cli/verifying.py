"""`csw refresh --verify`: whether stored scores come out the same again."""

from typing import Any

from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.session import Session
from cs_workbench.core.account_records import in_points
from cs_workbench.core.plurals import counted
from cs_workbench.errors import FindingsError
from cs_workbench.workflows.verifying import VerifyReport, verify


def verify_scores(session: Session, *, as_json: bool) -> None:
    """Recompute everything that is stored and print what differs.

    Raises:
        FindingsError: something does.
    """
    with session.open() as db, progress_line("Recomputing days") as progress:
        report = verify(db, progress=progress)
    if as_json:
        print_json(_document(report))
    else:
        _tell(report)
    if report.different:
        raise FindingsError(
            f"{report.different:,} of {report.scores:,} scores come out differently."
        )


def _document(report: VerifyReport) -> dict[str, Any]:
    return {
        "schema": "csw.verify/1",
        "days": report.days,
        "scores": report.scores,
        "different": report.different,
        "overtaken": report.overtaken,
        "differences": [
            {
                "account_id": one.account_id,
                "as_of": one.as_of,
                "stored": in_points(one.stored_e4),
                "recomputed": in_points(one.recomputed_e4),
                "reason": one.reason,
            }
            for one in report.differences
        ],
    }


def _tell(report: VerifyReport) -> None:
    for one in report.differences:
        points = f"{in_points(one.stored_e4)} stored, {in_points(one.recomputed_e4)} now"
        say(f"{one.account_id} on {one.as_of.isoformat()}: {points}: {one.reason}.")
    scores = f"{counted(report.scores, 'score')}"
    days = f"{counted(report.days, 'day')}"
    same = "" if report.different else ", none differs"
    say(f"{scores} of {days} recomputed{same}.")
    if report.overtaken:
        say(f"{report.overtaken:,} made before their day was over: it brought more later on.")
