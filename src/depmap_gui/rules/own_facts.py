"""Whether a company is a specified foreign entity by facts of its own: lists, places, person.

Ownership comes later (`status.py`); this is what stands without looking at any holder.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from depmap_gui.domain.in_force import located_role
from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import AnyEntity, Company, Jurisdiction, Located
from depmap_gui.rules.listings import likely_listings, person_named, plain_name
from depmap_gui.rules.results import Answer, Reason
from depmap_gui.rules.setting import Setting, sentence

NATIONS = "covered-nations"
OPEN_NATIONS = "covered-nations.open"
LIST_DAY = "list-test-day"
HOME_NATION = "home-nation"
TERRITORIES = "covered-nation-territories"
STANDS = "stands"
BY_LIST = "sfe.list"
HOME = "sfe.home"
PERSON = "sfe.person"


class OwnFacts(Struct, frozen=True, kw_only=True, gc=False):
    """The answer by own facts, with reasons and silent limbs.

    Yes is a government, national or entity of a covered nation, or a person on a list: foreign
    by itself, not merely controlled by such.
    """

    answer: Answer
    reasons: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()


def own_facts(setting: Setting, entity: AnyEntity) -> OwnFacts:
    """What an entity's own facts say of it; a jurisdiction as a holder is its government."""
    if isinstance(entity, Jurisdiction):
        return _government_of(setting, entity)
    if not isinstance(entity, Company):
        return OwnFacts(answer=Answer.NO)
    listed = _listed(setting, entity)
    placed = _person(setting, entity) if entity.form is LegalForm.PERSON else _home(setting, entity)
    answer = Answer.YES if listed else placed.answer
    if listed and placed.answer is Answer.UNKNOWN:
        placed = OwnFacts(answer=Answer.NO)
    offered = () if answer is Answer.YES else _offered(setting, entity)
    return OwnFacts(
        answer=answer,
        reasons=(*listed, *placed.reasons, *offered),
        open=(*placed.open, *((BY_LIST,) if offered else ())),
    )


def _offered(setting: Setting, company: Company) -> tuple[Reason, ...]:
    """Deciding lists that bear the company's name, though the map does not put it on them."""
    if plain_name(company.name) not in setting.listed_names:
        return ()
    return tuple(
        Reason(
            text=f"{setting.name(company.id)} bears the name of {offer.person.name}, which is on "
            f"{setting.pack.lists[offer.list].title}; the map does not say that they are one.",
            citation=offer.person.citation,
            where=(company.id,),
        )
        for offer in likely_listings(company, setting.pack, list_day(setting))
        if setting.pack.lists[offer.list].decides
    )


def list_day(setting: Setting) -> date:
    """The day on which membership of lists is tested in the setting's year."""
    if setting.lists_on is not None:
        return setting.lists_on
    found = setting.value(LIST_DAY)
    first = found is not None and found.value == "first day"
    return date(setting.year, 1, 1) if first else setting.map.as_of


def covered(setting: Setting, code: str) -> Answer:
    """Whether a country is a covered nation; unknown where the readings of the law differ."""
    named = setting.value(NATIONS)
    if named is not None and code in named.words:
        return Answer.YES
    open_to = setting.value(OPEN_NATIONS)
    if open_to is None or code not in open_to.words:
        return Answer.NO
    readings = setting.readings(TERRITORIES)
    if len(readings) > 1:
        return Answer.UNKNOWN
    return Answer.YES if readings[0] == "included" else Answer.NO


def _government_of(setting: Setting, place: Jurisdiction) -> OwnFacts:
    answer = covered(setting, place.code)
    if answer is Answer.NO:
        return OwnFacts(answer=answer)
    return OwnFacts(answer=answer, reasons=(_place_reason(setting, place, answer, "is", ()),))


def _listed(setting: Setting, company: Company) -> tuple[Reason, ...]:
    day = list_day(setting)
    reasons = []
    for id in company.lists:
        listing = setting.pack.lists.get(id)
        if listing is None or listing.decides is None:
            continue
        person = person_named(listing, company.name)
        if person is None:
            text = f"The map puts {setting.name(company.id)} on {listing.title}; the pack has no "
            text += "entry by that name, so its dates are not checked."
            citation = listing.citation
        elif person.listed_on(day):
            if person.doubt is not None and not setting.reads(person.doubt, STANDS):
                continue
            text = f"{setting.name(company.id)} is on {listing.title} ({person.name}, since "
            text += f"{person.on}), tested on {day}."
            if person.doubt is not None:
                text += (
                    f" It hangs on an open question ({setting.pack.questions[person.doubt].title})."
                )
            citation = person.citation
        else:
            continue
        reasons.append(
            Reason(text=text, citation=citation, where=(company.id,), sources=company.sources)
        )
    return tuple(reasons)


