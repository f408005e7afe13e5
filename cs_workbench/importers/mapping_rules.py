"""One rule of a mapping file: where the text of a field comes from."""

from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Any, get_args

from cs_workbench.core.toml_checks import TomlChecks
from cs_workbench.importers.mapping import Form, Rule

_SOURCES = ("column", "columns", "constant", "template")
_TEXTS = (
    *("constant", "template", "join", "other", "default", "split", "prefix"),
    *("plus_minutes", "plus_hours"),
)
_KEYS = (
    *("column", "columns", *_TEXTS, "when", "form", "values", "else", "date_formats", "times"),
    *("plus_days", "plus_months", "has_begun", "lookup", "unknown_if_empty"),
)


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads the rules of one file."""

    checks: TomlChecks

    def rule(self, where: str, given: Any) -> Rule:
        """A rule: a column's name, or a table.

        Raises:
            InputError: it says something that a rule cannot say.
        """
        if isinstance(given, str):
            return Rule(columns=(given,))
        checks = self.checks
        checks.keys(where, given, _KEYS)
        if sum(key in given for key in _SOURCES) != 1:
            raise checks.fail(where, f"exactly one of {', '.join(_SOURCES)} is needed")
        names = [given["column"]] if "column" in given else given.get("columns", [])
        self._template(where, given.get("template"))
        if "join" in given and len(names) < 2:
            raise checks.fail(where, "join stands between several columns")
        form = given.get("form")
        values = checks.table(where, given, "values")
        months = checks.whole(f"{where} plus_months", given.get("plus_months", 0))
        has_begun = checks.flag(f"{where} has_begun", given.get("has_begun", False))
        if has_begun and months >= 0:
            raise checks.fail(where, "has_begun needs plus_months below 0")
        times, times_by = self._times(f"{where} times", given.get("times"))
        return Rule(
            columns=checks.texts(f"{where} column", names),
            values={key.casefold(): value for key, value in values.items()},
            when=checks.table(where, given, "when"),
            form=None if form is None else checks.choice(f"{where} form", form, get_args(Form)),
            otherwise=self.rule(f"{where} else", given["else"]) if "else" in given else None,
            date_formats=checks.texts(f"{where} date_formats", given.get("date_formats", [])),
            times=times,
            times_by=times_by,
            plus_days=checks.whole(f"{where} plus_days", given.get("plus_days", 0)),
            plus_months=months,
            has_begun=has_begun,
            lookup=self._lookup(where, given.get("lookup")),
            unknown_if_empty=self._unknown(where, given.get("unknown_if_empty", False)),
            **{key: checks.optional_text(f"{where} {key}", given.get(key)) for key in _TEXTS},
        )

    def _lookup(self, where: str, given: Any) -> str | None:
        lookup = self.checks.optional_text(f"{where} lookup", given)
        if lookup is not None and lookup not in {"subscriptions", "contacts"}:
            raise self.checks.fail(where, "lookup goes through subscriptions or contacts")
        if lookup is not None and not where.endswith(" account_id"):
            raise self.checks.fail(where, "only account_id can be looked up")
        return lookup

    def _unknown(self, where: str, given: Any) -> bool:
        if given and not where.endswith(" arr"):
            raise self.checks.fail(where, "only arr may be unknown")
        return self.checks.flag(f"{where} unknown_if_empty", given)

    def _times(self, where: str, given: Any) -> tuple[Decimal | None, tuple[Rule, ...]]:
        """A number, or a list of numbers and rules that give one."""
        if given is None:
            return None, ()
        factor: Decimal | None = None
        rules = []
        for part in given if isinstance(given, list) else [given]:
            if isinstance(part, int | float) and not isinstance(part, bool):
                factor = (factor or Decimal(1)) * Decimal(str(part))
            elif isinstance(given, list) and isinstance(part, str | dict):
                rules.append(self.rule(where, part))
            else:
                raise self.checks.fail(where, "times must be a number, or a list of rules")
        return factor, tuple(rules)

    def _template(self, where: str, given: Any) -> None:
        try:
            parts = list(Formatter().parse(given or ""))
        except (ValueError, TypeError) as problem:
            raise self.checks.fail(where, f"the template cannot be read: {problem}") from None
        if any(name == "" or form or change for _, name, form, change in parts):
            raise self.checks.fail(where, "a template takes columns by their plain names: {first}")
