"""The playbooks that come with the program."""

from cs_workbench.core.playbooks import Playbook
from cs_workbench.errors import NotFoundError
from cs_workbench.shipped import shipped


def list_playbooks() -> tuple[Playbook, ...]:
    """All playbooks, by id.

    Raises:
        InputError: one of the files breaks a rule.
    """
    from cs_workbench.importers.playbook_files import read_playbook

    return tuple(read_playbook(path) for path in sorted(shipped("playbooks").glob("*.yaml")))


def find_playbook(playbook_id: str) -> Playbook:
    """The playbook of that id.

    Raises:
        NotFoundError: there is none; the message names those that are there.
    """
    playbooks = {playbook.playbook_id: playbook for playbook in list_playbooks()}
    if playbook_id not in playbooks:
        raise NotFoundError(
            f"There is no playbook {playbook_id!r}. There is: {', '.join(playbooks)}."
        )
    return playbooks[playbook_id]
