"""The key findings of a report: what a reader should know first, in plain sentences.

Each rests on figures of the assessment; none is worked out here anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from depmap_gui.analysis.results import Range, exposure
from depmap_gui.domain.findings import Finding, Severity, listed
from depmap_gui.domain.records import Company, Plant
from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    CreditResult,
    Eligibility,
    TestResult,
    Verdict,
)
from depmap_gui.session.report_plants import Ground, product_name, years_said

MOST_PRODUCTS, MOST_YEARS, MOST_STATUSES = 3, 2, 2
ENDED = "ended"
WORST_FIRST = (
    Eligibility.INELIGIBLE.value,
    Eligibility.AT_RISK.value,
    Eligibility.UNDETERMINED.value,
    Eligibility.ELIGIBLE.value,
    ENDED,
)
_FAILS = {
    ">=": "{limit} or more fails",
    ">": "more than {limit} fails",
    "<": "less than {limit} fails",
    "<=": "{limit} or less fails",
}


def state_word(credit: CreditResult) -> str:
    """How a credit stands; where its phase-out has come to nothing, no test matters any more."""
    return ENDED if credit.phase_out == 0.0 else credit.status.value


def key_findings(ground: Ground, plants: Sequence[Plant]) -> tuple[str, ...]:
    """The findings about these plants, which are given worst first."""
    credits = [credit for plant in plants for credit in ground.credits_of(plant.id)]
    credits.sort(key=lambda credit: WORST_FIRST.index(state_word(credit)))
    return (
        *_left_out(ground),
        *_states(ground, credits, plants),
        *_money(ground, credits),
        *_doubts(ground, credits),
        *_later(ground, credits),
        *_technology(ground, plants),
        *_companies(ground),
        *_silence(ground, credits),
        *_problems(ground),
    )


def _left_out(ground: Ground) -> Iterator[str]:
    """What the figures of a scenario are without comes before any of them."""
    count = len(_misfits(ground))
    if count:
        changes, do = ("change", "does") if count == 1 else ("changes", "do")
        yield (
            f"{ground.words.count(count)} {changes} of the scenario {do} not fit the map: "
            f"these figures are without {'it' if count == 1 else 'them'}."
        )


def _misfits(ground: Ground) -> list[Finding]:
    shown = ground.assessment.scenario
    return [
        each
        for each in ground.assessment.findings
        if each.code == "scenario.broken" and each.where == (shown,)
    ]


def _states(
    ground: Ground, credits: Sequence[CreditResult], plants: Sequence[Plant]
) -> Iterator[str]:
    year = ground.assessment.year
    if not plants:
        yield "There is no plant on this map, so no credit is tested."
        return
    if not credits:
        yield "No product of these plants claims a credit that the rule packs in use know."
        return
    counts = Counter(map(state_word, credits))
    if len(credits) == 1:
        yield f"The one credit claimed for {year} {_is(credits[0])}."
        return
    total = ground.words.count(len(credits))
    if len(counts) == 1:
        all_of_them = "Both" if len(credits) == 2 else f"All {total}"
        yield f"{all_of_them} credits claimed for {year} {_are(state_word(credits[0]))}."
        return
    parts = [
        f"{ground.words.count(counts[word])} {_are(word, of_one=counts[word] == 1)}"
        for word in WORST_FIRST
        if counts[word]
    ]
    yield f"Of {total} credits claimed for {year}, {', '.join(parts[:-1])} and {parts[-1]}."


def _is(credit: CreditResult) -> str:
    return _are(state_word(credit), of_one=True)


def _are(word: str, *, of_one: bool = False) -> str:
    if word == ENDED:
        return "has ended in law" if of_one else "have ended in law"
    return f"{'is' if of_one else 'are'} {word}"


def _money(ground: Ground, credits: Sequence[CreditResult]) -> Iterator[str]:
    """What the credits are worth before any risk, and how much of it samples put at risk."""
    words = ground.words
    alive = [credit for credit in credits if state_word(credit) != ENDED]
    unknown = sum(credit.annual_credit is None for credit in alive)
    kinds = dict.fromkeys((credit.currency, credit.per) for credit in alive)
    for currency, per in kinds:
        like = [credit for credit in alive if (credit.currency, credit.per) == (currency, per)]
        known = [credit.annual_credit for credit in like if credit.annual_credit is not None]
        if not known:
            continue
        who = "It is" if len(alive) == 1 else "They are"
        if len(kinds) > 1:
            who = f"{words.count(len(known))} of them {'is' if len(known) == 1 else 'are'}"
        elif unknown:
            who = "Those whose units are stated are"
        said = f"{who} worth {words.money(sum(known), currency)} {per} before any risk"
        sampled = [risk for credit in like if (risk := ground.risk_of(credit)) is not None]
        at_risk = [risk.at_risk for risk in sampled if risk.at_risk is not None]
        if at_risk:
            samples = words.count(sampled[0].samples)
            lost = sum(at_risk)
            said += f"; by {samples} samples of what the map leaves uncertain, "
            said += f"{words.money(lost, currency) if lost else 'none'} of that is at risk"
        yield f"{said}."
    if unknown:
        many = "1 credit is" if unknown == 1 else f"{words.count(unknown)} credits are"
        them = "it" if unknown == 1 else "them"
        yield f"What {many} worth is unknown: the map states no units for {them}."


def _named(ground: Ground, credit: CreditResult) -> str:
    plant = ground.project.entities[credit.plant]
    assert isinstance(plant, Plant)
    product = product_name(plant, credit.product) or credit.product
    return f"{plant.name or plant.id}, {product}"


def _doubts(ground: Ground, credits: Sequence[CreditResult]) -> Iterator[str]:
    """The tests on which the worst credits fail or hang, and what would turn them."""
    told = 0
    for credit in credits:
        if state_word(credit) == ENDED or told == MOST_PRODUCTS:
            continue
        groups = combined(credit.tests)
        wanted = Verdict.FAIL if Verdict.FAIL in groups.values() else Verdict.UNCERTAIN
        own = {test.id: test for test in credit.tests}
        deciding = [own[id] for id, found in groups.items() if found is wanted and id in own]
        if not deciding:
            continue
        told += 1
        says = "fails" if wanted is Verdict.FAIL else "is uncertain"
        tests = listed(f"“{test.title}” {says}{measure_words(test, ground)}" for test in deciding)
        said = f"{_named(ground, credit)}: {tests}."
        turns = [flip.text for test in deciding for flip in test.flips[:1]]
        turns = turns or [test.cure for test in deciding if test.cure]
        if turns:
            said += f" {ground.words.sentence(turns[0])}"
        yield said


def measure_words(test: TestResult, ground: Ground) -> str:
    """The measure and its threshold in brackets: ' (39.5–100%; less than 60% fails)'."""
    if test.low is None or test.high is None or test.unit != "share":
        return ""
    figure = ground.words.percent_range(test.low, test.high)
    if test.threshold is None or test.comparison is None:
        return f" ({figure})"
    limit = ground.words.percent(test.threshold)
    return f" ({figure}; {_FAILS[test.comparison].format(limit=limit)})"


def _later(ground: Ground, credits: Sequence[CreditResult]) -> Iterator[str]:
    """Credits that are lost in a later year."""
    year, told = ground.assessment.year, 0
    for credit in credits:
        years = ground.years_of(credit)
        if years is None or told == MOST_YEARS:
            continue
        lost, ended = years.first_ineligible, years.first_without_credit
        if lost is not None and lost > year and (ended is None or lost < ended):
            told += 1
            yield f"{_named(ground, credit)}: {_lower(' '.join(years_said(years, year)))}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _technology(ground: Ground, plants: Sequence[Plant]) -> Iterator[str]:
    """The plant whose technology is most the chosen jurisdiction's."""
    words, code = ground.words, ground.jurisdiction
    shares = {
        plant.id: exposure(found, code)
        for plant in plants
        if (found := ground.assessment.scores.ip.get(plant.id)) is not None
    }
    who = words.adjective(ground.project, code)
    if not any(found.low > 0.0 or found.high < 1.0 for found in shares.values()):
        if plants:
            yield f"The map documents no technology, so every {who}-IP share is unknown."
        return
    top = max(shares, key=lambda id: (shares[id].low, shares[id].high))
    name = ground.project.name(top)
    if len(shares) == 1:
        yield f"The {who}-IP share of {name} is {documented(shares[top], ground)}."
        return
    yield f"{name} has the highest {who}-IP share: {documented(shares[top], ground)}."


