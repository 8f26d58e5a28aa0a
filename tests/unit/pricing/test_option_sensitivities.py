"""Own sensitivities of options against QuantLib bumps and the weighting of vega by the method."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import QuantLib as ql  # noqa: N813

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import Crif
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms
from workstation.market.market import Market, Underlying
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif

TODAY = date(2026, 3, 2)
D = Decimal
YEAR = TODAY + timedelta(days=365)
MARKET = Market({
    "USD": Underlying("USD", D(1), rate=D("0.04")),
    "EUR": Underlying("EUR", D(1), rate=D("0.02")),
    "EURUSD": Underlying("EURUSD", D("1.10"), iv=D("0.08"),
                         underlying_class=UnderlyingClass.CURRENCY),
    "MSFT": Underlying("MSFT", D(400), iv=D("0.25"), rate=D("0.04"), dividend_yield=D("0.01")),
    "SAP": Underlying("SAP", D(200), "EUR", iv=D("0.3"), rate=D("0.02")),
    "SPX": Underlying("SPX", D(6000), iv=D("0.18"), rate=D("0.04"),
                      underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP),
    "VIX": Underlying("VIX", D(18), iv=D("0.9"),
                      underlying_class=UnderlyingClass.VOLATILITY_INDEX),
    "BTC": Underlying("BTC", D(90_000), iv=D("0.5"), rate=D("0.04"),
                      underlying_class=UnderlyingClass.CRYPTO),
    "USD 5y": Underlying("USD 5y", D("0.04"), iv=D("0.30"),
                         underlying_class=UnderlyingClass.INTEREST_RATE)},
    fx={"EUR": D("1.10")})


def held(underlying, strike, right="C", quantity=1000, kind=AssetClass.LISTED_OPTION,
         style="european", currency="USD", price=None, expiry=YEAR):
    terms = OptionTerms(right, D(str(strike)), expiry, style)
    instrument = Instrument(f"{underlying} {strike}", kind, underlying, currency, D(1), terms)
    return Position("C", instrument, D(quantity), price, "Positions!A2")


def rows_of(position):
    book = Book("b", TODAY, (Account("C", AccountType.UNCLEARED_SWAPS),), (position,), MARKET)
    found = own_sensitivities(resolve(book).of_account("C"), "C")
    return found.rows, found.excluded


def amounts(position):
    rows, excluded = rows_of(position)
    assert excluded == ()
    found = {}
    for row in rows:
        key = row.risk_type, row.qualifier, row.label1
        found[key] = found.get(key, 0.0) + row.usd
    return found


def process(spot, rate, dividend, sigma):
    day = ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = ql.Date(2, 3, 2026)
    start = ql.Settings.instance().evaluationDate
    return ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(start, dividend, day)),
        ql.YieldTermStructureHandle(ql.FlatForward(start, rate, day)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(start, ql.NullCalendar(), sigma, day)))


def quantlib(strike, spot, rate, dividend, sigma, right=ql.Option.Call, style="european"):
    end = ql.Date(2, 3, 2027)
    exercise = (ql.EuropeanExercise(end) if style == "european" else
                ql.AmericanExercise(ql.Date(2, 3, 2026), end))
    option = ql.VanillaOption(ql.PlainVanillaPayoff(right, strike), exercise)
    model = process(spot, rate, dividend, sigma)
    option.setPricingEngine(ql.AnalyticEuropeanEngine(model) if style == "european" else
                            ql.QdFpAmericanEngine(model))
    return option.NPV()


@pytest.mark.parametrize("style", ["european", "american"])
@pytest.mark.parametrize("right", ["C", "P"])
def test_a_share_option_equals_quantlib_bumped(style, right):
    def value(spot=400.0, rate=0.04, sigma=0.25):
        return 1000 * quantlib(420.0, spot, rate, 0.01, sigma,
                               ql.Option.Call if right == "C" else ql.Option.Put, style)

    found = amounts(held("MSFT", 420, right, style=style))
    assert found["Risk_Equity", "MSFT", ""] == pytest.approx(value(402) - value(398), rel=1e-4)
    assert found["Risk_EquityVol", "MSFT", "1y"] == pytest.approx(
        value(sigma=0.255) - value(sigma=0.245), rel=1e-4)
    assert found["Risk_IRCurve", "USD", "1y"] == pytest.approx(
        value(rate=0.04005) - value(rate=0.03995), rel=2e-4)


def test_an_fx_option_equals_quantlib_bumped_in_every_currency_and_rate():
    def value(base=1.10, quote=1.0, dollar=0.04, euro=0.02, sigma=0.08):
        return 5_000_000 * quote * quantlib(1.12, base / quote, dollar, euro, sigma)

    found = amounts(held("EURUSD", "1.12", quantity=5_000_000))
    expected = {
        ("Risk_FX", "EUR", ""): value(base=1.1055) - value(base=1.0945),
        ("Risk_FX", "USD", ""): value(quote=1.005) - value(quote=0.995),
        ("Risk_FXVol", "EURUSD", "1y"): value(sigma=0.085) - value(sigma=0.075),
        ("Risk_IRCurve", "USD", "1y"): value(dollar=0.04005) - value(dollar=0.03995),
        ("Risk_IRCurve", "EUR", "1y"): value(euro=0.02005) - value(euro=0.01995)}
    assert found == {key: pytest.approx(amount, rel=2e-4) for key, amount in expected.items()}


def test_a_share_option_in_euros_carries_the_risk_of_its_own_value():
    value = 1000 * quantlib(200.0, 200.0, 0.02, 0.0, 0.3) * 1.10
    found = amounts(held("SAP", 200, currency="EUR"))
    assert found["Risk_FX", "EUR", ""] == pytest.approx(value * 0.01, rel=1e-6)
    assert ("Risk_IRCurve", "EUR", "1y") in found


@pytest.mark.parametrize(("underlying", "strike", "kind", "place"), [
    ("SPX", 6000, AssetClass.LISTED_OPTION, ("Equity", "Risk_Equity", "11")),
    ("VIX", 20, AssetClass.LISTED_OPTION, ("Equity", "Risk_Equity", "12")),
    ("MSFT", 420, AssetClass.LISTED_OPTION, ("Equity", "Risk_Equity", "Residual")),
    ("BTC", 100_000, AssetClass.CRYPTO_OPTION, ("Commodity", "Risk_Commodity", "16"))])
def test_names_go_to_their_class_and_bucket(underlying, strike, kind, place):
    rows, _ = rows_of(held(underlying, strike, kind=kind))
    assert (rows[0].product_class, rows[0].risk_type, rows[0].bucket) == place
    assert {r.product_class for r in rows} == {place[0]}
    assert f"{place[1]}Vol" in {r.risk_type for r in rows}


def swaption(forward_curve, sigma, strike=0.04):
    """Return 10 million of a 1y into 5y payer in QuantLib, on a curve of par rates by year."""
    ql.Settings.instance().evaluationDate = ql.Date(2, 3, 2026)
    end, calendar = ql.Date(2, 3, 2027), ql.NullCalendar()
    index = ql.OvernightIndex("flat", 0, ql.USDCurrency(), calendar, ql.Actual365Fixed(),
                              forward_curve)
    swap = ql.MakeOIS(ql.Period(5, ql.Years), index, strike, ql.Period(0, ql.Days),
                      effectiveDate=end, nominal=10e6, paymentFrequency=ql.Monthly,
                      fixedLegDayCount=ql.Actual365Fixed(), discountingTermStructure=forward_curve)
    option = ql.Swaption(swap, ql.EuropeanExercise(end))
    option.setPricingEngine(ql.BlackSwaptionEngine(
        forward_curve, ql.QuoteHandle(ql.SimpleQuote(sigma)), ql.Actual365Fixed()))
    return option.NPV()


def par_curve(bumps=()):
    """Return a curve through par overnight swaps of 1 and 6 years, flat at 4 %, some moved."""
    calendar, start = ql.NullCalendar(), ql.Date(2, 3, 2026)
    ql.Settings.instance().evaluationDate = start
    index = ql.OvernightIndex("flat", 0, ql.USDCurrency(), calendar, ql.Actual365Fixed())
    helpers = [ql.OISRateHelper(
        0, ql.Period(years, ql.Years),
        ql.QuoteHandle(ql.SimpleQuote(0.04 + dict(bumps).get(years, 0.0))), index,
        paymentFrequency=ql.Monthly) for years in (1, 6)]
    curve = ql.PiecewiseLogLinearDiscount(start, helpers, ql.Actual365Fixed())
    curve.enableExtrapolation()
    return ql.YieldTermStructureHandle(curve)


def test_a_swaption_equals_quantlib_on_bumped_par_rates():
    """Annuities are continuous here and monthly there: a fraction of a percent apart."""
    found = amounts(held("USD 5y", "0.04", quantity=10_000_000))
    half = 0.5e-4
    end = (swaption(par_curve([(6, half)]), 0.3) - swaption(par_curve([(6, -half)]), 0.3))
    start = (swaption(par_curve([(1, half)]), 0.3) - swaption(par_curve([(1, -half)]), 0.3))
    long = sum(found.get(("Risk_IRCurve", "USD", t), 0.0) for t in ("5y", "10y"))
    assert long == pytest.approx(end, rel=0.02)
    assert found["Risk_IRCurve", "USD", "1y"] == pytest.approx(start, rel=0.05)
    curve = par_curve()
    vega = swaption(curve, 0.305) - swaption(curve, 0.295)
    assert found["Risk_IRVol", "USD", "1y"] == pytest.approx(30 * vega, rel=0.01)


def test_vega_is_weighted_once_whoever_weights_it():
    """Rate vega arrives weighted; FX vega per point, weighted by the method's own volatility."""
    rate = margin_crif(Crif.of_rows([r for r in rows_of(held(
        "USD 5y", "0.04", quantity=10_000_000))[0] if r.risk_type == "Risk_IRVol"]),
        Setup(editions.by_name("2.8+2512")), "call").portfolios[0]
    [vega] = [r.usd for r in rows_of(held("USD 5y", "0.04", quantity=10_000_000))[0]
              if r.risk_type == "Risk_IRVol"]
    tables = editions.by_name("2.8+2512")
    weight = float(tables.of_mpor(0, "vega_rw", "10d"))
    assert rate.vega == pytest.approx(weight * vega)
    assert rate.curvature > 0
    rows = [r for r in rows_of(held("EURUSD", "1.12", quantity=5_000_000))[0]
            if r.risk_type == "Risk_FXVol"]
    fx = margin_crif(Crif.of_rows(rows), Setup(tables), "call").portfolios[0]
    delta_weight = float(tables.of_mpor(5, "delta_rw", "10d")["2|2"])
    sigma = delta_weight * (365 / 14) ** 0.5 / 2.3263478740408408
    expected = sigma * rows[0].usd * float(tables.of_mpor(5, "vega_rw", "10d")) * float(
        tables.of_mpor(5, "hvr", "10d"))
    assert fx.vega == pytest.approx(expected)


