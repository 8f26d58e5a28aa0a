"""Published futures rates: sides, months, percent of notional, spreads, dates, what is left out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import read_edition
from workstation.rulebooks.span.months import month_rank
from workstation.rulebooks.span.published import margin

TODAY = date(2026, 11, 20)
SIZES = {"ES": 50, "MES": 5, "NQ": 20, "GC": 100, "VX": 1000, "ZN": 1000, "FESX": 10,
         "SR3": 2500}
RULES = RuleSet(TODAY)
DEC, MAR = date(2026, 12, 18), date(2027, 3, 19)


def future(product, quantity, expiry=DEC, price="100", currency="USD", account="F1"):
    name = f"{product}{expiry:%y%m}" if expiry else product
    instrument = Instrument(name, AssetClass.FUTURE, product, currency,
                            Decimal(SIZES[product]), FutureTerms(product, expiry))
    mark = None if price is None else Decimal(price)
    return Position(account, instrument, Decimal(quantity), mark, f"Positions!{name}{quantity}")


def charged(*positions, as_of=TODAY, profile="", overlays=(), market=None):
    account = Account("F1", AccountType.FUTURES, risk_profile=profile)
    book = Book("test", as_of, (account,), positions, market=market or Market())
    rules = RULES if as_of == TODAY and not overlays else RuleSet(as_of, overlays)
    return margin(account, resolve(book), rules)


def test_long_and_short_rates_differ():
    """CME historical margins of 2025-09-12: ES 20,936 long, 20,051 short."""
    assert charged(future("ES", 1)).maintenance.amount == Decimal(20936)
    assert charged(future("ES", -1)).maintenance.amount == Decimal(20051)


@pytest.mark.parametrize(("profile", "ratio"), [
    ("hrp", "1.10"), ("", "1.10"), ("non_hrp", "1.00")])
def test_initial_follows_the_risk_profile(profile, ratio):
    answer = charged(future("ES", 3), profile=profile)
    assert answer.initial.amount == Decimal(3 * 20936) * Decimal(ratio)


def test_same_month_nets_and_other_months_do_not():
    netted = charged(future("ES", 5), future("ES", -3))
    assert netted.maintenance.amount == Decimal(2 * 20936)
    across = charged(future("ES", 5), future("ES", -3, MAR))
    assert across.maintenance.amount == Decimal(5 * 20936 + 3 * 20051)
    [denied] = [o for o in across.offsets if o.kind == "inter-month spread"]
    assert denied.status == "denied"
    assert denied.would_save == Decimal(3 * 20051)
    assert "not published" in denied.reason


@pytest.mark.parametrize(("as_of", "expected"), [
    (date(2025, 9, 11), Decimal(6000)),      # the edition before: Lean history, January 2022
    (date(2025, 9, 12), Decimal(16000)),     # CME historical margins of that day
    (date(2026, 1, 12), Decimal(16000)),
    (date(2026, 1, 13), Decimal("22840.00")),   # 5 % of 456,800
    (date(2026, 2, 5), Decimal("22840.00")),
    (date(2026, 2, 6), Decimal("37374.544624")),  # 9 % initial / 1.10, to eight digits
])
def test_gold_changes_to_percent_of_notional_on_its_dates(as_of, expected):
    assert charged(future("GC", 1, price="4568"), as_of=as_of).maintenance.amount == expected


def test_percent_of_notional_needs_a_price():
    answer = charged(future("GC", 1, price=None))
    assert not answer.complete
    assert "no price" in answer.excluded[0].what


def test_flat_rates_need_no_price():
    assert charged(future("ES", 1, price=None)).maintenance.amount == Decimal(20936)


def test_volatility_calendar_uses_the_published_spread_rate():
    """Front 8,000, second 5,480, M1-M2 spread 4,750 (2026-05-26)."""
    jan = date(2027, 1, 20)
    answer = charged(future("VX", 3, date(2026, 12, 16)), future("VX", -2, jan))
    assert answer.maintenance.amount == Decimal(2 * 4750 + 8000)
    [granted] = [o for o in answer.offsets if o.status == "granted"]
    assert granted.amount == Decimal(2 * 4750 - 2 * (8000 + 5480))


def test_volatility_tiers_by_contract_month():
    for expiry, rate in ((date(2026, 12, 16), 8000), (date(2027, 1, 20), 5480),
                         (date(2027, 2, 17), 4040), (date(2027, 6, 16), 4040)):
        assert charged(future("VX", -1, expiry)).maintenance.amount == Decimal(rate)


@pytest.mark.parametrize(("expiry", "as_of", "rank"), [
    (date(2026, 11, 18), date(2026, 11, 14), 1), (date(2026, 12, 16), date(2026, 11, 14), 2),
    (date(2026, 11, 18), date(2026, 11, 15), 1), (date(2026, 12, 16), date(2026, 11, 15), 1),
    (date(2027, 1, 20), date(2026, 11, 15), 2), (None, date(2026, 11, 15), 1)])
def test_month_rank_around_the_roll_day(expiry, as_of, rank):
    assert month_rank(expiry, as_of, 15) == rank


def test_inter_commodity_credit_is_listed_as_denied():
    answer = charged(future("ES", 2), future("NQ", -1), future("ZN", -4))
    denied = [o.between for o in answer.offsets if o.kind == "inter-commodity credit"]
    assert denied == [("ES", "NQ")]
    same_side = charged(future("ES", 2), future("NQ", 1))
    assert same_side.offsets == ()


def test_two_sizes_of_one_underlying_are_charged_apart_and_told():
    answer = charged(future("ES", 1), future("MES", -10))
    assert answer.maintenance.amount == Decimal(20936 + 20051)
    [denied] = answer.offsets
    assert denied.kind == "contract sizes"
    assert denied.would_save == Decimal(20051)


def test_an_expired_contract_is_excluded_by_month():
    past, this_month = date(2026, 10, 16), date(2026, 11, 1)
    [excluded] = charged(future("ES", 1, past)).excluded
    assert "expired on 2026-10-16" in excluded.what
    assert charged(future("ES", 1, this_month)).maintenance.amount == Decimal(20936)


def test_missing_rate_and_options_are_excluded_with_a_remedy():
    option = Position("F1", Instrument("OGZ6", AssetClass.FUTURE_OPTION, "GOLD", "USD",
                                       Decimal(100), OptionTerms("C", Decimal(4000), DEC)),
                      Decimal(-1), Decimal(50), "Positions!A9")
    answer = charged(future("SR3", 1), option, future("ES", 1))
    assert answer.maintenance.amount == Decimal(20936)
    rate, risk_file = sorted(answer.excluded, key=lambda e: "option" in e.what)
    assert "SR3" in rate.what
    assert "--params" in rate.remedy
    assert "risk-parameter file" in risk_file.what
    assert "risk-parameter file" in risk_file.remedy
    assert not answer.complete


def test_securities_in_a_futures_account_are_collateral_not_margin():
    bill = Position("F1", Instrument("B 0 03/27", AssetClass.TREASURY, "UST-2Y"),
                    Decimal(1000), Decimal(99), "Positions!A9")
    cash = Position("F1", Instrument("USD", AssetClass.CASH, "USD"), Decimal(5), Decimal(1), "A10")
    [excluded] = charged(bill, cash).excluded
    assert "treasury" in excluded.what
    assert "Collateral sheet" in excluded.remedy


def test_before_the_first_edition_nothing_is_guessed():
    answer = charged(future("ES", 1), as_of=date(2018, 1, 2))
    assert answer.maintenance.amount == 0
    assert len(answer.excluded) == 1


def test_an_overlay_brings_a_missing_product_in(tmp_path):
    overlay = tmp_path / "mine.toml"
    overlay.write_text(dedent("""\
        rule = "Published futures margin"
        edition = "clearing firm, November"
        effective = 2026-11-01
        source = "clearing firm"
        [parameter.FESX]
        value = [{ long = 3000, short = 2800 }]
        unit = "EUR per contract"
        paragraph = ", house rate"
        standing = "house"
        """), encoding="utf-8")
    editions = (read_edition(overlay),)
    market = Market(fx={"EUR": Decimal("1.25")})
    position = future("FESX", -2, currency="EUR")
    answer = charged(position, overlays=editions, market=market)
    assert answer.maintenance.amount == Decimal(2 * 2800) * Decimal("1.25")
    assert answer.complete
    assert "house" in str(answer.maintenance.parts[0].parts[0].cite)
    assert not charged(position, overlays=editions).complete, "no exchange rate"


def test_explain_tree_reads_product_month_rate():
    answer = charged(future("ES", 2), future("ES", -1, MAR), future("GC", -1, price="4000"))
    lines = [f"{'  ' * depth}{node.label}: {node.amount}"
             + "".join(f"; {name} {value}" for name, value in node.inputs)
             for depth, node in answer.maintenance.walk()]
    assert lines == [
        "Futures at published rates: 94650.27200000",
        "  ES: 61923",
        "    ES 2026-12, 2 long: 41872; contracts 2 long; rate 20,936.00 USD per contract",
        "    ES 2027-03, 1 short: 20051; contracts 1 short; rate 20,051.00 USD per contract",
        "  GC: 32727.27200000",
        "    GC 2026-12, 1 short: 32727.27200000; notional 400,000.00; rate 8.18% of notional",
    ]
    marks = {cite.paragraph for cite in answer.maintenance.unverified()}
    assert marks == {", outright maintenance of 2026-02-06"}


@given(st.lists(st.tuples(st.sampled_from(["ES", "NQ", "VX", "GC"]), st.integers(-9, 9),
                          st.sampled_from([DEC, date(2027, 1, 20), MAR])), max_size=8),
       st.integers(2, 5))
def test_requirement_scales_and_ignores_order_and_flat_pairs(rows, factor):
    positions = [future(p, q, e) for p, q, e in rows]
    base = charged(*positions).maintenance.amount
    assert base >= 0
    assert charged(*reversed(positions)).maintenance.amount == base
    scaled = [future(p, q * factor, e) for p, q, e in rows]
    assert charged(*scaled).maintenance.amount == base * factor
    assert charged(*positions, future("ES", 4), future("ES", -4)).maintenance.amount == base


@pytest.mark.parametrize("product", [
    "ES", "NQ", "RTY", "ZN", "ZB", "ZF", "ZT", "CL", "NG", "GC", "SI", "6E", "VX", "BTC", "MBT"])
def test_a_review_of_today_finds_the_usual_products(product):
    assert product in RULES.edition("futures_rates")