def documented(found: Range, ground: Ground) -> str:
    """'85% as documented, 90% at most'; unknown where nothing is documented at all."""
    words = ground.words
    if found.low == 0.0 and found.high > 1.0 - 1e-9:
        return "unknown"
    if found.high - found.low < 1e-9:
        return f"{words.percent(found.low)}, all of it documented"
    return f"{words.percent(found.low)} as documented, {words.percent(found.high)} at most"


def _companies(ground: Ground) -> Iterator[str]:
    """Who has a status that bars, and of whom it is not known; the first of many statuses."""
    for answer in (Answer.YES, Answer.UNKNOWN):
        found = [
            (question, pack, named)
            for pack, statuses in ground.assessment.law.companies.items()
            for question in dict.fromkeys(q for each in statuses.values() for q in each.answers)
            if (named := _with_answer(ground, statuses, question, answer))
        ]
        for question, pack, named in found[:MOST_STATUSES]:
            yield _status_sentence(ground, (question, pack), named, answer)
        if len(found) > MOST_STATUSES:
            more = len(found) - MOST_STATUSES
            words = "1 more status" if more == 1 else f"{ground.words.count(more)} more statuses"
            how = "held by companies" if answer is Answer.YES else "not known of every company"
            yield f"{words} {how}: see the companies below."


