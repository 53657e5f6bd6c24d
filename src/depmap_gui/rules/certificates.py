"""The cost ratio by supplier certificates, unless what is known contradicts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from depmap_gui.domain.quantity import high, low, mode
from depmap_gui.domain.records import Product, Supplies
from depmap_gui.rules.cost_tables import plain_words
from depmap_gui.rules.material import cost_ratio, has_open_part, open_points
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    CostLine,
    MaterialResult,
    RatioMeasure,
    Reason,
)
from depmap_gui.rules.setting import SAME, Setting, percent

UNCERTIFIED = "uncertified-items"


class CertifiedResult(Struct, frozen=True, kw_only=True):
    """The cost lines as certified, the ratio over them, and over certified cost alone."""

    lines: tuple[CostLine, ...]
    ratio: RatioMeasure | None
    strict: RatioMeasure | None
    because: tuple[Reason, ...]
    open: tuple[str, ...]


def certified_ratio(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    product: Product,
    material: MaterialResult,
    citation: str,
) -> CertifiedResult | None:
    """The ratio over the lines of direct cost; None where no supplier certifies anything."""
    links = setting.map.project.links
    certified = {
        line.link: link
        for line in material.lines
        if line.link is not None
        and isinstance(link := links[line.link], Supplies)
        and link.certified is not None
    }
    if not certified:
        return None
    told = [
        line
        if line.link not in certified
        else _as_certified(
            line, certified[line.link], _contradiction(setting, statuses, line), setting, citation
        )
        for line in material.lines
    ]
    strict = [
        line if line.link in certified else msgspec.structs.replace(line, pfe_low=1.0, pfe_high=1.0)
        for line in told
    ]
    as_known = setting.reads(UNCERTIFIED, "as-known")
    used = told if as_known else strict
    total_known = product.material_cost is not None
    return CertifiedResult(
        lines=tuple(used),
        ratio=_measured(used, total_known=total_known),
        strict=_measured(strict, total_known=total_known) if as_known else None,
        because=tuple(line.because for line in used),
        open=open_points(used),
    )


def _measured(lines: Sequence[CostLine], *, total_known: bool) -> RatioMeasure | None:
    found = cost_ratio(lines, total_known=total_known)
    if found is None:
        return None
    likely = None if has_open_part(lines) else found.mode
    return RatioMeasure(low=found.low, mode=likely, high=found.high)


def _contradiction(
    setting: Setting, statuses: Mapping[str, CompanyStatus], line: CostLine
) -> str | None:
    """What is known that makes a certificate unusable, None where nothing is.

    The taxpayer knows, or has reason to know, when the map shows that the maker is a prohibited
    entity, or that the supplier itself gets the item from one.
    """
    if line.pfe is Answer.YES:
        maker = setting.name(line.maker or line.supplier or "")
        return f"{maker} is known to be a prohibited foreign entity"
    item = plain_words(line.item)
    for link in setting.map.into(Supplies, line.supplier or ""):
        status = statuses.get(link.source)
        foreign = status is not None and status.prohibited is Answer.YES
        if foreign and item and plain_words(link.item) == item:
            supplier, source = setting.name(line.supplier or ""), setting.name(link.source)
            return f"{supplier} is known to get it from {source}, a prohibited foreign entity"
    return None


def _as_certified(
    line: CostLine, link: Supplies, contradiction: str | None, setting: Setting, citation: str
) -> CostLine:
    """The line split by its supplier's certificate: what is certified is not of a prohibited
    entity, the rest of it is. A certificate that the taxpayer has reason to doubt is unusable."""
    if link.certified is None:
        return line
    if contradiction is not None:
        text = f"{line.item or 'An item'}: the certificate is unusable, since {contradiction}; all "
        text += "its cost counts as of a prohibited foreign entity."
        because = Reason(text=text, citation=citation, where=(link.id, link.source))
        return msgspec.structs.replace(
            line, pfe_low=1.0, pfe_high=1.0, pfe=Answer.YES, because=because
        )
    if line.high is None or line.high <= 0.0:
        return line
    costs = (line.low or 0.0, line.mode or 0.0, line.high)
    shares = [
        1.0 if certified >= cost - SAME * max(1.0, cost) else certified / cost
        for certified, cost in (
            (low(link.certified), costs[2]),
            (mode(link.certified), costs[1]),
            (high(link.certified), costs[0]),
        )
    ]
    least, most = 1.0 - max(shares), 1.0 - min(shares)
    text = f"{line.item or 'An item'}: {setting.name(link.source)} certifies "
    text += f"{percent(1.0 - most) if most - least <= SAME else 'part'} of its cost as not made "
    text += "by a prohibited foreign entity."
    return msgspec.structs.replace(
        line,
        pfe_low=least,
        pfe_high=most,
        pfe=Answer.NO if most <= SAME else line.pfe,
        because=Reason(
            text=text, citation=citation, where=(link.id, link.source), sources=link.sources
        ),
    )
