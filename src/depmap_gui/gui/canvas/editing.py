"""What the canvas does to the map, always through the editor: add, move, link, name, remove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRect, Signal
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from depmap_gui.domain.edits import Add, Batch, Edit, Place, SetField, new_id, removal
from depmap_gui.domain.fields import Field
from depmap_gui.domain.kinds import EntityKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import ENTITY_CLASSES, Jurisdiction
from depmap_gui.domain.views import Bends, Note, Point, Rect
from depmap_gui.gui.box_edits import with_bends, with_rects, without_boxes
from depmap_gui.gui.canvas.acts import NOTHING, Act, Move
from depmap_gui.gui.canvas.boxes import called
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.cards import figure
from depmap_gui.gui.canvas.chosen import Chosen, chosen_of
from depmap_gui.gui.canvas.frames import frames
from depmap_gui.gui.canvas.group_edits import renamed
from depmap_gui.gui.canvas.inline import LineEditor, NewItemEditor, TargetPicker, TextEditor
from depmap_gui.gui.canvas.labels import label_middle
from depmap_gui.gui.canvas.linking import Offer, figure_field, new_first, new_link, offers, sentence
from depmap_gui.gui.canvas.naming import code_of, renaming
from depmap_gui.gui.canvas.painter import LeftOut
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.numbers import quantity_to_edit
from depmap_gui.gui.numbers_typed import NotUnderstood, read_quantity
from depmap_gui.gui.theme import Theme


class MapEditing(QWidget):
    """The part of the canvas that changes the map. The editor is its only way to do so."""

    inspect_requested = Signal()
    told = Signal(str)

    scene: Scene

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.theme = theme
        self.camera = Camera()
        self.without: LeftOut | None = None
        self.guides: list[tuple[float, float, float, float]] = []
        self.lit: frozenset[str] = frozenset()
        self.act: Act | None = None
        self.hovered: str | None = None
        self.open_editor: QWidget | None = None
        # The selection is kept with its state: another tuple cannot come to have its id.
        self._chosen: tuple[tuple[object, ...], tuple[str, ...], Chosen] | None = None
        self._begun: tuple[str, int] | None = None
        self.link_menu: QMenu | None = None

    def extent(self) -> tuple[float, float]:
        """Width and height of the widget, in pixels."""
        return float(self.width()), float(self.height())

    def look(self, camera: Camera) -> None:
        """Show another part of the map."""
        raise NotImplementedError

    # The selection -------------------------------------------------------------------------

    def select(self, ids: Iterable[str]) -> None:
        """Make these the selection; what stands for several stands for all of them."""
        self.editor.select(real for id in ids for real in self.scene.fold.meant(id))

    def chosen(self) -> Chosen:
        """The selection as it is seen, looked up once: every frame asks, and all may be chosen."""
        editor, scene = self.editor, self.scene
        state = (id(editor.selection), editor.boxes, scene.serial, scene.revision)
        if self._chosen is None or self._chosen[0] != state:
            found = chosen_of(scene, editor.selection, editor.boxes)
            self._chosen = (state, editor.selection, found)
        return self._chosen[2]

    def selected(self) -> tuple[str, ...]:
        """The selection as it is seen: items and links, or what stands in their place; boxes."""
        return self.chosen().ids

    def selected_items(self) -> list[str]:
        """The selected items that are on this view."""
        return list(self.chosen().items)

    def selected_boxes(self) -> list[str]:
        """The selected notes and frames that are shown."""
        return [id for id in self.editor.boxes if id in self.scene.box_index]

    def shown_project(self) -> Project:
        """The map as it is shown: with one item in the place of each collapsed group."""
        return self.scene.project

    def select_all(self) -> None:
        """Select every item and link on the view, every note and frame."""
        self.select([*self.scene.ids, *self.scene.link_index, *self.scene.box_index])

    def inspect(self) -> None:
        """Go to the selection's properties."""
        if self.editor.selection:
            self.inspect_requested.emit()
        elif self.editor.boxes:
            self.rename_selected()

    def words_for(self, id: str) -> str:
        """An item or link in words: name, kind, coloring and status; the words on a box."""
        scene = self.scene
        if id in scene.box_index:
            box = scene.boxes[scene.box_index[id]]
            return f"{'Note' if isinstance(box, Note) else 'Frame'}: {box.words or 'empty'}"
        if id in scene.link_index:
            row = scene.link_index[id]
            link = scene.links[row]
            words = sentence(scene.project, Offer(link.kind, link.source, link.target))
            label = scene.label(row)
            return f"{words} ({label})" if label and label not in words else words
        if id not in scene.index:
            return self.editor.project.name(id)
        row = scene.index[id]
        inner = scene.fold.inner.get(id, ())
        what = f"group of {len(inner)}" if inner else scene.entities[row].kind
        parts = [f"{scene.name(row)}, {what}", scene.context(row)]
        if scene.low[row] == scene.low[row]:  # not NaN
            parts.append(f"exposure {figure(float(scene.low[row]), float(scene.high[row]))}")
            if inner:
                parts[-1] += ": the range over its plants, or over its items where it has none"
        if id in scene.badges:
            parts.append(scene.badges[id].word)
        if row in scene.pinned:
            parts.append("pinned")
        return "; ".join(part for part in parts if part)

    # Moving --------------------------------------------------------------------------------

    def store_positions(
        self,
        positions: Mapping[str, Point],
        rects: Mapping[str, Rect] = NOTHING,
        bends: Mapping[str, Bends] = NOTHING,
    ) -> None:
        """Move items, notes, frames and bends on the view, as one step of the history."""
        view = self.editor.view
        frames = [frame for frame in view.frames if frame.id in rects]
        names = [self.scene.project.name(id) for id in positions]
        names += [called(box) for box in view.boxes if box.id in rects]
        label = f"Move {names[0]}" if len(names) == 1 else f"Move {len(names)} items"
        if len(names) > 1 and len(frames) == 1:
            label = f"Move {called(frames[0])} and what stands on it"
        edits = [*self._placing(positions), *with_rects(view, rects), *with_bends(view, bends)]
        self.editor.apply(Batch(label, tuple(edits)), label)

    def places(self) -> dict[str, Point]:
        """The centers of all items on the view."""
        return dict(self.scene.positions(self.scene.ids))

    def pointed_at(self) -> Point:
        """The place under the pointer, or the middle of what is in sight."""
        at = self.mapFromGlobal(QCursor.pos())
        if not self.underMouse() or not self.rect().contains(at):
            at = self.rect().center()
        return self.camera.to_map(at.x(), at.y())

    def nudge(self, right: float, down: float) -> None:
        """Move the selected items, notes and frames a little."""
        chosen = [*self.selected_items(), *self.selected_boxes()]
        if chosen:
            self.places()
            Move(self, chosen, chosen[0]).shift(right, down)

    def _placing(self, positions: Mapping[str, Point]) -> list[Edit]:
        """The edits that store positions; those that were only assumed so far are stored too."""
        view = self.editor.view
        edits: list[Edit] = []
        if view.id not in self.editor.project.views:
            edits.append(Add(view))
        assumed = [id for id in self.scene.ids if id not in view.positions]
        if placed := {**self.scene.positions(assumed), **positions}:
            edits.append(Place(view.id, placed))
        return edits

    # Adding, naming, removing --------------------------------------------------------------

    def add_item(self, kind: EntityKind, at: Point) -> None:
        """Put a new item on the map and let its name be typed on the card."""
        self._add(kind, f"New {kind}", at)
        if self.editor.selection:
            id = self.editor.selection[0]
            self.type_name(id)
            self.begin_with(id)

    def _add(self, kind: EntityKind, name: str, at: Point) -> None:
        project = self.editor.project
        entity = ENTITY_CLASSES[kind](id=new_id(project, kind), name=name)
        if isinstance(entity, Jurisdiction):
            entity = msgspec.structs.replace(entity, code=code_of(project, name))
        edits: list[Edit] = [
            Add(entity),
            *self._placing({entity.id: (round(at[0], 1), round(at[1], 1))}),
        ]
        label = f"Add {kind} {name}"
        if self.editor.apply(Batch(label, tuple(edits)), label):
            self.select((entity.id,))

    def begin_with(self, id: str) -> None:
        """What was just added is being named: that will be one step with adding it."""
        self._begun = (id, self.editor.history.index())

    def completes(self, id: str) -> bool:
        """Whether naming this is part of adding it."""
        return self._begun == (id, self.editor.history.index())

    def open_new_item(self, point: QPointF) -> None:
        """Let a name be typed where there is nothing yet."""
        self.clear_desk()
        at = self.camera.to_map(point.x(), point.y())
        panel = NewItemEditor(self.theme, EntityKind.COMPANY, self)
        panel.chosen.connect(lambda name, kind: self._add(kind, name, at))
        panel.closed.connect(self._on_editor_closed)
        self.open_editor = panel
        panel.open_at(round(point.x()), round(point.y()))

    def rename_selected(self) -> None:
        """Type another name on the one selected card, or a figure on the one selected link."""
        chosen = self.selected()
        if len(chosen) == 1 and chosen[0] in self.scene.link_index:
            self.edit_label(chosen[0])
        elif len(chosen) == 1:
            self.type_name(chosen[0])

    def type_name(self, id: str) -> None:
        """Type another name on a card."""
        if id in self.scene.fold.inner:
            self.name_group(id)
            return
        if id not in self.scene.index:
            return
        self.clear_desk()
        before = self.editor.project.entities[id].name
        line = LineEditor(before, f"Name of {before or id}", self._name_rect(id), self)
        line.committed.connect(partial(self._take_name, id, before))
        line.closed.connect(self._on_editor_closed)
        self.open_editor = line

    def name_group(self, id: str) -> None:
        """Type the name of a group, on its frame's title or on its card."""
        group = next((group for group in self.editor.view.groups if group.id == id), None)
        rect = self._name_rect(id) if id in self.scene.index else self._title_rect(id)
        if group is None or rect is None:
            return
        self.clear_desk()
        line = LineEditor(group.name, f"Name of the group {group.name}".rstrip(), rect, self)
        line.committed.connect(partial(self._take_group_name, id, group.name))
        line.closed.connect(self._on_editor_closed)
        self.open_editor = line

    def _take_group_name(self, id: str, before: str, name: str) -> None:
        view = self.editor.view
        if name and name != before and any(group.id == id for group in view.groups):
            is_new = self.completes(id)
            label = f"Group {name}" if is_new else f"Rename {before or 'a group'} to {name}"
            self.editor.apply(renamed(view, id, name), label, completes=is_new)

    def _title_rect(self, id: str) -> QRect | None:
        frame = next((frame for frame in frames(self.scene) if frame.id == id), None)
        if frame is None:
            return None
        left, top, right, _ = frame.title_rect(self.camera.zoom)
        x, y = self.camera.to_widget((left, top))
        width = min(260, max(150, round((right - left) * self.camera.zoom)))
        return QRect(max(4, round(x)), max(4, round(y)), width, 30)

    def _take_name(self, id: str, before: str, name: str) -> None:
        if name and name != before and id in self.editor.project.entities:
            is_new, project = self.completes(id), self.editor.project
            label = f"Add {project.entities[id].kind} {name}" if is_new else ""
            self.editor.apply(renaming(project, id, name), label, completes=is_new)

    def edit_label(self, id: str) -> None:
        """Type the figure that a link shows: its share, or what the supply costs."""
        link = self.editor.project.links.get(id)
        field = figure_field(link) if link is not None else None
        if link is None or field is None or id not in self.scene.link_index:
            self.inspect()
            return
        self.clear_desk()
        middle = label_middle(self.scene, self.scene.link_index[id])
        x, y = self.camera.to_widget((middle.x(), middle.y()))
        rect = QRect(round(x) - 75, round(y) - 15, 150, 30)
        shown = quantity_to_edit(getattr(link, field.name), field.unit)
        line = LineEditor(shown, f"{field.label}: {field.help}", rect, self)
        line.setPlaceholderText(field.label)
        line.committed.connect(partial(self._take_figure, id, field, shown))
        line.closed.connect(self._on_editor_closed)
        self.open_editor = line

    def _take_figure(self, id: str, field: Field, shown: str, text: str) -> None:
        project = self.editor.project
        if text == shown or id not in project.links:
            return
        try:
            value = read_quantity(text, field.unit, project.header.currency)
        except NotUnderstood as fault:
            self.told.emit(str(fault))
            return
        label = f"{field.label} of {project.name(id)}"
        self.editor.apply(SetField(Section.LINKS, id, field.name, value), label)

    def _name_rect(self, id: str) -> QRect:
        center = self.scene.centers[self.scene.index[id]]
        left, top = self.camera.to_widget((center[0] - HALF[0], center[1] - HALF[1]))
        zoom = self.camera.zoom
        width = max(150.0, CARD_WIDTH * zoom)
        height = 30.0
        return QRect(
            round(left),
            round(top + max(0.0, (CARD_HEIGHT * zoom - height) / 2)),
            round(width),
            round(height),
        )

    def remove_selected(self) -> None:
        """Take the selection off the map, with the links that hang on it."""
        editor = self.editor
        if not editor.boxes:
            editor.remove(editor.selection)
            return
        view, boxes = editor.view, set(editor.boxes)
        drawn = [called(box) for box in view.boxes if box.id in boxes]
        edits = without_boxes(view, boxes)
        label = f"Delete {drawn[0]}"
        if editor.selection:
            removed = removal(editor.project, editor.selection)
            edits = [*edits, *removed.edits]
            label = f"{removed.label} and {len(drawn)} notes or frames"
        elif len(drawn) > 1:
            label = f"Delete {len(drawn)} notes or frames"
        editor.apply(Batch(label, tuple(edits)), label)

    def keep_editor(self) -> None:
        """Close what is open for typing as if one had gone elsewhere."""
        if isinstance(self.open_editor, LineEditor | TextEditor):
            self.open_editor.close_with(keep=True)
        else:
            self.close_editor()

    def clear_desk(self) -> None:
        """Close what is open for typing, and arrive where the view is flying to: what opens next
        stands on a map that stays."""
        self.close_editor()
        self.land()

    def land(self) -> None:
        """Show at once what the view is flying to."""

    def close_editor(self) -> None:
        """Close what is open for typing, keeping nothing half done."""
        panel, self.open_editor = self.open_editor, None
        if isinstance(panel, LineEditor | TextEditor):
            panel.close_with(keep=False)
        elif isinstance(panel, NewItemEditor | TargetPicker):
            panel.finish()

    def _on_editor_closed(self) -> None:
        self.open_editor = self._begun = None

    # Linking -------------------------------------------------------------------------------

    def offer_link(self, source: str, target: str, at: QPointF) -> None:
        """Draw the one link that fits, or ask which of several."""
        project = self.editor.project
        if not {source, target} <= project.entities.keys():
            self.told.emit("A link joins single items: expand the group first (G).")
            return
        found = new_first(project, offers(project, source, target))
        if not found:
            names = f"{project.name(source)} and {project.name(target)}"
            self.told.emit(f"No kind of link may join {names}.")
        elif len(found) == 1:
            self._draw(found[0])
        else:
            self._ask_kind(found, at)

    def _draw(self, offer: Offer) -> None:
        self.editor.connect_items(new_link(self.editor.project, offer))

    def _ask_kind(self, found: list[Offer], at: QPointF) -> None:
        menu = QMenu(self)
        menu.setAccessibleName("Kind of link")
        for number, offer in enumerate(found, start=1):
            action = QAction(f"&{number}  {sentence(self.editor.project, offer)}", menu)
            action.setData(offer.kind.value)
            action.triggered.connect(partial(self._draw_checked, offer))
            menu.addAction(action)
        menu.setActiveAction(menu.actions()[0])
        menu.aboutToHide.connect(menu.deleteLater)
        self.link_menu = menu
        menu.destroyed.connect(self._forget_menu)
        menu.popup(self.mapToGlobal(QPoint(round(at.x()), round(at.y()))))

    def _draw_checked(self, offer: Offer, _checked: bool = False) -> None:
        self._draw(offer)

    def _forget_menu(self) -> None:
        self.link_menu = None

    def connect_selected(self) -> None:
        """Link the selected item to one chosen from a list, or two selected items to each other."""
        chosen = self.selected_items()
        if len(chosen) == 2:
            self.offer_link(chosen[0], chosen[1], self.point_of(chosen[1]))
        elif len(chosen) == 1:
            self.pick_target(chosen[0])
        else:
            self.told.emit("Select the item to link from, then choose the other end.")

    def pick_target(self, source: str) -> None:
        """Choose the other end of a link from a list, by typing."""
        if source not in self.editor.project.entities:
            self.offer_link(source, source, self.point_of(source))
            return
        self.clear_desk()
        project = self.editor.project
        fitting = [
            (id, project.name(id), entity.kind)
            for id, entity in project.entities.items()
            if offers(project, source, id)
        ]
        panel = TargetPicker(self.theme, f"Link {project.name(source)} with", fitting, self)
        at = self.point_of(source)
        panel.chosen.connect(lambda target: self.offer_link(source, target, at))
        panel.closed.connect(self._on_editor_closed)
        self.open_editor = panel
        panel.open_at(round(at.x()), round(at.y()))

    def point_of(self, id: str) -> QPointF:
        """The pixel of the widget in the middle of a card."""
        center = self.scene.centers[self.scene.index[id]]
        x, y = self.camera.to_widget((float(center[0]), float(center[1])))
        return QPointF(x, y)
