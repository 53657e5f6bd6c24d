"""What a crash leaves is made again, up to the first damaged line."""

import json
import stat
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from every_field import every_field

from depmap_gui.domain.document import ChangeSet, Document
from depmap_gui.domain.edits import Add, Batch, Edit, Place, Remove, SetField, SetHeader, removal
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Product
from depmap_gui.project.file import parse_project, project_bytes, write_project
from depmap_gui.project.journal import (
    Journal,
    RecoveryError,
    discard,
    left_behind,
    recover,
    recovery_folder,
)
from depmap_gui.project.plain_edits import edit_from_plain, edit_to_plain

EXAMPLE = Path(__file__).parent / "small_example.depmap"


def follow(journal: Journal, document: Document) -> Callable[[], None]:
    """Record each edit of the document; the returned function stops that."""

    def on_change(change: ChangeSet) -> None:
        assert change.edit is not None
        journal.record(change.edit, change.revision)

    return document.listen(on_change)


class Crashed:
    """A project that was edited and never saved, and the journal that its crash left."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "map.depmap"
        self.folder = folder / "recovery"
        write_project(parse_project(EXAMPLE.read_bytes()), self.path)
        self.document = Document(parse_project(EXAMPLE.read_bytes()))
        self.journal = Journal(self.document.snapshot(), self.path, self.folder)
        follow(self.journal, self.document)
        self.edit(SetHeader("year", 2030))
        self.edit(Add(Company(id="new", name="Ne\u00fc", extra={"later": 1})))
        self.edit(removal(self.document.snapshot(), ["deal"]))
        # The system lets go of the lock when a program dies; nothing else happens.
        assert self.journal._lines is not None
        self.journal._lines.close()

    def edit(self, edit: Edit) -> None:
        self.document.apply(edit)

    @property
    def file(self) -> Path:
        (file,) = left_behind(self.folder)
        return file


@pytest.fixture
def crashed(tmp_path: Path) -> Crashed:
    return Crashed(tmp_path)


def test_every_edit_is_made_again(crashed: Crashed) -> None:
    recovered = recover(crashed.file)
    assert project_bytes(recovered.project) == project_bytes(crashed.document.snapshot())
    assert (recovered.path, recovered.edits, recovered.lost) == (crashed.path, 3, 0)
    assert not recovered.file_changed
    assert recovered.project.revision == 3


def test_the_folder_is_the_users_alone(crashed: Crashed) -> None:
    assert stat.S_IMODE(crashed.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("cut", [1, 2, 30])
def test_a_torn_last_line_is_dropped(crashed: Crashed, cut: int) -> None:
    crashed.file.write_bytes(crashed.file.read_bytes()[:-cut])
    recovered = recover(crashed.file)
    assert (recovered.edits, recovered.lost) == (2, 1)
    assert recovered.project.header.year == 2030
    assert "new" in recovered.project.entities
    assert "deal" in recovered.project.entities


def test_nothing_after_a_damaged_line_is_made(crashed: Crashed) -> None:
    lines = crashed.file.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b"new", b"odd")
    crashed.file.write_bytes(b"\n".join(lines))
    recovered = recover(crashed.file)
    assert (recovered.edits, recovered.lost) == (1, 2)
    assert "new" not in recovered.project.entities


def test_a_missing_line_ends_the_replay(crashed: Crashed) -> None:
    lines = crashed.file.read_bytes().split(b"\n")
    del lines[1]
    crashed.file.write_bytes(b"\n".join(lines))
    assert (recover(crashed.file).edits, recover(crashed.file).lost) == (0, 2)


def test_a_file_that_changed_since_is_told(crashed: Crashed) -> None:
    write_project(Project(), crashed.path)
    recovered = recover(crashed.file)
    assert recovered.file_changed
    assert recovered.project.header.title == "Small example"


def test_a_journal_of_another_version_is_refused(crashed: Crashed) -> None:
    first, *rest = crashed.file.read_bytes().split(b"\n")
    start = json.loads(first.partition(b" ")[2]) | {"file_version": 99}
    text = json.dumps(start).encode()
    crashed.file.write_bytes(b"\n".join([b"%08x %s" % (zlib.crc32(text), text), *rest]))
    with pytest.raises(RecoveryError, match="another version of DepMap"):
        recover(crashed.file)


def test_damage_to_the_start_or_the_base_is_told(crashed: Crashed) -> None:
    (base,) = crashed.folder.glob("*.base.depmap")
    whole = base.read_bytes()
    base.write_bytes(whole[:-5])
    with pytest.raises(RecoveryError, match="made on is damaged"):
        recover(crashed.file)
    base.write_bytes(whole)
    crashed.file.write_bytes(b"")
    with pytest.raises(RecoveryError, match="their file is damaged"):
        recover(crashed.file)
    base.unlink()
    with pytest.raises(RecoveryError, match="cannot be read"):
        recover(crashed.file)


def test_discarding_leaves_nothing(crashed: Crashed) -> None:
    discard(crashed.file)
    assert list(crashed.folder.iterdir()) == []
    assert left_behind(crashed.folder) == ()


def test_nothing_is_written_before_the_first_edit_nor_left_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    document = Document()
    journal = Journal(document.snapshot(), None, folder)
    follow(journal, document)
    assert not folder.exists()
    document.apply(SetHeader("title", "First"))
    assert len(list(folder.iterdir())) == 2
    journal.close()
    assert list(folder.iterdir()) == []


def test_a_journal_in_use_was_not_left_behind(tmp_path: Path) -> None:
    journal = Journal(Project(), None, tmp_path)
    journal.record(SetHeader("year", 2031), 1)
    assert left_behind(tmp_path) == ()
    journal.close()


def test_edits_after_a_save_follow_its_revision(tmp_path: Path) -> None:
    document = Document()
    journal = Journal(document.snapshot(), None, tmp_path)
    stop = follow(journal, document)
    document.apply(SetHeader("title", "Saved"))
    stop()
    journal.close()
    follow(journal := Journal(document.snapshot(), None, tmp_path), document)
    document.apply(SetHeader("year", 2031))
    assert journal._lines is not None
    journal._lines.close()
    recovered = recover(left_behind(tmp_path)[0])
    assert (recovered.edits, recovered.lost, recovered.path) == (1, 0, None)
    assert recovered.project.header.title == "Saved"
    assert recovered.project.revision == 2


def test_a_journal_that_cannot_be_written_keeps_out_of_the_way(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    document = Document()
    journal = Journal(document.snapshot(), None, tmp_path / "taken")
    follow(journal, document)
    document.apply(SetHeader("year", 2031))
    document.apply(SetHeader("year", 2032))
    assert document.snapshot().header.year == 2032
    assert journal.fault is not None
    assert "not protected against a crash" in journal.fault


def test_every_edit_survives_being_plain() -> None:
    project = every_field()
    records = [record for section in Section for record in project.section(section).values()]
    edits: list[Edit] = [Add(record, rank) for rank, record in enumerate(records)]
    edits += [Add(record) for record in records]
    edits += [
        Remove(Section.LINKS, "l", leave_links=True),
        SetHeader("packs", ["a", "b"]),
        Place("v", {"plant": (0.0, 0.5), "company": None}),
    ]
    batch = Batch("All", (Batch("Inner", tuple(edits)), *edits))
    again = edit_from_plain(json.loads(json.dumps(edit_to_plain(batch))))
    assert json.dumps(edit_to_plain(again)) == json.dumps(edit_to_plain(batch))
    assert isinstance(again, Batch)
    assert again.edits[1:] == batch.edits[1:]


def test_a_set_field_with_records_in_it_is_made_again(crashed: Crashed) -> None:
    products = (Product(id="x", units=(1.0, 2.0, 3.0), extra={"later": True}),)
    edit = SetField(Section.ENTITIES, "works", "products", products)
    document = Document(parse_project(EXAMPLE.read_bytes()))
    document.apply(edit_from_plain(json.loads(json.dumps(edit_to_plain(edit)))))
    assert document.snapshot().entities["works"].products == products


def test_the_recovery_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert recovery_folder() == tmp_path / "depmap" / "recovery"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert recovery_folder() == Path.home() / ".local" / "state" / "depmap" / "recovery"