def _home(setting: Setting, company: Company) -> OwnFacts:
    """By place of incorporation or principal place of business."""
    reasons: list[Reason] = []
    found: list[Answer] = []
    by_government = company.form is LegalForm.GOVERNMENT
    organized = "is a government body of" if by_government else "is organized in"
    verbs = {LocationRole.INCORPORATED: organized, LocationRole.PRINCIPAL: "is run from"}
    places = _places(setting, company)
    for role, verb in verbs.items():
        for place in places.get(role, ()):
            answer = covered(setting, place.code)
            found.append(answer)
            if answer is not Answer.NO:
                link = _link(setting, company.id, place.id)
                text = f"{setting.name(company.id)} {verb}"
                reasons.append(_place_reason(setting, place, answer, text, link))
    if not found:
        text = f"The map gives {setting.name(company.id)} no place of incorporation and no "
        text += "principal place of business, so its nationality is unknown."
        reason = Reason(text=text, citation=setting.citation(NATIONS), where=(company.id,))
        return OwnFacts(answer=Answer.UNKNOWN, reasons=(reason,), open=(HOME,))
    return OwnFacts(answer=_strongest(found), reasons=tuple(reasons))


def _places(setting: Setting, company: Company) -> dict[LocationRole, list[Jurisdiction]]:
    """The jurisdictions that the map gives a company, by their role."""
    places: dict[LocationRole, list[Jurisdiction]] = {}
    for link in setting.map.into(Located, company.id):
        place = setting.map.entities[link.source]
        if isinstance(place, Jurisdiction):
            places.setdefault(located_role(link, company), []).append(place)
    return places


def _person(setting: Setting, person: Company) -> OwnFacts:
    """A natural person: a covered national who is no US citizen, national or resident."""
    name = setting.name(person.id)
    nationalities = setting.map.places(person.id, LocationRole.CITIZEN)
    residences = setting.map.places(person.id, LocationRole.RESIDENT)
    home = setting.value(HOME_NATION)
    at_home = [
        place
        for place in (*nationalities, *residences)
        if home is not None and place.code == home.value
    ]
    if at_home:
        link = _link(setting, person.id, at_home[0].id)
        text = sentence(f"{name} is a citizen or lawful resident of {setting.name(at_home[0].id)}")
        reason = Reason(text=text, citation=setting.citation(NATIONS), where=(person.id, *link))
        return OwnFacts(answer=Answer.NO, reasons=(reason,))
    if not nationalities:
        text = f"The map gives {name} no nationality."
        reason = Reason(text=text, citation=setting.citation(NATIONS), where=(person.id,))
        return OwnFacts(answer=Answer.UNKNOWN, reasons=(reason,), open=(PERSON,))
    answers = [covered(setting, place.code) for place in nationalities]
    answer = _strongest(answers)
    reasons = tuple(
        _place_reason(
            setting, place, given, f"{name} is a citizen of", _link(setting, person.id, place.id)
        )
        for place, given in zip(nationalities, answers, strict=True)
        if given is not Answer.NO
    )
    silent = (PERSON,) if answer is not Answer.NO and not residences else ()
    return OwnFacts(answer=answer, reasons=reasons, open=silent)


def _strongest(answers: list[Answer]) -> Answer:
    for answer in (Answer.YES, Answer.UNKNOWN):
        if answer in answers:
            return answer
    return Answer.NO


def _place_reason(
    setting: Setting, place: Jurisdiction, answer: Answer, text: str, link: tuple[str, ...]
) -> Reason:
    name = setting.name(place.id)
    if answer is Answer.YES:
        ending = ", a covered nation." if text != "is" else " is a covered nation."
        cited = setting.citation(NATIONS)
    else:
        asked = setting.pack.questions[TERRITORIES]
        ending = f"; whether it counts as a covered nation is open ({asked.title})."
        cited = asked.citation
    sentence = f"{name}{ending}" if text == "is" else f"{text} {name}{ending}"
    sources = tuple(source for id in link for source in setting.map.project.links[id].sources)
    return Reason(text=sentence, citation=cited, where=(*link, place.id), sources=sources)


def _link(setting: Setting, entity: str, place: str) -> tuple[str, ...]:
    return tuple(link.id for link in setting.map.into(Located, entity) if link.source == place)
