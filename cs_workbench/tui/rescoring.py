"""`r` on every screen that has it: all accounts are scored anew, in a thread with its own line."""

from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import safe
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.work_line import Work, WorkLine


def scoring_line(session: Session) -> WorkLine:
    """The line that scores as soon as it is on the screen; cancelled, it has written nothing."""

    def score(work: Work) -> str:
        from cs_workbench.workflows.refresh_reports import told_briefly
        from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all

        files = session.scorecard_file, session.renewal_policy_file
        wishes = RefreshWishes(session.today, session.me, *files)
        with open_database(session.db.path) as db:
            report = refresh_all(db, wishes, work.progress, work.settle).report
        return told_briefly(report)

    return WorkLine(safe("scoring"), score, session.glyphs, at_once=True)
