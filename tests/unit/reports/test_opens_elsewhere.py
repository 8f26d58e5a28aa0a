"""The workbook opens in another program, which finds every value as it was written."""

import shutil
import subprocess

import pytest

from workstation.reports.workbook import workbook_bytes
from workstation.workspace.session import Session, sample_books

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PATIENCE = 120


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_workbook_without_complaint(tmp_path):
    import openpyxl

    session = Session.from_file(next(p for p in sample_books() if "meridian" in p.stem))
    session.settled()
    written = tmp_path / "review.xlsx"
    written.write_bytes(workbook_bytes(session.pack()))
    done = subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(written)],
        capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "Error" not in done.stdout + done.stderr
    ours = openpyxl.load_workbook(written)
    theirs = openpyxl.load_workbook(tmp_path / "out" / "review.xlsx", data_only=True)
    assert theirs.sheetnames == ours.sheetnames
    cells = [(sheet.title, cell) for sheet in ours for row in sheet.iter_rows() for cell in row
             if cell.value not in (None, "")]
    assert len(cells) > 5000
    for title, cell in cells:
        read = theirs[title][cell.coordinate].value
        if isinstance(cell.value, int | float):
            assert read == pytest.approx(cell.value, rel=1e-12), (title, cell.coordinate)
        else:
            assert read == cell.value, (title, cell.coordinate)
    assert sum(len(sheet._charts) for sheet in theirs) == sum(len(s._charts) for s in ours) > 0
