"""A futures account of a book margined from risk-parameter files, the rest at published rates."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tests.rules.span_fixture import PA2, loaded
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.cli.main import main
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.contracts import Contracts, in_series_order
from workstation.rulebooks.span.published import margin
from workstation.workspace.session import Session

DAY = date(2026, 6, 15)
ACCOUNT = Account("F", AccountType.FUTURES, risk_profile="hrp")


def future(code, expiry, quantity, price=100):
    return Position("F", Instrument(code, AssetClass.FUTURE, code, "USD", Decimal(50),
                                    FutureTerms(code, expiry)), Decimal(quantity),
                    Decimal(price), f"Positions!{code}")


def option(code, right, strike, expiry, quantity):
    terms = OptionTerms(right, Decimal(strike), expiry)
    return Position("F", Instrument(f"{code} {strike}", AssetClass.FUTURE_OPTION, code, "USD",
                                    Decimal(50), terms), Decimal(quantity), Decimal(1),
                    f"Positions!{code}{strike}")


EQ, NT = date(2026, 9, 18), date(2026, 9, 18)


def margined(*positions, files=(PA2,)):
    book = Book("b", DAY, (ACCOUNT,), positions)
    rules = RuleSet(DAY, risk_files=[loaded(path) for path in files])
    return margin(ACCOUNT, resolve(book), rules)


def test_futures_in_the_file_are_scanned_and_others_keep_their_published_rate():
    answer = margined(future("EQ", EQ, 10), future("NT", NT, -4), future("ZN", EQ, 2))
    published = margined(future("ZN", EQ, 2), files=())
    assert answer.complete
    assert answer.maintenance.amount == 88269 + published.maintenance.amount
    assert answer.initial.amount == 97096 + published.initial.amount
    assert any(o.kind == "inter-commodity credit" and o.status == "granted"
               for o in answer.offsets)
    assert "XMC 2026-06-15 settlement final 18:00" in answer.maintenance.parts[0].label


def test_options_on_futures_are_margined_through_the_file():
    answer = margined(option("EQO", "C", 6600, EQ, -4))
    assert answer.complete
    worst = 4 * max(3906, 6153, 8576, 11170, 9079)  # one short call, the file's array turned round
    assert answer.gross == answer.maintenance.amount == worst + 43880
    assert answer.net == worst
    assert not margined(option("EQO", "C", 6600, EQ, -4), files=()).complete


@pytest.mark.parametrize(("profile", "ratio"), [
    ("hrp", "1.1"), ("S", "1.1"), ("", "1.1"), ("non_hrp", "1"), ("H", "1"), ("member", "1"),
    ("house", "1"), ("F", "1")])
def test_the_account_s_class_sets_the_ratio_from_a_file_and_at_published_rates(profile, ratio):
    account = replace(ACCOUNT, risk_profile=profile)
    for files, position in (((PA2,), future("EQ", EQ, 1)), ((), future("ZN", EQ, 1))):
        book = Book("b", DAY, (account,), (position,))
        answer = margin(account, resolve(book), RuleSet(DAY, risk_files=list(map(loaded, files))))
        assert answer.initial.amount == answer.maintenance.amount * Decimal(ratio)


@pytest.mark.parametrize("files", [(PA2,), ()])
def test_an_omnibus_account_is_charged_on_both_sides(files):
    """One code per mode: both modes hold ZN-like futures of one month, long 5 and short 3."""
    code = "EQ" if files else "ZN"
    positions = (future(code, EQ, 5), replace(future(code, EQ, -3), where="Positions!short"))
    amounts = {}
    for profile in ("O", "Q", "hrp"):
        account = replace(ACCOUNT, risk_profile=profile)
        rules = RuleSet(DAY, risk_files=list(map(loaded, files)))
        amounts[profile] = margin(account, resolve(Book("b", DAY, (account,), positions)), rules)
    assert amounts["O"].maintenance.amount == 4 * amounts["hrp"].maintenance.amount
    assert amounts["O"].initial.amount == amounts["O"].maintenance.amount * Decimal("1.1")
    assert amounts["Q"].initial.amount == amounts["O"].maintenance.amount
    assert "long side" in str([node.label for _, node in amounts["O"].maintenance.walk()]) or (
        "sides without offset" in str([n.label for _, n in amounts["O"].maintenance.walk()]))


@pytest.mark.parametrize(("profile", "formed"), [("hrp", 0), ("house", 1)])
def test_a_credit_closed_to_customers_is_open_to_the_house(profile, formed):
    file = loaded(PA2)
    organisation = file.organisations[0]
    spreads = tuple(replace(s, eligibility="H") for s in organisation.inter_spreads[:1])
    rules = RuleSet(DAY, risk_files=[replace(file, organisations=(
        replace(organisation, inter_spreads=spreads),))])
    account = replace(ACCOUNT, risk_profile=profile)
    book = Book("b", DAY, (account,), (future("EQ", EQ, 10), future("NT", NT, -4)))
    answer = margin(account, resolve(book), rules)
    assert sum(o.kind == "inter-commodity credit" and o.status == "granted"
               for o in answer.offsets) == formed


def test_an_option_on_a_physical_is_found_without_its_product_type():
    file = loaded(PA2)
    one = file.organisations[0]
    physical = replace(file, organisations=(replace(one, families=tuple(
        replace(f, kind="OOP") if f.code == "EQO" else f for f in one.families)),))
    book = Book("b", DAY, (ACCOUNT,), (option("EQO", "C", 6600, EQ, -4),))
    answer = margin(ACCOUNT, resolve(book), RuleSet(DAY, risk_files=[physical]))
    on_future = margined(option("EQO", "C", 6600, EQ, -4))
    assert answer.maintenance.amount == on_future.maintenance.amount


def test_an_option_two_families_have_is_asked_back():
    file = loaded(PA2)
    one = file.organisations[0]
    (number, family), = [(n, f) for n, f in enumerate(one.families) if f.code == "EQO"]
    other = len(one.families)
    series = tuple(replace(s, family=other) for s in one.series if s.family == number)
    moved = {n: len(one.series) + k for k, n in enumerate(
        n for n, s in enumerate(one.series) if s.family == number)}
    rows = [row for row, s in enumerate(one.contracts.series.tolist()) if s in moved]
    columns = {name: np.concatenate((getattr(one.contracts, name),
                                     getattr(one.contracts, name)[rows]))
               for name in ("series", "right", "strike", "price", "delta", "arrays")}
    columns["series"][-len(rows):] = [moved[s] for s in one.contracts.series[rows].tolist()]
    twice = replace(file, organisations=(replace(
        one, families=(*one.families, replace(family, kind="OOP")),
        series=(*one.series, *series), contracts=in_series_order(Contracts(**columns)),
        commodities={code: replace(c, families=(*c.families, other)) if number in c.families
                     else c for code, c in one.commodities.items()}),))
    book = Book("b", DAY, (ACCOUNT,), (option("EQO", "C", 6600, EQ, -4),))
    answer = margin(ACCOUNT, resolve(book), RuleSet(DAY, risk_files=[twice]))
    (left_out,) = answer.excluded
    assert "the file has it as XMX EQO OOF and XMX EQO OOP" in left_out.what
    assert "pfType" in left_out.remedy


def test_an_option_the_file_lacks_is_left_out_with_its_reason():
    answer = margined(option("EQO", "C", 6605, EQ, -4), future("EQ", EQ, 3))
    assert answer.initial.amount == 41250
    assert "no contract EQO 202609 C 6605" in answer.excluded[0].what


def cme_file():
    """The sample file renamed CME, its future EQ renamed ES."""
    file = loaded(PA2)
    one = file.organisations[0]
    families = tuple(replace(f, code="ES") if f.code == "EQ" else f for f in one.families)
    return replace(file, organisations=(replace(
        one, code="CME", families=families,
        commodities={c: replace(x, organisation="CME") for c, x in one.commodities.items()}),))


def test_a_product_that_left_scan_arrays_keeps_its_published_rate():
    book = Book("b", DAY, (ACCOUNT,), (future("ES", EQ, 1), future("GD", date(2026, 8, 27), 1)))
    answer = margin(ACCOUNT, resolve(book), RuleSet(DAY, risk_files=[cme_file()]))
    assert answer.maintenance.amount == 16000 + 20936


def test_an_option_whose_product_left_scan_arrays_is_called_an_estimate_everywhere():
    file = cme_file()
    one = file.organisations[0]
    options = replace(file, organisations=(replace(one, families=tuple(
        replace(f, code="ES") if f.code == "EQO" else f for f in one.families)),))
    session = Session(Book("b", DAY, (ACCOUNT,), (option("ES", "C", 6600, EQ, -4),)))
    session.use_risk_files([options])
    run = session.review()
    labels = [node.label for _, node in run.silos.accounts[0].maintenance.walk()]
    assert "EQX maintenance (estimate, not an exchange figure)" in labels
    (said,) = [p for p in run.problems if "not an exchange figure" in p.what]
    assert "ES left scan arrays on 2024-10-18" in said.what
    assert said.severity == "warning"


@pytest.mark.parametrize("damaged", [False, True])
def test_the_margin_command_takes_a_risk_parameter_file(tmp_path, capsys, damaged):
    positions = tmp_path / "book.csv"
    positions.write_text("account_id,symbol,asset_class,underlying,quantity,price,multiplier,"
                         "expiry,account_type\n"
                         "F1,TNU6,future,TN,5,110,1000,2026-09-21,futures\n", "utf-8")
    file = tmp_path / "x.pa2"
    file.write_bytes(PA2.read_bytes()[:-250] if damaged else PA2.read_bytes())
    status = main(["margin", str(positions), "--regime", "span", "--as-of", "2026-06-15",
                   "--params-file", str(file), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["maintenance"] == 5500
    assert document["inputs"].keys() == {"book.csv", "x.pa2"}
    assert "Scan-based requirement" in document["parameters"]
    assert status == int(damaged)
    assert any(p["severity"] == "error" for p in document["problems"]) == damaged
    assert document["problems"][-1]["what"].endswith("XMC 2026-06-15 settlement final 18:00")
