"""What a row says of its account besides an id: the CRM's id, a domain, a name."""

from collections.abc import Callable, Mapping

from cs_workbench.core.account_matching import AccountNames, domain_of
from cs_workbench.importers.mapping import Rule
from cs_workbench.importers.rule_texts import Row, rule_texts
from cs_workbench.importers.sources import Source


def names_reader(source: Source, index: Mapping[str, int]) -> Callable[[Row], AccountNames] | None:
    """The reader of a row's names; None where the mapping names none.

    Accounts are told by their own name and domain too.
    """
    rules = dict(source.file.names)
    if source.file.kind.name == "accounts":
        own = {name: source.file.rules.get(name) for name in ("domain", "name")}
        rules |= {name: rule for name, rule in own.items() if rule is not None}
    rules = {
        name: rule for name, rule in rules.items() if all(u.casefold() in index for u in rule.used)
    }
    if not rules:
        return None
    crm_id, domain, name = (_texts(rules.get(key), index) for key in ("crm_id", "domain", "name"))
    return lambda row: AccountNames(crm_id(row) or None, domain_of(domain(row)), name(row) or None)


def _texts(rule: Rule | None, index: Mapping[str, int]) -> Callable[[Row], str]:
    return rule_texts(rule, index) if rule else lambda _row: ""
