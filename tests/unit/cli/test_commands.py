import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workstation.cli.main import main
from workstation.workspace.session import sample_books

MACRO = next(p for p in sample_books() if p.stem == "meridian_macro")
INCOME = next(p for p in sample_books() if p.stem == "larkfield_income")


def document(capsys, *words):
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def adds_up(node):
    amounts = [part["amount"] for part in node["parts"]]
    match node["combine"]:
        case "leaf":
            return not node["parts"]
        case "sum":
            combined = sum(amounts)
        case "max":
            combined = max(amounts)
        case "min":
            combined = min(amounts)
    close = abs(combined - node["amount"]) <= 1e-6 * max(1.0, abs(node["amount"]))
    return close and all(adds_up(part) for part in node["parts"])


@pytest.mark.parametrize("path", sample_books(), ids=lambda p: p.stem)
def test_review_writes_the_pack_and_prints_the_summary(path, tmp_path, capsys):
    assert main(["review", str(path), "--out", str(tmp_path)]) == 0
    assert {p.name for p in tmp_path.iterdir()} == {
        "review.json", "review.xlsx", "memo.pdf", "memo.html"}
    review = json.loads((tmp_path / "review.json").read_text("utf-8"))
    assert review["schema"] == "crossmargin.review/1"
    assert (tmp_path / "memo.pdf").read_bytes().startswith(b"%PDF-")
    assert "TODAY, SILO BY SILO" in capsys.readouterr().out


def test_margin_json_is_the_agreed_document(capsys):
    code, answer = document(capsys, "margin", MACRO, "--regime", "silos")
    assert code == 0
    assert answer["schema"] == "crossmargin.margin/1"
    assert answer["regime"] == "silos"
    assert {"as_of", "product_version", "inputs", "parameters", "currency", "initial",
            "maintenance", "gross", "net", "accounts", "explain", "offsets", "excluded",
            "problems"} <= set(answer)
    assert answer["maintenance"] == pytest.approx(
        sum(account["maintenance"] for account in answer["accounts"]))
    assert adds_up(answer["explain"])


def test_harmonised_today_equals_the_silos(capsys):
    _, silos = document(capsys, "margin", MACRO)
    _, today = document(capsys, "margin", MACRO, "--regime", "harmonised", "--design", "today")
    assert today["maintenance"] == silos["maintenance"]


def test_an_account_outside_a_regime_makes_the_answer_incomplete(capsys):
    code, answer = document(capsys, "margin", MACRO, "--regime", "finra-4210-portfolio")
    assert code == 1
    assert answer["excluded"]
    assert all(item["where"].startswith("Positions!") and item["remedy"]
               for item in answer["excluded"])


def test_import_json_is_the_agreed_document(capsys):
    code, answer = document(capsys, "import", INCOME)
    assert code == 0
    assert answer["schema"] == "crossmargin.import/1"
    assert answer["outcome"] == "imported"
    option = next(p for p in answer["positions"] if p["asset_class"] == "listed_option")
    assert {"account_id", "symbol", "underlying", "quantity", "price", "currency", "multiplier",
            "expiry", "strike", "put_call", "where"} <= set(option)


@pytest.mark.parametrize(("words", "sentence"), [
    (["review", "no-such-file.xlsx"], "no-such-file.xlsx"),
    (["margin", str(INCOME), "--regime", "nonsense"], "there is no regime 'nonsense'"),
    (["margin", str(INCOME), "--regime", "harmonised", "--design", "nonsense"],
     "there is no design 'nonsense'"),
    (["parameters", "show", "nonsense"], "there is no rule 'nonsense'"),
    (["template", "book.csv"], "a template is an .xlsx workbook"),
    (["cascade", str(INCOME), "--scenario", "nonsense"], "'nonsense' names none"),
    (["margin", str(INCOME), "--as-of", "1950-01-01", "--params", "no-such.toml"],
     "no-such.toml"),
])
def test_unusable_calls_end_in_one_sentence_and_status_2(words, sentence, capsys):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error
    assert error.count("\n") == 1


def test_parameters_list_show_and_check(capsys):
    assert main(["parameters", "list"]) == 0
    assert "finra_4210" in capsys.readouterr().out
    assert main(["parameters", "show", "finra_4210", "--as-of", "2026-11-13"]) == 0
    assert "sourced" in capsys.readouterr().out
    assert main(["parameters", "check"]) == 0


def test_a_template_imports_again(tmp_path, capsys):
    path = tmp_path / "template.xlsx"
    assert main(["template", str(path)]) == 0
    capsys.readouterr()
    code, answer = document(capsys, "import", path)
    assert code in (0, 1)
    assert answer["positions"]


def test_a_template_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    assert main(["template", str(tmp_path / "no" / "such" / "t.xlsx")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_refused_import_is_a_document_with_status_2(tmp_path, capsys):
    path = tmp_path / "letter.csv"
    path.write_text("Dear client,\nplease find nothing here.\n")
    assert main(["import", str(path), "--json"]) == 2
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert (answer["outcome"], answer["positions"]) == ("refused", [])
    assert answer["problems"][0]["what"] in printed.err


def test_books_of_one_name_do_not_overwrite_each_others_pack(tmp_path, capsys):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(INCOME, tmp_path / folder / "book.xlsx")
    books = [str(tmp_path / folder / "book.xlsx") for folder in ("a", "b")]
    assert main(["review", *books, "--out", str(tmp_path / "out")]) == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["book", "book-2"]


def test_without_a_display_open_names_review(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform in ("win32", "darwin"):
        pytest.skip("there is always a display here")
    assert main([str(MACRO)]) == 2
    assert "crossmargin review FILE" in capsys.readouterr().err


def test_doctor_names_the_kernel(capsys):
    main(["doctor"])
    assert "kernel" in capsys.readouterr().out


def test_a_bug_ends_in_a_report_file_and_status_3(tmp_path):
    script = ("from workstation.cli import crash\n"
              "crash.install_crash_report()\n"
              "raise ZeroDivisionError('planted')\n")
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                            check=False, cwd=Path(__file__).resolve().parents[3])
    assert answer.returncode == 3
    report = Path(answer.stderr.rsplit("the report ", 1)[1].strip())
    assert "planted" in report.read_text("utf-8")
    report.unlink()


def test_a_misspelt_command_lists_the_choices(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["reveiw"])
    assert stopped.value.code == 2
    assert "review" in capsys.readouterr().err
