"""The command palette: the same commands as the keys, found by name."""

from functools import partial

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider

from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import Command, commands


class Commands(Provider):
    """What can be done on the screen from which the palette was opened."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(
                joined(command.help, (f"  {command.keys[0]}", "dim")),
                partial(self._run, command),
                text=command.help,
            )

    async def search(self, query: str) -> Hits:
        """What fits the words typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            text = f"{command.help} ({command.name})"
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), partial(self._run, command), text=text)

    def _commands(self) -> list[Command]:
        return [
            command
            for command in commands(self.screen.active_bindings)
            if command.enabled and command.id != "app.commands"
        ]

    async def _run(self, command: Command) -> None:
        app: App[object] = self.app
        await app.run_action(command.action, default_namespace=command.node)
