"""The command palette: the same commands as the keys, found by name."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import LETTERED, Command, commands, run


class Commands(Provider):
    """What can be done on the screen from which the palette was opened."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(
                joined(command.help, (f"  {command.keys[0]}", "dim")),
                partial(run, self.app, command),
                text=command.help,
            )

    async def search(self, query: str) -> Hits:
        """What fits the words typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            text = f"{command.help} ({command.name})"
            if (score := matcher.match(text)) > 0:
                yield Hit(
                    score, matcher.highlight(text), partial(run, self.app, command), text=text
                )

    def _commands(self) -> list[Command]:
        return [
            command
            for command in commands(
                self.screen.active_bindings, lettered=self.app.has_class(LETTERED)
            )
            if command.enabled and command.id != "app.commands"
        ]
