"""The editor of a plant's products: a form for each, to add, fill in and remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from depmap_gui.domain.edits import Edit, SetField
from depmap_gui.domain.fields import Field, FieldType
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Plant, Product, Supplies
from depmap_gui.gui.panels.field_editors import FieldEditor, LongTextEditor, TypedEditor
from depmap_gui.gui.panels.field_editors_choice import (
    CreditPicker,
    DateEditor,
    FlagEditor,
    PickEditor,
)
from depmap_gui.gui.panels.field_editors_quantity import QuantityEditor
from depmap_gui.gui.panels.field_words import edit_label, new_product
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.inspector_form import RecordForm
from depmap_gui.gui.panels.parts import Card, clear, icon_button, label, link_button
from depmap_gui.gui.theme import Theme

PRODUCT_EDITORS: Mapping[FieldType, type[FieldEditor]] = {
    FieldType.TEXT: TypedEditor,
    FieldType.LONG_TEXT: LongTextEditor,
    FieldType.QUANTITY: QuantityEditor,
    FieldType.DATE: DateEditor,
    FieldType.INTEGER: TypedEditor,
    FieldType.CREDIT: CreditPicker,
    FieldType.CHOICE: PickEditor,
    FieldType.FLAG: FlagEditor,
}
Products = tuple[Product, ...]


class ProductCard(Card):
    """One product with all its fields."""

    def __init__(
        self, product: Product, desk: Desk, commit: Callable[..., str], remove: Callable[[], object]
    ) -> None:
        super().__init__()
        self.heading = label(product.name or product.id, "section")
        self.top.addWidget(self.heading, 1)
        self.remove_button = icon_button("trash", desk.theme, "Remove product", remove)
        self.top.addWidget(self.remove_button)
        self.column.addLayout(self.top)
        self.form = RecordForm((Product,), desk, PRODUCT_EDITORS, commit)
        self.column.addWidget(self.form)
        self.show_product(product)

    def show_product(self, product: Product) -> None:
        """Show the product as it is now."""
        name = product.name or product.id
        self.heading.setText(name)
        self.remove_button.setToolTip(f"Remove product {name}")
        self.remove_button.setAccessibleName(f"Remove product {name}")
        self.form.show_records((product,))


class ProductsEditor(FieldEditor):
    """The products of one plant. With several plants selected it says to select one."""

    is_wide = True

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.cards: list[ProductCard] = []
        holder = QWidget(self)
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        self.hold(holder, named=False)
        self._several = label("Select a single plant to edit its products.", "muted")
        self._column.addWidget(self._several)
        self.add_button = link_button("Add product", self.add, "Add product")
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add_button)

    @property
    def products(self) -> Products:
        """The products of the one plant that is shown; none where several are."""
        return self.values[0] if len(self.values) == 1 else ()

    def refresh(self) -> None:
        """Show a card for each product; cards stay while their number does."""
        products = self.products
        self._several.setVisible(len(self.values) > 1)
        self.add_button.setVisible(len(self.values) == 1)
        if len(self.cards) != len(products):
            clear(self._list)
            self.cards = [self._card(at, product) for at, product in enumerate(products)]
            for card in self.cards:
                self._list.addWidget(card)
        for card, product in zip(self.cards, products, strict=True):
            card.show_product(product)

    def _card(self, at: int, product: Product) -> ProductCard:
        def commit(field: Field, _records: Sequence[Any], change: Change) -> str:
            return self._set(at, field, change)

        return ProductCard(product, self.desk, commit, lambda: self.remove(at))

    def abandon(self) -> None:
        """Give up what was typed into any card."""
        self.show_fault("")
        for card in self.cards:
            for editor in card.form.editors.values():
                editor.abandon()

    def flush(self) -> bool:
        """Commit what was typed into any card."""
        faults = [fault for card in self.cards for fault in card.form.flush()]
        self.show_fault(" ".join(faults))
        return not faults

    def set_theme(self, theme: Theme) -> None:
        """Dress the cards."""
        for card in self.cards:
            card.form.set_theme(theme)

    def add(self) -> None:
        """One product more, to be filled in."""
        product = new_product(self.products)
        words = f"Add {product.name} to {self.records[0].name}"
        self.commit(Change(lambda old: (*old, product), label=words))
        if self.cards:
            # As if one had come by Tab: what is typed takes the place of the name lent to it.
            name = self.cards[-1].form.editors["name"]
            name.setFocus(Qt.FocusReason.TabFocusReason)

    def remove(self, at: int) -> None:
        """Take a product out; supplies that went into it go into every product again."""
        gone = self.products[at]
        words = f"Remove {gone.name or gone.id} of {self.records[0].name}"
        kept = tuple(product for i, product in enumerate(self.products) if i != at)
        self.commit(Change(lambda _old: kept, label=words, also=self._renamed(gone.id, None)))

    def _set(self, at: int, field: Field, change: Change) -> str:
        """Change one field of one product."""
        product = self.products[at]
        value = change.of(getattr(product, field.name))
        also: tuple[Edit, ...] = ()
        if field.name == "id":
            if not value or any(other.id == value for other in self.products):
                return "Each product of a plant needs an id of its own."
            also = self._renamed(product.id, value)
        changed = msgspec.structs.replace(product, **{field.name: value})
        words = change.label or edit_label(field, value, self.desk.names, (product,))

        def with_change(old: Products) -> Products:
            return tuple(changed if i == at else kept for i, kept in enumerate(old))

        self.commit(Change(with_change, label=words, also=also))
        return ""

    def _renamed(self, id: str, new: str | None) -> tuple[Edit, ...]:
        """The edits that let supplies follow a product to its new id, or to none."""
        plant = self.records[0]
        if not isinstance(plant, Plant):
            return ()
        return tuple(
            SetField(Section.LINKS, link.id, "product", new)
            for link in self.desk.editor.project.links.values()
            if isinstance(link, Supplies) and link.target == plant.id and link.product == id
        )
