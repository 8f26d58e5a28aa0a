import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from tests.unit.reports.colr_003 import faults
from tests.unit.reports.pdf_text import pages
from workstation.base.money import accounting
from workstation.base.vocabulary import AccountType
from workstation.cli.main import main
from workstation.parameters.ruleset import RuleSet
from workstation.reports.dossier.explain_report import explain_report
from workstation.reports.notice_documents import NAMESPACE, notice_document, notice_xml
from workstation.reports.template import CallTerms, Template
from workstation.results.notice import Terms, worked
from workstation.workspace.notices import after_business_days, counted
from workstation.workspace.pack import EXPLAIN, write_notices, write_pack
from workstation.workspace.session import Session, sample_books

D = Decimal


@pytest.fixture(scope="module")
def called():
    """Return the macro book with so much debit that its portfolio-margin account is called."""
    session = Session.from_file(sample_books()[2])
    accounts = tuple(replace(a, cash=a.cash - D(2_000_000)) if a.account_id == "MM-PM" else a
                     for a in session.book.accounts)
    session.book = replace(session.book, accounts=accounts)
    session.run = session.review()
    return session


def test_only_accounts_that_are_called_get_a_notice(called):
    found = called.notices(Template())
    owing = [s.account_id for s in called.run.statuses if s.call]
    assert [n.account_id for n in found] == owing == ["MM-PM"]
    assert called.notices(Template(), "MM-FUT") == ()


def test_the_working_adds_up_to_what_the_run_calls(called):
    (notice,) = called.notices(Template())
    status = called.run.status("MM-PM")
    assert notice.deficiency == status.call == notice.called
    assert sum(line.amount for line in notice.lines) == notice.called
    assert notice.required == status.first_call.required.amount
    assert notice.equity == status.equity.amount


def test_threshold_minimum_transfer_and_rounding_in_that_order(called):
    terms = CallTerms(D(1000), D(10_000), D(50_000), "Fedwire", "10:00 New York", "PB 2024")
    (notice,) = called.notices(Template(contact="margin desk", call=terms))
    owed = called.run.status("MM-PM").call - 50_000
    assert notice.called >= owed
    assert notice.called % 10_000 == 0
    assert notice.called - owed < 10_000
    assert sum(line.amount for line in notice.lines) == notice.called


@pytest.mark.parametrize(("deficiency", "terms", "asked"), [
    ("100.5", Terms(), "100.5"),
    ("99.99", Terms(minimum_transfer=D(100)), "0"),
    ("100", Terms(minimum_transfer=D(100)), "100"),
    ("101", Terms(rounding=D(100)), "200"),
    ("200", Terms(rounding=D(100)), "200"),
    ("150", Terms(D(100), D(100), D(60)), "0"),
    ("170", Terms(D(100), D(100), D(60)), "200"),
    ("50", Terms(threshold=D(60), rounding=D(100)), "0"),
])
def test_terms_on_a_deficiency(deficiency, terms, asked):
    lines, called = worked(D(deficiency), terms)
    assert called == D(asked)
    assert D(deficiency) + sum(line.amount for line in lines) == called


@pytest.mark.parametrize(("start", "days", "due"), [
    (date(2026, 11, 13), 0, date(2026, 11, 13)), (date(2026, 11, 13), 1, date(2026, 11, 16)),
    (date(2026, 11, 13), 3, date(2026, 11, 18)), (date(2026, 11, 14), 1, date(2026, 11, 16)),
    (date(2026, 11, 13), 15, date(2026, 12, 4)),
])
def test_due_dates_count_weekdays(start, days, due):
    assert after_business_days(start, days) == due


def closed():
    return {row["on"] for row in RuleSet(date(2026, 11, 30)).edition("margin_calls")[
        "market_holidays"].rows}


@pytest.mark.parametrize(("start", "days", "due"), [
    (date(2026, 11, 13), 15, date(2026, 12, 7)),  # Thanksgiving is no business day
    (date(2026, 12, 24), 1, date(2026, 12, 28)), (date(2026, 7, 2), 1, date(2026, 7, 6)),
    (date(2027, 12, 23), 1, date(2027, 12, 27)), (date(2027, 12, 31), 1, date(2028, 1, 3)),
    (date(2028, 7, 3), 1, date(2028, 7, 5)), (date(2026, 11, 10), 1, date(2026, 11, 11)),
])
def test_due_dates_pass_over_the_markets_holidays(start, days, due):
    assert after_business_days(start, days, closed()) == due


