"""Companies that look like persons on government lists: told, and settled by the analyst.

Nothing is taken for granted: accepting puts the company on the list, refusing declares that it is
another one (`declared` of the company, under the list's id), and either is an ordinary edit.
"""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.findings import Finding, Mend, Severity
from depmap_gui.domain.kinds import ANOTHER_COMPANY, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company
from depmap_gui.rules.listings import NameMatch, name_matches
from depmap_gui.rules.pack import GovernmentList, RulePack

NAME_MATCH = "name-match"
"""The code of the findings."""


def matches_of(project: Project, packs: Sequence[RulePack]) -> tuple[NameMatch, ...]:
    """The unsettled likely matches of the project's companies, in the order of the map."""
    return name_matches(project.of_kind(Company), packs, project.header.year)


def match_findings(project: Project, packs: Sequence[RulePack]) -> tuple[Finding, ...]:
    """A hint for each likely match; its mend accepts it."""
    return tuple(
        Finding(
            severity=Severity.HINT,
            code=NAME_MATCH,
            where=(match.company,),
            field="lists",
            message=f"{match_sentence(project, packs, match)} If it is, put it on the list; if "
            "not, say that they are not the same.",
            mend=Mend(accept_label(project, packs, match), acceptance(project, match)),
        )
        for match in matches_of(project, packs)
    )


def match_sentence(project: Project, packs: Sequence[RulePack], match: NameMatch) -> str:
    """What looks alike, and since when the person is on the list."""
    found = match.match
    known = found.person.name if found.name == found.person.name else f"{found.name}, a name of "
    if known != found.person.name:
        known += found.person.name
    until = f" to {found.person.off}" if found.person.off else ""
    return (
        f"{project.name(match.company)} looks like {known} on {list_title(packs, found.list)} "
        f"({found.likeness.words}; listed from {found.person.on}{until})."
    )


def accept_label(project: Project, packs: Sequence[RulePack], match: NameMatch) -> str:
    """The sentence of the history for an accepted match."""
    return f"Put {project.name(match.company)} on {list_title(packs, match.match.list)}"


def refuse_label(project: Project, packs: Sequence[RulePack], match: NameMatch) -> str:
    """The sentence of the history for a refused match."""
    title = list_title(packs, match.match.list)
    return f"{project.name(match.company)} is not {match.match.person.name} on {title}"


def acceptance(project: Project, match: NameMatch) -> SetField:
    """The edit that puts the company on the list."""
    company = _company(project, match)
    lists = tuple(dict.fromkeys((*company.lists, match.match.list)))
    return SetField(Section.ENTITIES, company.id, "lists", lists)


def refusal(project: Project, match: NameMatch) -> SetField:
    """The edit that declares the company to be another one."""
    company = _company(project, match)
    declared = {**company.declared, match.match.list: ANOTHER_COMPANY}
    return SetField(Section.ENTITIES, company.id, "declared", declared)


def list_title(packs: Sequence[RulePack], id: str) -> str:
    """The title of a list; its id where no pack has it."""
    return next((_titled(pack.lists[id]) for pack in packs if id in pack.lists), id)


def _titled(listing: GovernmentList) -> str:
    return listing.title or listing.id


def _company(project: Project, match: NameMatch) -> Company:
    company = project.entities[match.company]
    if not isinstance(company, Company):
        raise TypeError(f"'{match.company}' is no company")
    return company
