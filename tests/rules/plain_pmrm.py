"""The scenario grid of one underlying once more, in plain loops from the published description.

Written from the steps of the reference specification, with the parameter names of its documents;
shares nothing with the product but the case format of the vectors.
"""

from math import erf, exp, log, sqrt

YEAR, DAY, WINDOW = 365 * 86_400, 86_400, 1_800


def cumulative(x):
    return 0.5 * (1 + erf(x / sqrt(2)))


def black(forward, strike, volatility, years, rate, is_call):
    deviation = volatility * sqrt(years)
    if forward <= 0:
        call = 0.0
    elif deviation <= 0:
        call = max(forward - strike, 0.0)
    else:
        d = log(forward / strike) / deviation + deviation / 2
        call = forward * cumulative(d) - strike * cumulative(d - deviation)
    value = call if is_call else call - (forward - strike)
    return max(value, 0.0) * exp(-rate * years)


def tilted(volatility, strike, forward, years, skew, absolute):
    name = "ABS" if absolute else "LINEAR"
    root = sqrt(years)
    cap = skew[f"{name}_SCALE_CAP"] + skew[f"{name}_CBASE"] * root
    width = max(skew["MIN_K_STAR"], skew["MIN_WIDTH_SCALE"] * root * (
        skew["VOL_PARAM_STATIC"] + skew["VOL_PARAM_SCALE"] * root))
    k = log(strike / forward)
    k = abs(k) if absolute else k
    x = min(k * cap / width, cap)
    return volatility * max(0.0, 1 + (max(x, -cap) if k < 0 else x))


def shocked(volatility, days, direction, shock):
    power = shock["SHORTTERMPOWER" if days <= 30 else "LONGTERMPOWER"]
    multiplier = (30 / max(days, shock["DTE_FLOOR"])) ** power
    if direction == "Up":
        return max(volatility * (1 + shock["VOLRANGEUP"] * multiplier),
                   shock["MIN_VOL_EVAL_SHOCKED"])
    if direction == "Down":
        return volatility * max(0.0, 1 - shock["VOLRANGEDOWN"] * multiplier)
    return volatility


def expiry_value(options, feed, move, direction, rules):
    seconds = feed["FeedExpiry"]
    years, rate, total = seconds / YEAR, max(feed["Rate"], 0.0), 0.0
    moving = min(1.0, seconds / WINDOW)
    forward = feed["Forward"] * moving * (1 + move) + feed["Forward"] * (1 - moving)
    for option in options:
        if direction in ("LINEAR", "ABS"):
            volatility = tilted(option["MarkVol"], option["Strike"], forward, years,
                                rules["SkewShock"], direction == "ABS")
        else:
            volatility = shocked(option["MarkVol"], seconds / DAY, direction, rules["VolShock"])
        total += option["Amount"] * black(forward, option["Strike"], volatility, years, rate,
                                          option["IsCall"])
    return total


def discounted(value, feed, margin):
    years, rate = feed["FeedExpiry"] / YEAR, max(feed["Rate"], 0.0)
    if value >= 0:
        return value * margin["BASE_STATIC_DISCOUNT"] * exp(-years * (
            rate * margin["LONG_RATE_MULTSCALE"] + margin["LONG_RATE_ADDSCALE"]))
    return value * min(exp(rate * years), margin["BASE_STATIC_DISCOUNT_NEG"] * exp(years * (
        rate * margin["SHORT_RATE_MULTSCALE"] + margin["SHORT_RATE_ADDSCALE"])))


def net_margins(book, rules):
    """Return net initial and net maintenance margin of a portfolio of the vectors."""
    expiries = [(feed, [o for o in book["Options"] if o["Expiry"] == feed["FeedExpiry"]])
                for feed in book["OptionFeeds"]]
    marks = [expiry_value(own, feed, 0.0, "None", rules) for feed, own in expiries]
    worth = [c["Amount"] * c["Price"] / book["StablePrice"] for c in book["Collaterals"]]
    cancelling = sum(value for c, value in zip(book["Collaterals"], worth, strict=True)
                     if c["IsRiskCancelling"])
    profits = []
    for scenario in rules["Scenarios"]:
        move, direction = scenario["SpotShock"] - 1, scenario["VolShockDirection"]
        total = (book["NumPerps"] * book["PerpPrice"] + cancelling) * move
        for (feed, own), mark in zip(expiries, marks, strict=True):
            gain = discounted(expiry_value(own, feed, move, direction, rules), feed,
                              rules["Margin"]) - mark
            total += -abs(gain) if direction in ("LINEAR", "ABS") else gain
        profits.append(scenario["DampeningFactor"] * total)
    basis = 0.0
    contingency = rules["BasisContingency"]
    for (feed, own), mark in zip(expiries, marks, strict=True):
        losses = [expiry_value(own, feed, contingency[name] - 1, "None", rules) - mark
                  for name in ("SCENARIO_SPOT_UP", "SCENARIO_SPOT_DOWN")]
        basis += min(*losses, 0.0) * (contingency["BASIS_CONT_ADD_FACTOR"]
                                      + contingency["BASIS_CONT_MULT_FACTOR"]
                                      * feed["FeedExpiry"] / YEAR)
    worst = min(basis, *profits)
    kept, added = contingencies(book, expiries, worth, rules["OtherContingency"])
    other, margin = rules["OtherContingency"], rules["Margin"]
    below = max(0.0, other["PEG_LOSS_THRESHOLD"] - book["StablePrice"])
    factor = margin["IM_LOSS_FACTOR"] + other["PEG_LOSS_FACTOR"] * below
    equity = (sum(marks) + sum(worth) + book["UnrealisedPerpPNL"] + book["UnrealisedFunding"]
              + book["Cash"])
    return (factor * worst - kept - added + equity,
            margin["MM_LOSS_FACTOR"] * worst - kept + equity)


def contingencies(book, expiries, worth, other):
    spot, sure = book["SpotPrice"], book["SpotConfidence"]
    notional = abs(book["NumPerps"]) * spot
    kept, added = notional * other["MM_PERP_PERCENT"], notional * other["IM_PERP_PERCENT"]

    def doubt(confidence, exposed):
        short = confidence < other["CONF_THRESHOLD"]
        return (1 - confidence) * other["CONF_MARGIN"] * exposed if short else 0.0

    added += doubt(min(sure, book["PerpConfidence"]), notional)
    for feed, own in expiries:
        naked = 0.0
        for strike in {o["Strike"] for o in own}:
            calls, puts = (sum(o["Amount"] for o in own
                               if o["Strike"] == strike and bool(o["IsCall"]) == side)
                           for side in (True, False))
            if calls * puts < 0:
                naked += max(0.0, abs(min(calls, puts)) - max(calls, puts))
            else:
                naked += max(0.0, -calls) + max(0.0, -puts)
        kept += naked * spot * other["MM_OPTION_PERCENT"]
        added += naked * spot * other["IM_OPTION_PERCENT"]
        confidence = min(sure, feed["ForwardConfidence"], feed["RateConfidence"],
                         feed["OptionVolConfidences"])
        added += doubt(confidence, sum(abs(o["Amount"]) for o in own) * spot)
    for c, value in zip(book["Collaterals"], worth, strict=True):
        kept += c["MMHaircut"] * value
        added += c["IMHaircut"] * value + doubt(c["Confidence"], value)
    return kept, added
