"""`r` on every screen that has it: all accounts are scored anew, in a thread with its own line."""

from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import safe
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.work_line import Work, WorkLine


def scoring_line(session: Session) -> WorkLine:
    """The line that scores as soon as it is on the screen; cancelled, it has written nothing."""

    def score(work: Work) -> str:
        from cs_workbench.workflows.churn_models import publish_if_on
        from cs_workbench.workflows.loyalty import score_loyalty
        from cs_workbench.workflows.reassigning import settle_hand_overs
        from cs_workbench.workflows.renewal_policy import adopt_policy, policy_at
        from cs_workbench.workflows.renewals import settle_renewals
        from cs_workbench.workflows.scorecards import scorecard_at
        from cs_workbench.workflows.scoring import refresh
        from cs_workbench.workflows.suggesting import suggest_plays

        card = scorecard_at(session.scorecard_file)
        policy = policy_at(session.renewal_policy_file)
        with open_database(session.db.path) as db:
            adopt_policy(db, policy, session.today)
            report = refresh(
                db,
                as_of=session.today,
                actor=session.me,
                progress=work.progress,
                scorecard=card,
                before_writing=work.settle,
            )
            score_loyalty(db, as_of=session.today)
            suggest_plays(db, today=session.today)
            settle_hand_overs(db, session.today)
            publish_if_on(db, as_of=session.today, card=card)
            settle_renewals(db, today=session.today, policy=policy)
        moved = f"{report.down:,} worse, {report.up:,} better" if report.changed else "nothing new"
        return f"{report.accounts:,} accounts scored: {moved}."

    return WorkLine(safe("scoring"), score, session.glyphs, at_once=True)