def _with_answer(
    ground: Ground, statuses: Mapping[str, CompanyStatus], question: str, answer: Answer
) -> list[str]:
    """The names of the companies that are answered so."""
    entities = ground.project.entities
    return [
        ground.project.name(id)
        for id, status in statuses.items()
        if isinstance(entities.get(id), Company) and status.answers.get(question) is answer
    ]


def _status_sentence(
    ground: Ground, asked: tuple[str, str], named: Sequence[str], answer: Answer
) -> str:
    """'Specified foreign entity: CATL.' With the law it is of, where several are in use."""
    question, pack = asked
    rules = ground.packs.get(pack)
    of = "" if len(ground.packs) == 1 else f" ({rules.title if rules else pack})"
    unknown = "" if answer is Answer.YES else "unknown of "
    return f"{ground.words.status(question)}{of}: {unknown}{listed(named).rstrip('.')}."


def _silence(ground: Ground, credits: Sequence[CreditResult]) -> Iterator[str]:
    open = {
        (credit.plant, credit.product, point)
        for credit in credits
        if state_word(credit) != ENDED
        for point in ground.open_points(credit.open, credit.pack)
    }
    if open:
        points = "1 point" if len(open) == 1 else f"{ground.words.count(len(open))} points"
        yield (
            f"The map is silent on {points} of law and fact; they decide no verdict, and are named "
            "with each credit."
        )


def _problems(ground: Ground) -> Iterator[str]:
    counted = sum(f.severity is not Severity.HINT for f in ground.assessment.findings)
    counted -= len(_misfits(ground))
    if counted:
        many = "1 problem" if counted == 1 else f"{ground.words.count(counted)} problems"
        yield f"The map has {many} that may bear on these figures."