def easter(year):
    """Return Easter Sunday, by the anonymous Gregorian algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def observed(day):
    """Return when the exchange keeps a fixed holiday: Friday for Saturday, Monday for Sunday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def nth(year, month, weekday, place):
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][place]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_holidays_follow_the_exchanges_rule(year):
    new_year = date(year, 1, 1)
    by_rule = {
        nth(year, 1, 0, 2), nth(year, 2, 0, 2),
        easter(year) - timedelta(days=2), nth(year, 5, 0, -1), observed(date(year, 6, 19)),
        observed(date(year, 7, 4)), nth(year, 9, 0, 0), nth(year, 11, 3, 3),
        observed(date(year, 12, 25))}
    if new_year.weekday() != 5:  # a New Year's Day on a Saturday is not kept (Rule 7.2)
        by_rule.add(observed(new_year))
    assert {day for day in closed() if day.year == year} == by_rule


def test_a_notice_says_which_days_its_due_date_counts(called):
    (notice,) = called.notices(Template())
    assert "New York Stock Exchange is open" in notice.due_counted
    days = closed()
    assert counted(date(2026, 11, 13), date(2026, 12, 7), days).endswith("without 2026-11-26.")
    assert "holidays of 2029 are not" in counted(date(2028, 12, 29), date(2029, 1, 2), days)
    assert "weekdays" in counted(date(2026, 11, 13), date(2026, 11, 16), ())


def test_a_portfolio_margin_call_is_due_as_the_edition_says(called):
    (notice,) = called.notices(Template())
    assert notice.due == after_business_days(called.run.as_of, 3, closed())
    assert "4210(g)" in notice.due_basis
    assert "Margin calls" in notice.due_citation
    assert "to confirm" in notice.due_citation


def test_the_message_has_the_elements_of_colr_003_in_their_order(called):
    (notice,) = called.notices(Template(call=CallTerms(
        rounding=D(10_000), agreement="PB 2024", agreement_date=date(2024, 1, 31))))
    root = ElementTree.fromstring(notice_xml(notice))
    space = {"c": NAMESPACE}
    request = root.find("c:MrgnCallReq", space)
    assert [part.tag.partition("}")[2] for part in request] == [
        "TxId", "Oblgtn", "Agrmt", "MrgnCallRslt", "MrgnDtlsDueToA", "RqrmntDtlsDueToA"]
    assert [part.tag.partition("}")[2] for part in request.find("c:Oblgtn", space)] == [
        "PtyA", "PtyB", "CollAcctId", "ValtnDt"]
    due = request.find("c:MrgnCallRslt/c:MrgnCallRslt/c:MrgnCallAmt/c:DueToPtyA", space)
    assert D(due.text) == notice.called
    assert due.get("Ccy") == "USD"
    margin = request.find(".//c:VartnMrgn", space)
    assert [part.tag.partition("}")[2] for part in margin] == [
        "ThrshldAmt", "ThrshldTp", "MinTrfAmt", "RndgAmt", "RndgMtd"]
    assert len(request.find("c:TxId", space).text) <= 35


def test_text_of_the_client_is_escaped_in_the_message(called):
    (notice,) = called.notices(Template())
    odd = replace(notice, client="<A> & B\x01", account_id="x" * 60)
    root = ElementTree.fromstring(notice_xml(odd))
    names = [node.text for node in root.iter(f"{{{NAMESPACE}}}Id")]
    assert "<A> & B" in names
    assert faults(notice_xml(odd)) == []


@pytest.mark.parametrize("call", [
    CallTerms(), CallTerms(rounding=D(10_000)), CallTerms(D(1), D(2), D(3), "d", "c", "a" * 300),
    CallTerms(agreement="ISDA " * 60, agreement_date=date(2020, 2, 29))])
@pytest.mark.parametrize("around", [
    {}, {"client": "x" * 400, "account_id": "y" * 90}, {"client": "\x01", "firm": ""},
    {"citation": "c" * 500, "called": D(0)}, {"called": D("123456789012345.675")},
    {"client": "株式会社", "account_id": "  "},
    *({"account_type": str(kind)} for kind in AccountType)])
def test_the_message_keeps_to_the_structure_of_the_schema(called, call, around):
    template = Template(call=call, lei={"Meridian Macro LP": "5493001KJTIIGC8Y1R12"})
    (notice,) = called.notices(template)
    assert faults(notice_xml(replace(notice, **around))) == []


