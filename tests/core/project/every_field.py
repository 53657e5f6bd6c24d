"""A project in which every field of every kind of record is set to something unusual."""

from datetime import date
from typing import Any

import msgspec

from depmap_gui.domain.fields import Field, FieldType, fields_of
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    Product,
    Scenario,
    ScenarioChange,
    Source,
)
from depmap_gui.domain.views import Frame, Group, Note, Tint, View

UNKNOWN_KEYS = {"color": "röt", "nested": {"extra": [1, {"extra": None}], "id": 2.5}}


def value_of(field: Field) -> Any:
    """Something the field can hold that is not its default."""
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.CREDIT | FieldType.PRODUCT:
            return f'{field.label}: "ü" \\ \n\t 中 = 1'
        case FieldType.QUANTITY:
            return (0.125, 0.25, 1 / 3)
        case FieldType.INTEGER:
            return 2031
        case FieldType.FLAG:
            return True
        case FieldType.DATE:
            return date(2024, 2, 29)
        case FieldType.CHOICE:
            return next(choice for choice in field.choices if choice != field.default)
        case FieldType.WORDS | FieldType.SOURCES | FieldType.LISTS:
            return ("s1", "s2")
        case FieldType.TERMS:
            return {"sourcing": True, "extra": None, "operation": False}
        case FieldType.DECLARED | FieldType.STRUCTURE:
            return {"sfe": "no", "extra": "kept", "source": "s1"}
        case FieldType.PRODUCTS:
            return (msgspec.convert(values_of(Product) | {"id": "x"}, Product),)
        case FieldType.ENTITY:
            return "plant"


def values_of(record: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: value_of(field) for field in fields_of(record)}


def made(record: type[Any], **given: Any) -> Any:
    """A record with every declared field set, and keys that this version does not know."""
    stated = record(**(values_of(record) | given))
    plain = msgspec.convert(msgspec.to_builtins(stated), record)
    return msgspec.structs.replace(plain, extra=UNKNOWN_KEYS)


def every_field() -> Project:
    entities = {kind.value: made(cls, id=kind.value) for kind, cls in ENTITY_CLASSES.items()}
    links = {
        f"l-{kind}": made(cls, id=f"l-{kind}", source="company", target="plant")
        for kind, cls in LINK_CLASSES.items()
    }
    changes = (
        ScenarioChange(set="l-owns", field="share", value=[0.1, 0.2, 0.3]),
        ScenarioChange(add={"id": "n", "kind": "company", "extra": 1.5}, extra=UNKNOWN_KEYS),
        ScenarioChange(remove="material"),
    )
    group = Group(id="g", name="Group", members=("plant",), collapsed=True, extra=UNKNOWN_KEYS)
    view = made(
        View,
        id="v",
        positions={"plant": (1.5, -2.0), "company": (0.0, 1e-7), "extra": (3.0, 4.0)},
        pinned=("plant",),
        groups=(group,),
        hidden=("material", "l-owns"),
        notes=(Note(id="n", text="Ask\nthem", rect=(0, -8.5, 160, 90), extra=UNKNOWN_KEYS),),
        frames=(Frame(id="f", title="Phase 2", rect=(-40.0, 0.5, 640.0, 1e3), tint=Tint.BLUE),),
        bends={"l-owns": ((1.5, 2.0), (-3.0, 4.0)), "l-lends": ((0.0, 0.0),)},
        viewport=(0.0, 0.0, 800.0, 600.5),
    )
    return Project(
        header=made(Header, bought_in=0.25),
        entities=entities,
        links=links,
        sources={"s1": made(Source, id="s1"), "s2": Source(id="s2")},
        scenarios={"sc": made(Scenario, id="sc", changes=changes)},
        views={"v": view},
    )


def unset_fields(project: Project) -> list[str]:
    """Fields that still have their default, as ``record.field``; empty if the name holds."""
    unset = []
    records: list[Any] = [project.header]
    records += [record for section in Section for record in project.section(section).values()]
    seen: set[type] = set()
    for record in records:
        if type(record) in seen:
            continue
        seen.add(type(record))
        for info in msgspec.structs.fields(type(record)):
            default = info.default
            if info.default_factory is not msgspec.NODEFAULT:
                default = info.default_factory()
            if getattr(record, info.name) == default:
                unset.append(f"{type(record).__name__}.{info.name}")
    return unset
