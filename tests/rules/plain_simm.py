"""Sensitivity-based margin in a second, plain writing: pair by pair, straight from the formulas.

A row is (product class, risk type, qualifier, bucket, label1, label2, amount in USD).
"""

import math
from collections import defaultdict
from itertools import product

DAYS = {"2w": 14.0, "1m": 365 / 12, "3m": 365 / 4, "6m": 365 / 2,
        **{f"{n}y": 365.0 * n for n in (1, 2, 3, 5, 10, 15, 20, 30)}}
HORIZON = {"10d": 14.0, "1d": 1.4}
Z99, Z995 = 2.3263478740408408, 2.5758293035489004
MILLION = 1e6
FX_PAIRS = {(1, 1): "1", (1, 2): "2", (1, 3): "3", (2, 2): "4", (2, 3): "5", (3, 3): "6"}
RISK_CLASSES = {
    "CreditQualifying": ("Risk_CreditQ", "Risk_CreditVol", 0),
    "CreditNonQualifying": ("Risk_CreditNonQ", "Risk_CreditVolNonQ", 2),
    "Equity": ("Risk_Equity", "Risk_EquityVol", None),
    "Commodity": ("Risk_Commodity", "Risk_CommodityVol", None),
}


def root(value):
    return math.sqrt(max(0.0, value))


def quadratic(weights, rho):
    n = range(len(weights))
    return root(sum((1.0 if i == j else rho(i, j)) * weights[i] * weights[j]
                    for i, j in product(n, n)))


def held(value, most):
    return max(min(value, most), -most)


def group_of(groups, currency):
    other = next(name for name, listed in groups.items() if "Other" in listed)
    return next((name for name, listed in groups.items() if currency in listed), other)


def concentration(amount, threshold, mpor):
    return 1.0 if mpor == "1d" else max(1.0, root(abs(amount) / (threshold * MILLION)))


def closeness(a, b):
    return min(a, b) / max(a, b)


def across(k, s, gamma):
    """Add buckets up; Residual stands outside the root."""
    names = [name for name in k if name != "Residual"]
    inside = sum(k[name] ** 2 for name in names)
    inside += sum(gamma(a, b) * s[a] * s[b] for a, b in product(names, names) if a != b)
    return root(inside) + k.get("Residual", 0.0)


def scaling(tenor, mpor):
    return 0.5 * min(1.0, HORIZON[mpor] / DAYS[tenor])


def curvature(buckets, gamma):
    """`buckets` are (curvature values, correlation of places) by name; gamma as for vega."""
    def tail(values):
        size = sum(abs(v) for v in values)
        theta = min(0.0, sum(values) / size) if size else 0.0
        return (Z995**2 - 1) * (1 + theta) - theta

    k = {name: quadratic(values, lambda i, j, rho=rho: rho(i, j) ** 2)
         for name, (values, rho) in buckets.items()}
    found = 0.0
    if "Residual" in buckets:
        values, _ = buckets["Residual"]
        found = max(0.0, sum(values) + tail(values) * k.pop("Residual"))
    rest = {name: values for name, (values, _) in buckets.items() if name != "Residual"}
    s = {name: held(sum(values), k[name]) for name, values in rest.items()}
    every = [v for values in rest.values() for v in values]
    return found + max(0.0, sum(every) + tail(every) * across(
        k, s, lambda a, b: gamma(a, b) ** 2))


def summed(rows, types, key):
    found = defaultdict(float)
    for row in rows:
        if row[1] in types:
            found[key(row)] += row[6]
    return found


def by_first(items):
    found = defaultdict(list)
    for key, value in items.items():
        found[key[0]].append((key, value))
    return dict(sorted(found.items()))


def rate_correlation(c, one, other):
    """Correlate two factors of a currency: (currency, kind, tenor, sub-curve)."""
    if "basis" in (one[1], other[1]):
        return c["corr_XCcyBasis"]
    if "inflation" in (one[1], other[1]):
        return c["corr_Inflation"]
    places = [c["tenors"].index(key[2]) for key in (one, other)]
    same = 1.0 if one[3] == other[3] else c["corr_SubCurves"]
    return c["tenor_corr"][places[0]][places[1]] * same


