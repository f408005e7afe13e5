"""What a page of an account shows beside what it opens with, read in a thread."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual.message import Message

from cs_workbench.core.account_page import AccountPage
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.account_panes import AccountPanes


class BesideRead(Message):
    """A part is there; `show` gives it to the panes."""

    def __init__(self, show: Callable[[AccountPanes], None]) -> None:
        self.show = show
        super().__init__()


def read_beside(session: Session, page: AccountPage, post: Callable[[Message], object]) -> None:
    """How they are answered, what they say, what their peers did; what cannot be read is left."""
    from cs_workbench.workflows.serving import service_report
    from cs_workbench.workflows.usage_views import read_peer_band
    from cs_workbench.workflows.voicing import account_voice

    key, today = page.line.account_key, session.today
    with suppress(WorkbenchError), open_database(session.db.path) as db:
        for history in page.usage:
            band = read_peer_band(db, key, history, "peers")
            if band is not None:
                post(BesideRead(partial(AccountPanes.show_band, metric=history.metric, band=band)))
        service = service_report(db, today=today, account_key=key)
        voice = account_voice(db, key, today=today)
        post(BesideRead(partial(AccountPanes.show_said, service=service, voice=voice)))