def test_a_bought_option_has_no_curvature_for_its_holder_and_a_sold_one_has():
    for quantity, charged in ((1000, False), (-1000, True)):
        rows, _ = rows_of(held("MSFT", 420, quantity=quantity))
        [margin] = margin_crif(Crif.of_rows(rows), Setup(editions.by_name("2.8+2512")),
                               "post").portfolios
        # The client posts against what it could come to owe: curvature only of what it sold.
        assert (margin.curvature > 0) == charged
        assert margin.vega > 0


def test_an_expiry_between_vertices_is_split():
    rows, _ = rows_of(held("MSFT", 420, expiry=TODAY + timedelta(days=548)))
    vega = {r.label1: r.usd for r in rows if r.risk_type == "Risk_EquityVol"}
    assert list(vega) == ["1y", "2y"]
    assert vega["2y"] / vega["1y"] == pytest.approx((548 / 365 - 1) / (2 - 548 / 365))


@pytest.mark.parametrize(("position", "what"), [
    (held("EURUSD", "1.1", currency="EUR"), "EURUSD is quoted in USD"),
    (held("USD 5y", "4.25"), "not decimals between 0 and 1"),
    (held("ABC", 10), "no price of the underlying ABC"),
    (held("MSFT", 420, expiry=TODAY - timedelta(days=1)), "expired on"),
    (held("EURUSD", "1.1", kind=AssetClass.FUTURE_OPTION), "not bilaterally")])
def test_what_cannot_be_bumped_is_excluded_with_a_remedy(position, what):
    rows, [item] = rows_of(position)
    assert rows == ()
    assert what in item.what
    assert item.remedy
