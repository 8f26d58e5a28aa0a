"""Families of the crypto vectors: the scenario grid, volatility shocks, perpetuals, funding."""

from __future__ import annotations

import numpy as np

from tests.vectors import crypto_venues
from tests.vectors.crypto_compare import compared
from tests.vectors.runner import Case, Check, Header
from workstation.measures import perpetual
from workstation.rulebooks.crypto.holdings import Collateral, Feed, GridOption, Holdings
from workstation.rulebooks.crypto.pack import Charges, Discounts, Pack, Scenario, VolatilityMove
from workstation.rulebooks.crypto.pmrm import GridMargin, pmrm
from workstation.rulebooks.crypto.shocks import SkewShock, VolatilityShock

MOVES = {"Up": VolatilityMove.UP, "None": VolatilityMove.SAME, "Down": VolatilityMove.DOWN,
         "LINEAR": VolatilityMove.LINEAR, "ABS": VolatilityMove.ABSOLUTE}
BASIS = "basis"


def pack_of(stated) -> Pack:
    """Return a parameter set of the file's header as a pack."""
    vol, skew, margin = stated["VolShock"], stated["SkewShock"], stated["Margin"]
    basis, other = stated["BasisContingency"], stated["OtherContingency"]
    return Pack(
        tuple(Scenario(s["SpotShock"], MOVES[s["VolShockDirection"]], s["DampeningFactor"])
              for s in stated["Scenarios"]),
        VolatilityShock(vol["VOLRANGEUP"], vol["VOLRANGEDOWN"], vol["MIN_VOL_EVAL_SHOCKED"],
                        vol["SHORTTERMPOWER"], vol["LONGTERMPOWER"], vol["DTE_FLOOR"], 30.0),
        SkewShock(skew["LINEAR_SCALE_CAP"], skew["LINEAR_CBASE"], skew["ABS_SCALE_CAP"],
                  skew["ABS_CBASE"], skew["MIN_K_STAR"], skew["MIN_WIDTH_SCALE"],
                  skew["VOL_PARAM_STATIC"], skew["VOL_PARAM_SCALE"]),
        Discounts(margin["BASE_STATIC_DISCOUNT"], margin["BASE_STATIC_DISCOUNT_NEG"],
                  margin["LONG_RATE_ADDSCALE"], margin["SHORT_RATE_ADDSCALE"],
                  margin["LONG_RATE_MULTSCALE"], margin["SHORT_RATE_MULTSCALE"]),
        Charges(margin["IM_LOSS_FACTOR"], margin["MM_LOSS_FACTOR"],
                (basis["SCENARIO_SPOT_UP"] - 1, basis["SCENARIO_SPOT_DOWN"] - 1),
                basis["BASIS_CONT_ADD_FACTOR"], basis["BASIS_CONT_MULT_FACTOR"],
                other["PEG_LOSS_THRESHOLD"], other["PEG_LOSS_FACTOR"], other["CONF_THRESHOLD"],
                other["CONF_MARGIN"], other["MM_PERP_PERCENT"], other["IM_PERP_PERCENT"],
                other["MM_OPTION_PERCENT"], other["IM_OPTION_PERCENT"]),
        1800.0)


def holdings_of(stated) -> Holdings:
    """Return a portfolio of the vectors as holdings."""
    feeds = tuple(
        (float(f["FeedExpiry"]),
         Feed(f["Forward"], f["Rate"], min(f["ForwardConfidence"], f["RateConfidence"],
                                           f["OptionVolConfidences"])))
        for f in stated["OptionFeeds"])
    options = tuple(
        GridOption(f"option {place}", float(o["Expiry"]), o["Strike"], bool(o["IsCall"]),
                   o["MarkVol"], o["Amount"])
        for place, o in enumerate(stated["Options"]))
    collateral = tuple(
        Collateral(c["Name"], c["Amount"], c["Price"], c["MMHaircut"], c["IMHaircut"],
                   c["IsRiskCancelling"], c["Confidence"])
        for c in stated["Collaterals"])
    return Holdings(
        stated["SpotPrice"], stated["NumPerps"], stated["PerpPrice"], options, feeds, collateral,
        stated["Cash"], stated["UnrealisedPerpPNL"] + stated["UnrealisedFunding"],
        stated["StablePrice"], stated["SpotConfidence"], stated["PerpConfidence"])