def rate_blocks(c, factors, weight, concentrated, thresholds, mpor):
    """Return K and S of each currency and its concentration."""
    k, s, cr = {}, {}, {}
    for currency, items in by_first(factors).items():
        group = group_of(c["threshold_currency_groups"], currency)
        counted = sum(v for key, v in items if key[1] != "basis")
        cr[currency] = concentration(counted, thresholds[group], mpor)
        ws = [weight(key) * v * (cr[currency] if concentrated(key) else 1.0) for key, v in items]
        k[currency] = quadratic(ws, lambda i, j, items=items: rate_correlation(
            c, items[i][0], items[j][0]))
        s[currency] = held(sum(ws), k[currency])
    return across(k, s, lambda a, b: c["corr_Outer"] * closeness(cr[a], cr[b]))


def rates(rows, c, mpor, _):
    kinds = {"Risk_IRCurve": "yield", "Risk_Inflation": "inflation", "Risk_XCcyBasis": "basis",
             "Risk_IRVol": "volatility", "Risk_InflationVol": "inflation"}

    def weight(key):
        if key[1] == "yield":
            return c["delta_rw"][mpor][group_of(c["rw_currency_groups"], key[0])][key[2]]
        return c["inflation_rw" if key[1] == "inflation" else "xccy_basis_rw"][mpor]

    deltas = summed(rows, list(kinds)[:3], lambda r: (
        r[2], kinds[r[1]], *(r[4:6] if r[1] == "Risk_IRCurve" else ("", ""))))
    vegas, curved = defaultdict(float), defaultdict(float)
    for r in rows:
        if r[1] in ("Risk_IRVol", "Risk_InflationVol"):
            key = (r[2], kinds[r[1]], r[4] if r[1] == "Risk_IRVol" else "", "")
            vegas[key] += r[6]
            curved[key] += scaling(r[4], mpor) * r[6]
    delta = rate_blocks(c, deltas, weight, lambda key: key[1] != "basis",
                        c["delta_threshold_usd_mm"], mpor)
    vega = rate_blocks(c, vegas, lambda key: c["vega_rw"][mpor], lambda key: True,
                       c["vega_threshold_usd_mm"], mpor)
    buckets = {currency: ([v for _, v in items], lambda i, j, items=items: rate_correlation(
        c, items[i][0], items[j][0])) for currency, items in by_first(curved).items()}
    bent = curvature(buckets, lambda a, b: c["corr_Outer"]) / c["hvr"][mpor] ** 2
    return delta, vega, bent, 0.0


def named(rows, c, mpor, risk_class):
    """Margin a class of named factors: credit by issuer or group, equity, commodity."""
    delta_type, vega_type, group_at = RISK_CLASSES[risk_class]
    credit = group_at is not None
    order = [str(name) for name in c["inter_corr_buckets"]]

    def gamma(a, b):
        return c["inter_corr"][order.index(a)][order.index(b)]

    def rho(bucket, one, other):
        return name_correlation(c, bucket, one, other, group_at)

    def block(items, weights, thresholds):
        whole = defaultdict(float)
        for key, value in items.items():
            whole[key[:2]] += value
        k, s = {}, {}
        for bucket, parts in by_first(items).items():
            cr = [concentration(whole[key[:2]], _of(thresholds, bucket), mpor) for key, _ in parts]
            ws = [_of(weights, bucket) * v * own for (_, v), own in zip(parts, cr, strict=True)]
            k[bucket] = quadratic(ws, lambda i, j, b=bucket, p=parts, cr=cr: (
                rho(b, p[i][0], p[j][0]) * closeness(cr[i], cr[j])))
            s[bucket] = held(sum(ws), k[bucket])
        return across(k, s, gamma)

    def key_of(row):
        return (row[3], row[2], row[4], row[5]) if credit else (row[3], row[2])

    vegas, curved = defaultdict(float), defaultdict(float)
    for row in (row for row in rows if row[1] == vega_type):
        sigma = 1.0 if credit else c["delta_rw"][mpor][row[3]] * root(365 / HORIZON[mpor]) / Z99
        vegas[key_of(row)] += row[6] * sigma * (1.0 if credit else c["hvr"][mpor])
        quiet = vega_type == "Risk_EquityVol" and row[3] == "12"
        curved[key_of(row)] += 0.0 if quiet else row[6] * sigma * scaling(row[4], mpor)
    delta = block(summed(rows, (delta_type,), key_of), c["delta_rw"][mpor],
                  c["delta_threshold_usd_mm"])
    vega = block(vegas, c["vega_rw"][mpor], c["vega_threshold_usd_mm"])
    buckets = {bucket: ([v for _, v in parts], lambda i, j, b=bucket, p=parts: rho(
        b, p[i][0], p[j][0])) for bucket, parts in by_first(curved).items()}
    return delta, vega, curvature(buckets, gamma), base_correlation(rows, c, mpor)


