"""Families of the crypto vectors that belong to one venue, and token collateral."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.vectors.crypto_compare import compared
from tests.vectors.runner import Case, Check, Header
from workstation.measures import perpetual
from workstation.measures.tiers import BOUNDLESS, Tiers
from workstation.measures.tokens import Token
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.crypto import binance_equity, hyperliquid_margin, okx_units
from workstation.rulebooks.crypto.coinbase_margin import SizeRules, close_out_horizon
from workstation.rulebooks.crypto.deribit_groups import grouped
from workstation.rulebooks.crypto.deribit_matrix import MatrixFuture, MatrixPack, Pair
from workstation.rulebooks.crypto.okx import unit_rates
from workstation.rulebooks.crypto.shocks import VolatilityShock

EXTENDED = (-0.66, -0.33, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
HALF = Decimal("0.5")


def exact(number) -> Decimal:
    return Decimal(str(number))


def tiers_of(rows) -> Tiers:
    """Return rows of [cap, rate, ...]; a cap of null has no bound."""
    return Tiers(tuple(BOUNDLESS if row[0] is None else exact(row[0]) for row in rows),
                 tuple(exact(row[1]) for row in rows))


def same(found: Decimal, wanted) -> tuple[float, float]:
    return float(found), float(wanted)


def deribit_pm(case: Case, header: Header) -> tuple[bool, str]:
    """Margin one perpetual on the risk matrix."""
    given, expected = case["inputs"], case["expected"]
    size = given.get("position_eth", given.get("position_btc"))
    index = given.get("index", 100_000.0)
    pair = Pair("coin", "coin", index, matrix_pack(given),
                (MatrixFuture("perpetual", size, given.get("mark", index)),))
    (group,) = grouped([pair], 1.0, cross=False)
    (matrix,) = group.matrices
    loss = max(0.0, -float(group.totals[group.worst]))
    rounded = given["mm_factor"] * group.margin
    figures = {
        "standard_pnl": matrix.profits[0, 9:18], "extended_pnl": matrix.profits[0, 27:],
        "aggregated": matrix.counted[9:18], "aggregated_first_bucket": matrix.counted[:1],
    }
    pairs = [pair for name, found in figures.items() if name in expected
             for pair in zip(found.tolist(), _listed(expected[name]), strict=True)]
    passed, detail = compared(pairs, 0.0, 1e-12)
    margins = {"worst_case": loss, "roll_shock": sum(v for _, v in matrix.roll_shock),
               "delta_shock": matrix.delta_shock, "risk_matrix_margin": group.margin,
               "initial_margin": round(group.margin, 9), "maintenance_margin": rounded}
    close, other = compared([(margins[name], wanted) for name, wanted in expected.items()
                             if name in margins], 0.0, 1e-9)
    return passed and close, f"{detail}; margins: {other}"


def _listed(value) -> list[float]:
    return value if isinstance(value, list) else [value]


def matrix_pack(given) -> MatrixPack:
    """Return a case's constants; what a lone future does not touch takes the venue's form."""
    volatility = VolatilityShock(
        given.get("vol_range_up", 0.5), given.get("vol_range_down", 0.25),
        given.get("min_vol_for_shock_up", 0.5), given.get("short_vega_power", 0.3),
        given.get("long_vega_power", 0.13), 1.0, 30.0)
    return MatrixPack(
        given["price_range"], given.get("buckets_each_side", 4), volatility,
        tuple(given.get("extended_moves", EXTENDED)), given.get("extended_table_factor", 1.0),
        given.get("extended_dampener_usd", 100_000.0), given["min_annualised_move"],
        given.get("annualised_move_risk", 0.0), given.get("max_delta_shock", 0.0),
        given.get("delta_total_liq_shock_threshold_usd", 0.0), given.get("m_inc", 0.0),
        given["pnl_offset"], given.get("max_offsetable_pnl_usd", 0.0))


def okx_pm(case: Case, header: Header) -> tuple[bool, str]:
    """Position builder, scaled closing cost, or a stablecoin hedge, by what the case gives."""
    given, expected = case["inputs"], case["expected"]
    if "hedged_usd" in given:
        caps, reached = [], Decimal(0)
        for size, rate in given["tiers_size_rate"]:
            reached += exact(size)
            caps.append((reached, rate))
        charge = tiers_of(caps).amount(exact(given["hedged_usd"]))
        return compared([same(charge, expected["charge"])], 1e-9, 0.0)
    if "raw_mr7" in given:
        return _closing(given, expected)
    return _position_builder(given, expected)


def _closing(given, expected) -> tuple[bool, str]:
    scaled = tiers_of(given["tiers_upper_multiplier"]).amount(exact(given["raw_mr7"]))
    unit = okx_units.RiskUnit(exact(given.get("other_mr", 0)), Decimal(0), Decimal(0), Decimal(0),
                              exact(given["raw_mr7"]), scaled)
    figures = {"mr7_scaled": scaled, "mmr": unit.maintenance}
    return compared([same(figures[name], wanted) for name, wanted in expected.items()], 1e-9, 0.0)


def _position_builder(given, expected) -> tuple[bool, str]:
    edition = RuleSet(date(2025, 1, 10)).edition("okx_pm")
    scale, factor = Tiers.of(edition["closing_scale"].rows), edition["initial_factor"].value
    peg, pairs = exact(given["usdt_usd"]), []
    sizes = {"BTC": given["BTC_USDT_SWAP_contracts"] * exact(given["ct_val"]),
             "LTC": exact(given["LTC_USDT_SWAP_contracts"])}
    prices = {"BTC": (given["index_implied"], given["mark"]),
              "LTC": (given["ltc_index_implied"], given["ltc_mark"])}
    derivatives = Decimal(0)
    for coin, wanted in ((c, expected[c]) for c in ("BTC", "LTC")):
        index, mark = (exact(price) * peg * sizes[coin] for price in prices[coin])
        rates, _, _ = unit_rates(coin, edition)
        unit = okx_units.risk_unit([okx_units.Leg(coin, index, mark, "USDT")], rates, scale)
        figures = {"mr1": unit.spot_vol, "mr4": unit.basis, "mr6": unit.extreme,
                   "mr7": unit.closing, "mmr": unit.maintenance,
                   "imr": unit.maintenance * factor}
        pairs += [same(figures[name], figure) for name, figure in wanted.items()]
        derivatives += unit.maintenance
    owed = {"USDT": exact(given["USDT_liability"]) * peg}
    kept = okx_units.borrowing(owed, edition["borrow_maintenance"].value)
    asked = okx_units.borrowing(owed, edition["borrow_initial"].value)
    pairs += [same(kept, expected["borrow_mmr"]), same(asked, expected["borrow_imr"]),
              same(derivatives, expected["deriv_mmr"]),
              same(derivatives + kept, expected["total_mmr"]),
              same(derivatives * factor + asked, expected["total_imr"])]
    return compared(pairs, 1e-9, 0.0)


def binance(case: Case, header: Header) -> tuple[bool, str]:
    """Compute brackets, adjusted equity or the components of an account."""
    given, expected = case["inputs"], case["expected"]
    if "tiers_cap_mmr" in given:
        found = tiers_of(given["tiers_cap_mmr"]).deductions
        return compared([same(a, b) for a, b in zip(found, expected["cum"], strict=True)],
                        0.0, 1e-12)
    if "table" in given:
        tiers = tiers_of(given["table"])
        pairs = [same(tiers.amount(exact(given["notional"])), expected["maintenance_margin"])]
        pairs += [same(a, row[2]) for a, row in zip(tiers.deductions, given["table"], strict=True)]
        return compared(pairs, 1e-9, 1e-9)
    if "collateral_ratio" in given:
        equity = binance_equity.adjusted_equity(
            exact(given["net_qty"]), exact(given["price"]), exact(given["collateral_ratio"]))
        return compared([same(equity, expected["adjusted_equity"])], 1e-9, 0.0)
    return _components(given, expected)


def _components(given, expected) -> tuple[bool, str]:
    tiers = tiers_of([[None, given["mmr"]]])
    profits, margins, ledger = [], [], {}
    for symbol, side, size, entry, mark in given["pos"]:
        sign, inverse = (1 if side.startswith("long") else -1), side.endswith("USD")
        profit = (perpetual.inverse_profit if inverse else perpetual.linear_profit)(
            sign, size, entry, mark)
        margins.append(
            (binance_equity.inverse_maintenance if inverse else binance_equity.linear_maintenance)(
                exact(size), exact(mark), tiers))
        asset = symbol[:3] if inverse else "USDT"
        ledger[asset] = ledger.get(asset, Decimal(0)) + exact(profit)
        profits.append(profit)
    loans = {asset: exact(amount) for asset, amount in given["margin_loan"].items()}
    kept = binance_equity.loan_maintenance(loans, exact(given["loan_mmr"]))
    wallets = {"USDT": exact(given["um_wallet_usdt"]), "BTC": exact(given["cm_wallet_btc"])}
    assets = {asset: exact(amount) for asset, amount in given["margin_asset"].items()}
    equity = binance_equity.net_balances(assets, binance_equity.owed(loans), wallets, ledger)
    pairs = [*zip(profits, expected["upl"], strict=True),
             *(same(a, b) for a, b in zip(margins, expected["futuresMM"], strict=True)),
             *(same(kept[asset], amount) for asset, amount in expected["marginMM"].items()),
             *(same(equity[asset], amount) for asset, amount in expected["equity_qty"].items())]
    return compared(pairs, 1e-9, 1e-12)


def hyperliquid(case: Case, header: Header) -> tuple[bool, str]:
    """Liquidation price, portfolio-margin ratio or borrow rate, by what the case gives."""
    given, expected = case["inputs"], case["expected"]
    edition = RuleSet(date(2026, 11, 20)).edition("hyperliquid")
    if "utilisation" in given:
        rate = hyperliquid_margin.borrow_rate(
            exact(given["utilisation"]), edition["borrow_base"].value,
            edition["borrow_slope"].value, edition["borrow_kink"].value)
        return compared([same(rate, expected["apy"])], 1e-9, 0.0)
    if "short_size" in given:
        return _liquidation(given, expected)
    token = hyperliquid_margin.Supplied(
        exact(given["token_qty"]), exact(given["token_price"]), exact(given["ltv"]),
        exact(given["borrow_cap"]), exact(given["supply_cap"]))
    found = hyperliquid_margin.portfolio_ratio(
        edition["portfolio_base"].value, exact(given["cross_mm"]), exact(given["borrow"]),
        exact(given["usdc"]), [token])
    if found.liquidatable(edition["portfolio_limit"].value) != expected["liquidatable"]:
        return False, "liquidatable differs"
    return compared([same(found.requirement, expected["requirement"]),
                     same(found.liquidation_value, expected["liquidation_value"]),
                     same(found.ratio or Decimal(0), expected["ratio"])], 1e-9, 0.0)


def _liquidation(given, expected) -> tuple[bool, str]:
    leverage = tiers_of([[None, HALF / exact(given["l"])]])
    tiers = hyperliquid_margin.maintenance_tiers(leverage, HALF)
    size, mark = given["short_size"], given["mark"]
    kept = float(tiers.amount(exact(size) * exact(mark)))
    price = perpetual.liquidation_price_from_equity(-1, size, mark, given["account_value"], kept,
                                                    given["l"])
    return compared([(kept, expected["maintenance_margin"]),
                     (price, expected["liquidation_price"])], 1e-6, 0.0)


def coinbase_intl(case: Case, header: Header) -> tuple[bool, str]:
    """Rates from an initial margin, or the initial margin from a size."""
    given, expected = case["inputs"], case["expected"]
    edition = RuleSet(date(2026, 11, 20)).edition("coinbase_intl")
    share, gap = edition["maintenance_share"].value, edition["close_out_gap"].value
    if "im" in given:
        found = SizeRules(exact(given["im"]), Decimal(0), share, gap).at(Decimal(0))
        return compared([same(found.maintenance, expected["mm"]),
                         same(found.close_out, expected["close_out"])], 1e-9, 0.0)
    horizon = close_out_horizon(exact(given["position"]), exact(given["participation"]),
                                exact(given["adtv"]))
    found = SizeRules(exact(given["base_im"]), exact(given["risk_param"]), share, gap).at(horizon)
    return compared([same(found.horizon, expected["coh"]), same(found.initial, expected["im"])],
                    1e-9, 0.0)


def stablecoin_collateral(case: Case, header: Header) -> tuple[bool, str]:
    """Value a wrapped or stable token as collateral."""
    given = case["inputs"]
    token = Token("token", "venue", exact(given["qty"]), exact(given["venue_price"]),
                  exact(given["redeem_adjusted_price"]), exact(given["haircut"]),
                  given["eligible"])
    return compared([same(token.value, case["expected"]["value"])], 1e-9, 0.0)


FAMILIES: dict[str, Check] = {
    "deribit_pm": deribit_pm,
    "okx_pm": okx_pm,
    "binance": binance,
    "hyperliquid": hyperliquid,
    "coinbase_intl": coinbase_intl,
    "stablecoin_collateral": stablecoin_collateral,
}
