"""What playbooks changed, in lines: how far their plays came, where they stall, the difference."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from cs_workbench.core.plays.effects import LEAST, Effect, PlaybookEffect
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined

INDENT = "  "
VERDICT_STYLES = {"better": "bold", "worse": LATE_STYLE}


def effect_lines(found: Sequence[PlaybookEffect], width: int) -> list[Content]:
    """Each version of each playbook that was ever eligible somewhere."""
    room = max(20, width - len(INDENT))
    if not found:
        return [joined(("No playbook was suggested yet; a refresh does.", "dim"))]
    lines: list[Content] = []
    for one in found:
        lines.append(joined((one.playbook.title, "bold"), (f" v{one.playbook.version}", "dim")))
        for part in _parts(one):
            lines += [joined(INDENT, line) for line in part.wrap(room)]
        lines.append(NOTHING)
    return lines


def _parts(one: PlaybookEffect) -> Iterator[Content]:
    counts, outcome = one.counts, one.playbook.outcome
    yield _verdict(one.effect, outcome.measure)
    judged = f"{outcome.measure} {outcome.change} within {outcome.within_days} d"
    yield joined(("judged by ", "dim"), judged)
    steps = (
        *(("eligible", counts.eligible), ("left alone", counts.held_out)),
        *(("suggested", counts.suggested), ("started", counts.started)),
        *(("completed", counts.completed), ("given up", counts.abandoned)),
    )
    yield joined(*(part for name, count in steps for part in ((f"{name} ", "dim"), f"{count:,}  ")))
    if one.stalls_at is not None:
        yield joined(("stalls before ", "dim"), one.playbook.step(one.stalls_at).title)
    times = [
        f"{step.title} {one.steps[step.step_id][1]:.1f} d"
        for step in one.playbook.steps
        if step.step_id in one.steps and step.kind not in {"decide", "record"}
    ]
    if times:
        yield joined(("days on a step  ", "dim"), " · ".join(times))


def _verdict(effect: Effect, measure: str) -> Content:
    matched = f"{effect.n_treated} treated, {effect.n_control} not, matched"
    if effect.difference is None or effect.low is None or effect.high is None:
        why = f"; {LEAST} of each are needed"
        return joined((effect.verdict, "bold"), (f" · {matched}{why}", "dim"))
    interval = f"{effect.difference:+.3g} ({effect.low:+.3g} to {effect.high:+.3g})"
    return joined(
        (effect.verdict, VERDICT_STYLES.get(effect.verdict, "")),
        f": {measure} {interval}",
        (f" · {matched}", "dim"),
    )
