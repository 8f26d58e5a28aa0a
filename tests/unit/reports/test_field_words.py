"""Paper and text speak the words of the field; documents keep the codes."""

import re

import pytest

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.base.wording import REGIMES
from workstation.reports.dossier.blocks import Bullets, Chart, Facts, Figures, Grid, Prose
from workstation.reports.dossier.explain_report import explain_report
from workstation.reports.dossier.memo import memo
from workstation.reports.review_documents import review_document
from workstation.reports.summary import summary_text
from workstation.results.tables import all_tables
from workstation.workspace.session import Session, sample_books

CODES = {code for kind in (AccountType, AssetClass, UnderlyingClass) for code in map(str, kind)
         if "_" in code} | {code for code in REGIMES if "-" in code}
CODE = re.compile(rf"(?<![\w-])({'|'.join(sorted(CODES, key=len, reverse=True))})(?![\w-])")


def texts(block):
    match block:
        case Prose(text=text):
            yield text
        case Bullets(items=items):
            yield from items
        case Facts(pairs=pairs):
            yield from (said for pair in pairs for said in pair)
        case Figures(items=items):
            yield from (f"{item.label} {item.value} {item.below}" for item in items)
        case Chart(title=title, picture=picture):
            yield title
            yield from (getattr(shape, "text", "") for shape in picture.shapes)
        case Grid(title=title, note=note, fields=fields, rows=rows):
            yield from (title, note, *(field.heading for field in fields))
            yield from (cell.text for row in rows for cell in row)


@pytest.fixture(scope="module", params=sample_books(), ids=lambda path: path.stem)
def session(request):
    session = Session.from_file(request.param)
    session.settled()
    return session


def test_no_code_is_printed(session):
    for report in (memo(session.pack()), explain_report(session.pack())):
        met = {found for section in report.sections for block in section.blocks
               for text in texts(block) for found in CODE.findall(text)}
        assert not met, report.kind
    assert not CODE.findall(summary_text(session.run))


def test_no_code_is_shown_in_a_table(session):
    for table in all_tables(session.run):
        met = {found for row in range(len(table.rows)) for place in range(len(table.columns))
               for found in CODE.findall(table.text(row, place))}
        assert not met, table.name


def test_documents_keep_the_codes(session):
    document = review_document(session.run)
    assert CODE.search(str(document["silos"])) or "span" in str(document["silos"])
