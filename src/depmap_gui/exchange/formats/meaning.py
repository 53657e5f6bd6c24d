"""What the words of a graph say: which kind of item a node is, and which kind of link an edge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from depmap_gui.domain.kinds import EntityKind, LegalForm, LinkKind
from depmap_gui.exchange.tables.words import folded, head_words

NODE_KIND_HEADS = (
    "kind", "schema", "entity type", "node type", "type", "category", "class", "label v",
    "labels", "node kind",
)  # fmt: skip
"""Heads under which graphs say what a node is, the plainest first."""

EDGE_KIND_HEADS = (
    "kind", "relationship", "relation", "relationship type", "edge type", "link type", "type",
    "label e", "interaction", "label", "name", "category", "edge label", "description",
)  # fmt: skip

COUNTRY_HEADS: Mapping[str, str] = {
    "country": "", "country code": "", "jurisdiction": "", "country of incorporation": "",
    "incorporated": "", "incorporated in": "", "nation": "", "nationality": "citizen",
    "citizenship": "citizen", "residence": "resident", "headquarters": "principal",
    "country of origin": "", "origin": "", "hq country": "principal",
}  # fmt: skip
"""Heads that name a node's country; empty: the usual role for its kind."""

_KINDS: dict[EntityKind, tuple[str, ...]] = {
    EntityKind.PLANT: (
        "plant", "factory", "site", "facility", "mine", "refinery", "smelter", "works", "mill",
        "manufacturing site", "production site", "gigafactory",
    ),
    EntityKind.COMPANY: (
        "company", "companies", "organization", "organisation", "corporation", "corporate",
        "firm", "supplier", "legal entity", "business", "enterprise", "vendor", "customer",
        "manufacturer", "entity", "registered entity", "shareholder", "owner", "investor", "bank",
    ),
    EntityKind.JURISDICTION: ("jurisdiction", "country", "nation", "countries"),
    EntityKind.MATERIAL: (
        "material", "raw material", "commodity", "mineral", "critical mineral", "metal",
    ),
    EntityKind.LICENSE: (
        "license", "licence", "license agreement", "licence agreement", "agreement", "contract",
        "patent license",
    ),
}  # fmt: skip
_FORMS: dict[LegalForm, tuple[str, ...]] = {
    LegalForm.PERSON: ("person", "individual", "people", "natural person", "human", "director"),
    LegalForm.GOVERNMENT: (
        "government", "state", "state body", "public body", "authority", "ministry", "agency",
        "government body", "state agency",
    ),
    LegalForm.PARTNERSHIP: ("partnership",),
    LegalForm.TRUST: ("trust",),
}  # fmt: skip

_FORWARD: dict[LinkKind, str] = {
    LinkKind.OWNS: "owns|own|owner|owner of|ownership|shareholder|shareholder of|shareholding|"
    "share|shares|holds|holding|stake|stake in|equity|equity in|parent|parent of|"
    "parent company of|invests in|invested in|investor in|controls|has shares in|"
    "is parent of|subsidiary|has subsidiary|owns shares in",
    LinkKind.SUPPLIES: "supplies|supply|supplier|supplier of|supplies to|sells to|sells|delivers|"
    "delivers to|provides|ships to|exports to|feeds|input to|material flow|supplier to",
    LinkKind.LENDS: "lends|lends to|loan|lender|lender to|creditor|creditor of|debt|finances|"
    "loan to",
    LinkKind.OPERATES: "operates|operator|operator of|runs|operated|operates site",
    LinkKind.LICENSES: "licenses|license|licence|licences|licensor|licensor of|licenses to|"
    "licensing|grants license|license agreement",
    LinkKind.USES: "uses|licensee|used by|sublicense",
    LinkKind.LOCATED: "location of|home of|located",
}
_BACKWARD: dict[LinkKind, str] = {
    LinkKind.OWNS: "owned by|is owned by|subsidiary of|is subsidiary of|is held by|held by|"
    "controlled by|has owner|has shareholder|has parent|child of",
    LinkKind.SUPPLIES: "supplied by|buys from|buys|purchases from|sourced from|sources from|"
    "customer|customer of|depends on|imports from|procures from|receives from|requires",
    LinkKind.LENDS: "borrows from|borrower|debtor|debt to|owes|financed by",
    LinkKind.OPERATES: "operated by|run by|has operator",
    LinkKind.LICENSES: "licensed by|licensed from|licenses from",
    LinkKind.USES: "uses license",
    LinkKind.LOCATED: "located in|based in|incorporated in|registered in|country|in country|"
    "headquartered in|citizen of|resident of|has country|domiciled in|jurisdiction",
}
_STEMS: tuple[tuple[str, LinkKind], ...] = (
    ("licen", LinkKind.LICENSES),
    ("sharehold", LinkKind.OWNS),
    ("ownership", LinkKind.OWNS),
    ("suppl", LinkKind.SUPPLIES),
)
"""Beginnings that settle a longer phrase, such as 'license (royalty 3 %)'."""

PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s*(?:%|per ?cent\b|pct\b)", re.IGNORECASE)
_RANGE = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*%?\s*(?:-|–|to)\s*(\d{1,3}(?:[.,]\d+)?)\s*%", re.IGNORECASE
)
_ONLY_PERCENT = re.compile(r"^[\s~≈<>=]*\d{1,3}(?:[.,]\d+)?\s*%\s*$")


def by_head(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes that hold something, by their folded heads."""
    return {head_words(head): text for head, text in attributes.items() if text.strip()}


@lru_cache(maxsize=4096)
def node_kind(word: str) -> tuple[EntityKind, LegalForm] | None:
    """The kind and form that a node's type names, or None."""
    plain = folded(word)
    for kind, words in _KINDS.items():
        if plain in words:
            return kind, LegalForm.CORPORATION
    for form, words in _FORMS.items():
        if plain in words:
            return EntityKind.COMPANY, form
    return None


@lru_cache(maxsize=4096)
def edge_kind(phrase: str) -> tuple[LinkKind, bool] | None:
    """The kind of link that a phrase names, and whether it reads against the arrow; or None."""
    plain = head_words(PERCENT.sub(" ", phrase))
    plain = " ".join(word for word in plain.split() if word not in ("%", "is", "a", "the", "an"))
    if not plain:
        return None
    for table, is_reversed in ((_FORWARD, False), (_BACKWARD, True)):
        for kind, words in table.items():
            if plain in words.split("|"):
                return kind, is_reversed
    for stem, kind in _STEMS:
        if plain.startswith(stem):
            return kind, False
    return None


def is_percentage(label: str) -> bool:
    """Whether a label is nothing but a percentage, as ownership charts write holdings."""
    return _ONLY_PERCENT.match(label) is not None or _RANGE.fullmatch(label.strip()) is not None


def percent_in(text: str) -> float | tuple[float, float, float] | None:
    """The share that a text states in percent, in 0..1, or None where it states none."""
    found = _RANGE.search(text)
    if found:
        low, high = sorted(_fraction(part) for part in found.groups())
        return (low, (low + high) / 2, high) if high <= 1 else None
    every = PERCENT.findall(text)
    if len(every) != 1:
        return None
    share = _fraction(every[0])
    return share if share <= 1 else None


def _fraction(text: str) -> float:
    # Twelve places undo what the division by 100 adds: 51.1 % is 0.511.
    return round(float(text.replace(",", ".")) / 100, 12)
