"""What a reader must know of a pack whose figures stand in a report."""

from __future__ import annotations

from collections.abc import Iterable

from depmap_gui.rules.pack import Certainty, Flag, RulePack, Standing, TestRule
from depmap_gui.rules.setting import Setting

MOST_NAMED = 3


def cautions(setting: Setting) -> Iterable[str]:
    """Sentences on a pack that is only proposed, rests on unconfirmed text, or hangs on a switch
    whose state is open on the day; and on what is taken for a customs value."""
    pack = setting.pack
    if _is_proposal(pack):
        yield f"{pack.title}: this is a proposal; it binds nobody yet."
    rules: list[TestRule | Flag] = [*pack.tests.values(), *pack.flags.values()]
    doubtful = [
        rule.title
        for rule in rules
        if rule.certainty is Certainty.UNCONFIRMED and rule.in_force(setting.map.as_of)
    ]
    if doubtful:
        count = "1 rule" if len(doubtful) == 1 else f"{len(doubtful)} rules"
        named = ", ".join(doubtful[:MOST_NAMED]) + (", and others" * (len(doubtful) > MOST_NAMED))
        yield f"{pack.title}: the text of {count} is not confirmed: {named}."
    for parameter in pack.parameters.values():
        value = parameter.on(setting.map.as_of)
        if value is not None and value.certainty is Certainty.OPEN and isinstance(value.value, str):
            text = f"{pack.title}: {parameter.title}: whether it is '{value.value}' on "
            yield f"{text}{setting.map.as_of} is not known."
    if pack.duties:
        yield f"{pack.title}: the cost of a delivery is taken for its customs value, before duty."


def _is_proposal(pack: RulePack) -> bool:
    return any(check.standing is Standing.PROPOSED for check in pack.checks.values())
