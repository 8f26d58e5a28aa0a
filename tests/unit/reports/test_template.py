import base64
from decimal import Decimal

import pytest

from tests.unit.reports.pdf_text import pages
from tests.unit.results.made_run import made_run
from workstation.base.problem import UnusableInputError
from workstation.reports.dossier.memo import memo
from workstation.reports.dossier.pack import Pack
from workstation.reports.memo import memo_bytes
from workstation.reports.template import read_template
from workstation.reports.web import html_bytes

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
WHOLE = """
firm = "Northgate Margin"
reviewer = "Ann Maker"
disclaimer = "For the client only."
recommendation = "Extend the limit."
conditions = ["until June"]
logo = "logo.png"
[relationship]
"Net asset value" = "1.2bn"
[lei]
"Meridian Macro LP" = "5493001KJTIIGC8Y1R12"
[owners]
exclusion = "Data control"
[call]
minimum_transfer = 250_000
rounding = 10000
"""


def written(tmp_path, text):
    path = tmp_path / "firm.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_template_puts_the_firm_on_paper_and_page(tmp_path):
    (tmp_path / "logo.png").write_bytes(PNG)
    template = read_template(written(tmp_path, WHOLE))
    assert template.call.minimum_transfer == Decimal(250000)
    pack = Pack(made_run(), template)
    said = " ".join(pages(memo_bytes(pack)))
    for text in ("Northgate Margin", "Ann Maker", "For the client only.", "Extend the limit.",
                 "until June", "1.2bn", "5493001KJTIIGC8Y1R12", "Data control"):
        assert text in said
    assert "write them in the template" not in said
    page = html_bytes(memo(pack)).decode()
    assert "data:image/png;base64," in page
    assert b"/Subtype /Image" in memo_bytes(pack)


@pytest.mark.parametrize(("text", "said"), [
    ("firm = ", "not TOML"),
    ("firm = 3", "firm is not a text"),
    ("company = 'x'", "'company' is not a setting"),
    ("conditions = 'x'", "conditions is not a list"),
    ("owners = 'x'", "owners is not a table"),
    ("logo = 'none.png'", "the logo none.png cannot be read"),
    ("logo = 'firm.toml'", "not a PNG or JPEG"),
    ("[call]\nminimum_transfer = 'a lot'", "not an amount"),
    ("[call]\nminimum_transfer = -1", "not an amount"),
    ("[call]\nmta = 1", "call.mta is not a term"),
])
def test_a_template_that_does_not_parse_gets_a_sentence(tmp_path, text, said):
    with pytest.raises(UnusableInputError) as caught:
        read_template(written(tmp_path, text))
    assert said in caught.value.problems[0].sentence()
    assert caught.value.problems[0].remedy


def test_a_damaged_logo_or_a_missing_file_gets_a_sentence(tmp_path):
    (tmp_path / "logo.png").write_bytes(PNG[:40])
    with pytest.raises(UnusableInputError, match="damaged"):
        read_template(written(tmp_path, "logo = 'logo.png'"))
    with pytest.raises(UnusableInputError, match="cannot be read"):
        read_template(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("firm = 'é'".encode("latin-1"))
    with pytest.raises(UnusableInputError, match="UTF-8"):
        read_template(tmp_path / "latin.toml")


@pytest.mark.parametrize("side", [3000, 30000])
def test_a_logo_of_too_many_pixels_is_refused(tmp_path, side):
    import struct
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes((side // 8 + 1) * side))
    (tmp_path / "logo.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    (tmp_path / "firm.toml").write_text('logo = "logo.png"')
    with pytest.raises(UnusableInputError, match="pixels"):
        read_template(tmp_path / "firm.toml")


@pytest.mark.parametrize("lei", ["5493001KJTIIGC8Y1R13", "5493001KJTIIGC8Y1R1", "no lei", ""])
def test_an_identifier_whose_check_digits_do_not_fit_is_refused(tmp_path, lei):
    (tmp_path / "firm.toml").write_text(f'[lei]\n"Fund" = "{lei}"')
    with pytest.raises(UnusableInputError, match="legal entity identifier"):
        read_template(tmp_path / "firm.toml")