def base_correlation(rows, c, mpor):
    if "base_corr_rw" not in c:
        return 0.0
    families = summed(rows, ("Risk_BaseCorr",), lambda r: r[2])
    based = [c["base_corr_rw"][mpor] * v for v in families.values()]
    return quadratic(based, lambda i, j: c["corr_BaseCorrelation"])


def name_correlation(c, bucket, one, other, group_at):
    """Correlate two names of a bucket: credit by issuer (or group) and tenor, others by bucket."""
    if group_at is None:
        return c["intra_corr"][bucket]
    same = "same" if one[1 + group_at] == other[1 + group_at] else "different"
    return c["intra_corr"][f"{'residual' if bucket == 'Residual' else 'aggregate'}|{same}"]


def _of(table, bucket):
    return table[bucket] if isinstance(table, dict) else table


def currencies(rows, c, mpor, own):
    def group(currency):
        return group_of(c["rw_currency_groups"], currency)

    def category(currency):
        return int(group_of(c["threshold_currency_groups"], currency))

    def block(amounts, weight, threshold, rho):
        items = list(amounts)
        cr = [concentration(amounts[name], threshold(name), mpor) for name in items]
        ws = [weight(name) * amounts[name] * own for name, own in zip(items, cr, strict=True)]
        return quadratic(ws, lambda i, j: rho(items[i], items[j]) * closeness(cr[i], cr[j]))

    spots = summed([r for r in rows if r[2] != own], ("Risk_FX",), lambda r: r[2])
    vegas, curved = defaultdict(float), defaultdict(float)
    for r in (r for r in rows if r[1] == "Risk_FXVol"):
        pair = tuple(sorted((r[2][:3], r[2][3:])))
        weight = c["delta_rw"][mpor]["|".join(map(group, pair))]
        sigma = weight * root(365 / HORIZON[mpor]) / Z99
        vegas[pair] += r[6] * sigma * c["hvr"][mpor]
        curved[pair] += r[6] * sigma * scaling(r[4], mpor)
    flat = c["corr_Volatility"]
    delta = block(spots, lambda name: c["delta_rw"][mpor][f"{group(name)}|{group(own)}"],
                  lambda name: c["delta_threshold_usd_mm"][str(category(name))],
                  lambda a, b: c["intra_corr"][f"calc={group(own)}|{group(a)}|{group(b)}"])
    vega = block(vegas, lambda pair: c["vega_rw"][mpor],
                 lambda pair: c["vega_threshold_usd_mm"][
                     FX_PAIRS[tuple(sorted(map(category, pair)))]], lambda a, b: flat)
    return delta, vega, curvature({"": (list(curved.values()), lambda i, j: flat)},
                                  lambda a, b: 0.0), 0.0


def margin(rows, calibration, mpor="10d", currency="USD"):
    """Return the margin of the sensitivities of one portfolio, add-ons left out."""
    products = defaultdict(list)
    for row in rows:
        products[row[0]].append(row)
    found = 0.0
    for held_rows in products.values():
        of_class = []
        for name in calibration["risk_class_order"]:
            c = calibration[name]
            if name == "InterestRate":
                parts = rates(held_rows, c, mpor, currency)
            elif name == "FX":
                parts = currencies(held_rows, c, mpor, currency)
            else:
                parts = named(held_rows, c, mpor, name)
            of_class.append(sum(parts))
        found += quadratic(of_class, lambda i, j: calibration["psi"][i][j])
    return found