def scenario_grid(case: Case, header: Header) -> tuple[bool, str]:
    """Margin the portfolio; every scenario, the worst, the basis and both margins must agree."""
    given, expected = case["inputs"], case["expected"]
    found = pmrm(holdings_of(given["portfolio"]),
                 pack_of(header["parameter_sets"][given["parameter_set"]]))
    if not _binds(found, expected["worst_scenario"]):
        return False, f"worst scenario {found.worst}, not {expected['worst_scenario']}"
    return compared(_figures(found, expected), 1e-9, 1e-6)


def _binds(found: GridMargin, wanted: int | str) -> bool:
    """Say whether the wanted scenario is the worst, or as bad as the worst but for rounding."""
    if wanted == BASIS or found.worst is None:
        return wanted == BASIS and found.worst is None
    tied = found.scenario_pnl[wanted] - found.worst_pnl
    return found.worst == wanted or abs(tied) <= 1e-9 * max(1.0, abs(found.worst_pnl))


def _figures(found: GridMargin, expected) -> list[tuple[float, float]]:
    return [
        (found.equity - found.initial, expected["net_margin_IM"]),
        (found.equity - found.maintenance, expected["net_margin_MM"]),
        (found.worst_pnl, expected["worst_scenario_pnl"]),
        (found.mark_to_market, expected["mark_to_market"]),
        (found.basis, expected["basis_contingency"]),
        *zip(found.scenario_pnl.tolist(), expected["scenario_pnl"], strict=True),
    ]


def iv_shock(case: Case, header: Header) -> tuple[bool, str]:
    """Shock one volatility up and down."""
    given, expected = case["inputs"], case["expected"]
    shock = VolatilityShock(given["vol_range_up"], given["vol_range_down"], given["min_vol_up"],
                            given["power_short"], given["power_long"], given["dte_floor"], 30.0)
    volatility, days = np.array([given["iv"]]), np.array([float(given["dte_days"])])
    return compared(
        [(float(shock.multiplier(days)[0]), expected["multiplier"]),
         (float(shock.shocked_up(volatility, days)[0]), expected["iv_up"]),
         (float(shock.shocked_down(volatility, days)[0]), expected["iv_down"])], 1e-12, 1e-15)


def perp_mechanics(case: Case, header: Header) -> tuple[bool, str]:
    """Compute each figure the case expects from the inputs it gives."""
    given, expected = case["inputs"], case["expected"]

    def liquidation(rate, deduction):
        return perpetual.liquidation_price(given["side"], given["size"], given["entry"],
                                           given["wallet"], rate, deduction)

    figures = {
        "liquidation_price": lambda: liquidation(given["mmr"], given["cum"]),
        "bankruptcy_price": lambda: liquidation(0.0, 0.0),
        "upnl_coin": lambda: perpetual.inverse_profit(
            given["side"], given["contracts_usd"], given["entry"], given["mark"]),
        "pnl_coin": lambda: perpetual.inverse_scenario_profit(
            given["position_coin"], given["move"]),
    }
    tolerance = 1e-9 if "liquidation_price" in expected else 1e-12
    return compared([(figures[name](), wanted) for name, wanted in expected.items()],
                    tolerance, 1e-15)


def funding(case: Case, header: Header) -> tuple[bool, str]:
    """Compute the rate of eight hours, the hourly rate, what a long and the holder pay."""
    given, expected = case["inputs"], case["expected"]
    rate = perpetual.funding_rate(given["premium"], given["interest"], given["clamp"])
    paid = perpetual.funding_payment(1, given["size"], given["oracle"], rate)
    figures = {"rate_8h": rate, "hourly_rate": rate / 8, "payment_long": paid,
               "payment_short": -paid, "payment": given.get("side", 1) * paid}
    return compared([(figures[name], wanted) for name, wanted in expected.items()], 0.0, 1e-12)


FAMILIES: dict[str, Check] = {
    "scenario_grid_pm": scenario_grid,
    "iv_shock": iv_shock,
    "perp_mechanics": perp_mechanics,
    "funding": funding,
    **crypto_venues.FAMILIES,
}
