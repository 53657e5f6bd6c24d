"""Files of every kind become sheets; a broken one becomes one sentence, whatever is wrong."""

import io
import struct
import zipfile
from datetime import date

import pytest
from table_files import bare_xlsx, csv_file, ods_bytes, xlsx_bytes, xlsx_file

from depmap_gui.exchange.tables.grid import CellRange, FileKind, TableError, cell_name
from depmap_gui.exchange.tables.reading import pasted_table, read_table_file, table_file

HEAD = ["Supplier", "Country"]
ROWS = [["Näder", "Österreich"], ["Société", "France"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in [HEAD, *ROWS])
    file = csv_file(text, encoding=encoding)
    assert file.delimiter == delimiter
    assert [list(row) for row in file.sheets[0].rows] == [HEAD, *ROWS]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "供应商,国家\n宁德时代新能源科技股份有限公司,中国\n比亚迪股份有限公司,中国\n"),
        (
            "shift_jis",
            "サプライヤー,国\nパナソニックエナジー株式会社,日本\nトヨタバッテリー,日本\n",
        ),
        ("euc_kr", "공급사,국가\n엘지에너지솔루션,대한민국\n삼성에스디아이 주식회사,대한민국\n"),
        ("cp1251", "Поставщик,Страна\nНорильский никель,Россия\nУралкалий,Россия\n"),
        ("cp1250", "Dostawca,Kraj\nŻółty Łabędź Śląsk,Polska\nKrosno Gąsienica,Polska\n"),
    ],
)
def test_legacy_encodings_are_recognized(encoding: str, text: str) -> None:
    file = csv_file(text, encoding=encoding)
    assert file.encoding == encoding
    assert file.sheets[0].rows[1][0] == text.splitlines()[1].split(",")[0]
    assert any("guess" in notice.message for notice in file.notices)


def test_excel_says_the_delimiter_in_the_first_line() -> None:
    file = csv_file('sep=;\nA;B\n"1;2";3\n')
    assert [list(row) for row in file.sheets[0].rows] == [["A", "B"], ["1;2", "3"]]


def test_what_looks_like_a_formula_stays_text() -> None:
    file = xlsx_file([HEAD, ["=cmd|'/c calc'!A0", "@SUM(A1)"], ["+1", "-2"]])
    assert list(file.sheets[0].rows[1]) == ["=cmd|'/c calc'!A0", "@SUM(A1)"]
    assert list(file.sheets[0].rows[2]) == ["+1", "-2"]


def test_cells_keep_their_place_under_empty_rows_and_columns() -> None:
    file = table_file(
        "a.xlsx", bare_xlsx('<row r="3"><c r="C3"><v>7</v></c><c r="D3"><v>8</v></c></row>')
    )
    rows = file.sheets[0].rows
    assert [len(row) for row in rows] == [0, 0, 4]
    assert rows[2][2:] == [7.0, 8.0]
    assert cell_name(2, 3) == "D3"


def test_error_cells_formulas_and_hidden_rows_are_told() -> None:
    sheet = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="e"><f>1/0</f>'
        '<v>#DIV/0!</v></c></row><row r="2" hidden="1"><c r="A2"><v>1</v></c></row>'
    )
    file = table_file("a.xlsx", bare_xlsx(sheet))
    assert file.sheets[0].errors == ((0, 1),)
    assert file.sheets[0].rows[0][1] is None
    told = " ".join(notice.message for notice in file.notices)
    assert "Hidden rows (1)" in told
    assert "Of formulas (1)" in told


def test_dates_of_a_workbook_are_dates() -> None:
    out = io.BytesIO()
    from xlsxwriter import Workbook

    with Workbook(out, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Signed")
        sheet.write_datetime(1, 0, date(2024, 5, 3), book.add_format({"num_format": "yyyy-mm-dd"}))
    file = table_file("a.xlsx", out.getvalue())
    assert file.sheets[0].rows[1][0] == date(2024, 5, 3)
    assert any("1904" in notice.message for notice in file.notices)


def test_the_content_counts_not_the_ending() -> None:
    file = table_file("list.csv", xlsx_bytes({"S": [HEAD, *ROWS]}))
    assert file.kind is FileKind.XLSX
    assert "its name ends in .csv" in file.notices[0].message


def test_pasted_cells_are_a_table() -> None:
    assert [list(r) for r in pasted_table("A\tB\n1\tx, y\n").sheets[0].rows] == [
        ["A", "B"], ["1", "x, y"],
    ]  # fmt: skip


def test_a_million_empty_styled_rows_are_no_table_and_no_burden() -> None:
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 60_000))
    sheet = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        f'<row r="2"><c r="A2"><v>1</v></c></row>{empty}<row r="1048576"><c r="XFD1048576" s="1"/>'
        "</row>"
    )
    assert len(table_file("a.xlsx", bare_xlsx(sheet)).sheets[0].rows) == 2


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="999999"><table:table-cell office:value-type='
    '"string" table:number-columns-repeated="9999"><text:p>X</text:p></table:table-cell>'
    "</table:table-row>"
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def lying_zip() -> bytes:
    """An archive whose directory says less than what comes out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 16_500_000)
    content = bytearray(out.getvalue())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 100)
    return bytes(content)


def bomb() -> bytes:
    """An archive whose directory admits that it unpacks to gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    content = bytearray(out.getvalue())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 3_000_000_000)
    return bytes(content)


def truncated() -> bytes:
    return xlsx_bytes({"S": [HEAD, *ROWS]})[:-400]


def encrypted_office() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "is empty"),
        ("a.xlsx", truncated(), "damaged or cut short"),
        ("a.xlsx", bomb(), "would unpack to far more"),
        ("a.xlsx", lying_zip(), "would unpack to far more"),
        ("a.xlsx", bare_xlsx(FAR), "span 1,048,576 rows by 16,384 columns"),
        ("a.ods", ods_bytes(REPEATED), "span"),
        ("a.xlsx", bare_xlsx("", before_book=BOMB), "declares XML entities"),
        ("a.xlsx", bare_xlsx("", before_sheet=BOMB), "declares XML entities"),
        ("a.xlsx", encrypted_office(), "protected by a password"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000, "cannot be read"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "is XML text"),
        ("a.csv", b'{"a": 1}', "is JSON"),
        ("a.csv", b"%PDF-1.7 ...", "is a PDF document"),
        ("a.csv", bytes(range(256)) * 40, "neither text nor a workbook"),
        ("a.xlsx", zipped("word/document.xml"), "is a Word document"),
        ("a.zip", zipped("list.csv"), "unpack it"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(TableError) as fault:
        table_file(name, content)
    told = str(fault.value)
    assert sentence in told
    assert name in told
    assert "\n" not in told


def test_an_unclosed_quote_does_not_swallow_the_file() -> None:
    text = 'A,B\n"open,1\n' + "x,2\n" * 400_000
    file = csv_file(text)
    assert len(file.sheets[0].rows) == 400_002
    assert "never closes" in " ".join(notice.message for notice in file.notices)


def test_a_missing_file_and_a_folder_are_told(tmp_path) -> None:
    with pytest.raises(TableError, match="There is no file"):
        read_table_file(tmp_path / "none.csv")
    with pytest.raises(TableError, match="is a folder"):
        read_table_file(tmp_path)


def test_ranges_are_read_as_spreadsheets_write_them() -> None:
    found = CellRange.parse("$B$3:AA40")
    assert found == CellRange(2, 1, 39, 26)
    assert str(found) == "B3:AA40"
    with pytest.raises(TableError, match="write it as B3:H40"):
        CellRange.parse("B3")