@pytest.mark.parametrize(("was", "becomes", "fault"), [
    ("<TxId>", "<TxId>" + "x" * 40, "characters"), ("RndgMtd>NONE", "RndgMtd>UP", "RoundingMethod"),
    ("PrtryId>", "NmAndAdr>", "Nm stands 0 times"), ('Ccy="USD"', 'Ccy="usd"', "currency"),
    ("<Issr>", "<SchmeNm>x</SchmeNm><Issr>", "not in order"), (NAMESPACE, NAMESPACE[:-1], "root"),
    ("<ValtnDt>", "<Other/><ValtnDt>", "not known"), ("<Dt>2026", "<Dt>26", "no date"),
])
def test_the_structure_catches_what_is_wrong(called, was, becomes, fault):
    (notice,) = called.notices(Template(call=CallTerms(threshold=D(1))))
    text = notice_xml(notice).decode()
    assert was in text
    assert fault in " ".join(faults(text.replace(was, becomes).encode()))


def test_a_party_is_identified_by_its_lei_where_the_template_gives_it(called):
    (notice,) = called.notices(Template(lei={"Meridian Macro LP": "5493001KJTIIGC8Y1R12"}))
    root = ElementTree.fromstring(notice_xml(notice))
    party = root.find(".//c:PtyB/c:PrtryId", {"c": NAMESPACE})
    assert [part.text for part in party] == ["5493001KJTIIGC8Y1R12", "GLEIF", "LEI"]
    party = root.find(".//c:PtyA/c:PrtryId", {"c": NAMESPACE})
    assert [part.text for part in party] == [notice.firm, notice.firm, "NAME"]


def test_an_agreement_without_its_date_is_left_to_the_paper(called):
    (notice,) = called.notices(Template(call=CallTerms(agreement="PB 2024")))
    assert b"Agrmt" not in notice_xml(notice)
    (dated,) = called.notices(Template(call=CallTerms(
        agreement="PB 2024", agreement_date=date(2024, 1, 31))))
    assert b"<AgrmtDt>2024-01-31</AgrmtDt>" in notice_xml(dated)
    assert notice_document(dated)["terms"]["agreement_date"] == "2024-01-31"


def test_notices_are_written_as_pdf_xml_and_json(called, tmp_path):
    template = Template(firm="Northgate", contact="margin desk")
    found = called.notices(template)
    written = write_notices(found, tmp_path, "Letter", template)
    assert [path.name for path in written] == [
        "call-MM-PM.pdf", "call-MM-PM.xml", "call-MM-PM.json"]
    said = " ".join(pages(written[0].read_bytes()))
    for text in (accounting(found[0].called, 2), "Less equity",
                 f"net liquidating value {accounting(found[0].equity, 2)}",
                 found[0].due.isoformat(), "disputed in full",
                 "margin desk", "Northgate", found[0].reference):
        assert text in said
    assert "DRAFT" not in said
    document = json.loads(written[2].read_text("utf-8"))
    assert document == json.loads(json.dumps(notice_document(found[0])))
    assert sum(line["amount"] for line in document["working"]) == pytest.approx(document["called"])


def test_the_command_says_when_nobody_is_called(tmp_path, capsys):
    assert main(["notice", str(sample_books()[1]), "--out", str(tmp_path)]) == 0
    assert "No account is called." in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    assert main(["notice", str(sample_books()[1]), "--account", "none"]) == 2
    assert "is not an account" in capsys.readouterr().err


def test_the_explain_report_follows_amounts_to_rules(called, tmp_path):
    report = explain_report(called.pack())
    titles = [section.title for section in report.sections]
    assert titles[:2] == ["(a) Levels: today, maintenance", "(a) Levels: today, initial"]
    for letter in "bcdef":
        assert any(title.startswith(f"({letter})") for title in titles)
    assert all(section.blocks for section in report.sections)
    (path,) = write_pack(called.pack(), tmp_path, parts=(EXPLAIN,))
    said = " ".join(pages(path.read_bytes()))
    assert "FINRA 4210" in said
    assert accounting(called.run.silos.maintenance.amount) in said


def test_the_explain_report_sets_what_a_broker_states_beside_ours(tmp_path):
    path = tmp_path / "broker.csv"
    path.write_text("Account,Currency,Maintenance Margin\nLK-1,USD,1000000\nLK-1,EUR,5\n")
    book = next(str(p) for p in sample_books() if "larkfield" in p.name)
    assert main(["explain", book, "--stated", str(path), "--out", str(tmp_path)]) == 0
    said = " ".join(pages((tmp_path / "explain.pdf").read_bytes()))
    assert "against stated 1,000,000" in said
    assert "no exchange rate from EUR to USD" in said
    assert main(["explain", book, "--stated", str(tmp_path / "none.csv"), "--out",
                 str(tmp_path)]) == 2

