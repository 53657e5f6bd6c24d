"""Checks of single links: their ends, their roles and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from depmap_gui.domain.edits import Remove, SetField
from depmap_gui.domain.findings import Finding, Mend, Severity
from depmap_gui.domain.kinds import LINK_ENDS, ROLES_BY_TARGET, LegalForm, LocationRole, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyLink,
    Company,
    Lends,
    Link,
    Located,
    Owns,
    Plant,
    Supplies,
    Uses,
)

_ENDS = {
    cls: tuple(frozenset(ENTITY_CLASSES[kind] for kind in kinds) for kinds in LINK_ENDS[link_kind])
    for link_kind, cls in LINK_CLASSES.items()
}
_PERSONAL = (LocationRole.CITIZEN, LocationRole.RESIDENT)


def link_findings(project: Project) -> Iterator[Finding]:
    """Links that end nowhere, join what they cannot join, or say what does not fit their ends."""
    entities = project.entities
    for link in project.links.values():
        source, target = entities.get(link.source), entities.get(link.target)
        if source is None or target is None:
            yield _dangling(project, link)
            continue
        sources, targets = _ENDS[type(link)]
        if type(source) not in sources or type(target) not in targets:
            yield _wrong_ends(project, link)
            continue
        if link.source == link.target:
            yield _to_itself(project, link)
        match link:
            case Located():
                yield from _role(project, link)
            case Supplies(product=str()):
                yield from _product(project, link)


def _dangling(project: Project, link: AnyLink) -> Finding:
    missing = [end for end in (link.source, link.target) if end not in project.entities]
    ends = " and ".join(f"'{end}'" for end in dict.fromkeys(missing))
    return Finding(
        severity=Severity.ERROR,
        code="link.dangling",
        where=(link.id,),
        message=(
            f"The '{link.kind}' link '{link.id}' ({project.name(link.id)}) ends at {ends}, which "
            "is not on the map. It counts in no score. Remove the link, or add what is missing."
        ),
        mend=_removal(link),
    )


def _wrong_ends(project: Project, link: AnyLink) -> Finding:
    source, target = project.entities[link.source], project.entities[link.target]
    sources, targets = LINK_ENDS[link.kind]
    return Finding(
        severity=Severity.ERROR,
        code="link.ends",
        where=(link.id, link.source, link.target),
        message=(
            f"The '{link.kind}' link '{link.id}' runs from the {source.kind} "
            f"{project.name(source.id)} to the {target.kind} {project.name(target.id)}. It can "
            f"only run from a {_either(sources)} to a {_either(targets)}, so no score can read "
            "it. Remove it, and draw the link that is meant."
        ),
        mend=_removal(link),
    )


def _either(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds))


def _to_itself(project: Project, link: AnyLink) -> Finding:
    name = project.name(link.source)
    match link:
        case Owns():
            code, said = "owns.self", f"{name} owns a part of itself"
            advice = (
                "A company's own shares belong to its other holders in proportion. Remove the "
                "link, and give the other holders their share of what is outstanding."
            )
        case Supplies():
            code, said = "supplies.self", f"{name} supplies itself"
            advice = "What an item makes for itself is not bought in. Remove the link."
        case Lends():
            code, said = "lends.self", f"{name} lends to itself"
            advice = "That is no debt to anybody. Remove the link."
        case Uses():
            code, said = "uses.self", f"{name} is a sub-license of itself"
            advice = "Its technology would come from nowhere. Remove the link."
        case _:
            code, said = "link.self", f"The '{link.kind}' link '{link.id}' joins {name} to itself"
            advice = "Remove the link."
    return Finding(
        severity=Severity.WARNING,
        code=code,
        where=(link.id, link.source),
        message=f"{said}. {advice}",
        mend=_removal(link),
    )


def _role(project: Project, link: Located) -> Iterator[Finding]:
    target = project.entities[link.target]
    fitting = ROLES_BY_TARGET[target.kind]
    place, name = project.name(link.source), project.name(target.id)
    if link.role is None:
        return
    if link.role not in fitting:
        yield Finding(
            severity=Severity.ERROR,
            code="located.role",
            where=(link.id, target.id),
            field="role",
            message=(
                f"{place} stands as '{link.role}' of the {target.kind} {name}. For a "
                f"{target.kind} it can be {' or '.join(fitting)}; as it is, no score reads it."
            ),
            mend=Mend(f"Make it '{fitting[0]}'", _set(link, "role", fitting[0])),
        )
    elif link.role in _PERSONAL and not _is_person(target):
        yield Finding(
            severity=Severity.WARNING,
            code="located.person",
            where=(link.id, target.id),
            field="role",
            message=(
                f"{place} stands as '{link.role}' of {name}, and only a person has that. Set the "
                f"legal form of {name} to person, or the role to incorporated."
            ),
            mend=Mend("Make it 'incorporated'", _set(link, "role", LocationRole.INCORPORATED)),
        )
    if link.share is not None and link.role is not LocationRole.ORIGIN:
        yield Finding(
            severity=Severity.HINT,
            code="located.share",
            where=(link.id, target.id),
            field="share",
            message=(
                f"The link {place} → {name} has a share. Only the origin of a material is "
                "counted in shares, so this one is not read. Clear it."
            ),
            mend=Mend("Clear the share", _set(link, "share", None)),
        )


def _is_person(entity: object) -> bool:
    return isinstance(entity, Company) and entity.form is LegalForm.PERSON


def _product(project: Project, link: Supplies) -> Iterator[Finding]:
    target = project.entities[link.target]
    name = project.name(target.id)
    if isinstance(target, Plant):
        known = [product.id for product in target.products]
        if link.product in known:
            return
        has = f"which has {', '.join(known)}" if known else "which has no products yet"
    else:
        has = f"which is a {target.kind} and has no products"
    yield Finding(
        severity=Severity.ERROR,
        code="product.unknown",
        where=(link.id, target.id),
        field="product",
        message=(
            f"The supply {project.name(link.id)} goes into the product '{link.product}' of {name}, "
            f"{has}. Its cost would enter no cost ratio. Choose a product, or none for all."
        ),
        mend=Mend("Count it for every product", _set(link, "product", None)),
    )


def _set(link: Link, field: str, value: object) -> SetField:
    return SetField(Section.LINKS, link.id, field, value)


def _removal(link: Link) -> Mend:
    return Mend("Remove the link", Remove(Section.LINKS, link.id))
