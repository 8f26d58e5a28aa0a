"""A second, plain writing of the scan-based calculation, from its description and nothing else.

Everything is exact fractions in ordinary dictionaries; roundings stand where the description has
them. It serves to compare the product with, so it shares no code with it: contracts are
(commodity, month, losses, delta, price scan range), spreads are dictionaries.
"""

from collections import defaultdict
from fractions import Fraction

Q = Fraction
PAIRS = {1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5, 7: 8, 8: 7, 9: 10, 10: 9, 11: 12, 12: 11, 13: 14,
         14: 13, 15: 15, 16: 16}


def rounded(value, places=0):
    scale = 10**places
    size = int(abs(Q(value)) * scale + Q(1, 2))
    return Q(-size if value < 0 else size, scale)


def scanned(holdings):
    """Scan, time and volatility risk of (quantity, losses) pairs."""
    array = [sum((Q(q) * Q(losses[j]) for q, losses in holdings), Q(0)) for j in range(16)]
    worst = max(array)
    active = array.index(worst) + 1
    time = rounded((array[0] + array[1]) / 2)
    if worst < 0:
        return Q(0), time, rounded((array[0] - array[1]) / 2)
    return worst, time, rounded((worst - array[PAIRS[active] - 1]) / 2)


def inside(month, tier):
    return tier[0] <= month <= tier[1]


class Commodity:
    """One combined commodity while a portfolio is calculated."""

    def __init__(self, given, held):
        self.given, self.held = given, held
        tiers = given.get("scan_tiers") or [("000000", "999999")]
        scans = [scanned([(h["q"], h["losses"]) for h in held if inside(h["month"], tier)])
                 for tier in tiers if any(inside(h["month"], tier) for h in held)]
        self.scan, time, volatility = (sum((s[k] for s in scans), Q(0)) for k in range(3))
        price = max(self.scan - time - volatility, Q(0))
        sums = defaultdict(Q)
        for h in held:
            sums[h["month"]] += Q(h["q"]) * Q(h["delta"]) * Q(h["dsf"])
        self.left = {month: rounded(delta, 4) for month, delta in sums.items()}
        self.within = defaultdict(Q)
        self.price_risk = self.weighted(price, sum(self.left.values(), Q(0)), held)
        self.intra = self.spot = self.credit = Q(0)

    def weighted(self, price, delta, held):
        if not price or not delta:
            return Q(0)
        normal = price / abs(delta)
        nearest = min(held, key=lambda h: (h["month"], h["is_option"], h["family"]))
        limit = Q(nearest["psr"]) / Q(nearest["dsf"])
        method = self.given.get("wfpr", 1)
        return rounded({1: normal, 2: min(normal, limit), 3: limit}[method], 2)

    def of_tier(self, tier):
        held = [h for h in self.held if inside(h["month"], tier)]
        scan, time, volatility = scanned([(h["q"], h["losses"]) for h in held])
        delta = rounded(sum((Q(h["q"]) * Q(h["delta"]) * Q(h["dsf"]) for h in held), Q(0)), 4)
        return self.weighted(max(scan - time - volatility, Q(0)), delta, held) if held else Q(0)

    def months(self, tier):
        return [m for m in sorted(self.left) if tier is None or inside(m, tier)]

    def take(self, months, amount, sign, within):
        amount = rounded(amount, 4)
        for month in months:
            there = max(self.left[month] * sign, Q(0))
            taken = min(there, amount)
            self.left[month] -= sign * taken
            if within:
                self.within[month] += taken
            amount -= taken

    def spreads_within(self):
        total = Q(0)
        for kind in ("series", "tier"):
            for spread in sorted((s for s in self.given.get("intra", ()) if s["kind"] == kind),
                                 key=lambda s: s["priority"]):
                for long_side in "AB":
                    total += self.one_within(spread, long_side)
        self.intra = rounded(total)
        self.spot = rounded(sum((
            self.within[month] * Q(in_spreads) + abs(self.left[month]) * Q(outright)
            for month, (in_spreads, outright) in self.given.get("spot", {}).items()
            if month in self.left), Q(0)))

    def one_within(self, spread, long_side):
        wanted = defaultdict(Q)
        for place, ratio, side in spread["legs"]:
            wanted[place, 1 if side == long_side else -1] += Q(ratio)
        available = {}
        for (place, sign), ratio in wanted.items():
            if spread["kind"] == "series":
                months = [place] if place in self.left else []
            else:
                months = self.months(self.given["intra_tiers"][place])
            there = sum((max(self.left[m] * sign, Q(0)) for m in months), Q(0))
            available[place, sign] = months, there / ratio
        count = rounded(min(found for _, found in available.values()), 4)
        if count <= 0:
            return Q(0)
        for (place, sign), ratio in wanted.items():
            self.take(available[place, sign][0], count * ratio, sign, within=True)
        return count * Q(spread["rate"])


def spread_between(spread, commodities, earned):
    """Form one spread between commodities, by whole commodity or by one tier of each."""
    if any(leg["cc"] not in commodities for leg in spread["legs"]):
        return
    legs = []
    for leg in spread["legs"]:
        c = commodities[leg["cc"]]
        tier = c.given["inter_tiers"][leg["tier"]] if leg.get("tier") is not None else None
        months = c.months(tier)
        legs.append((leg, c, tier, months, sum((c.left[m] for m in months), Q(0))))
    first = legs[0]
    if not all(left for *_, left in legs):
        return
    long_side = "A" if (first[4] > 0) == (first[0]["side"] == "A") else "B"
    if any((left > 0) != (leg["side"] == long_side) for leg, *_, left in legs):
        return
    count = rounded(min(abs(left) / Q(leg["ratio"]) for leg, *_, left in legs), 4)
    for leg, c, tier, months, left in legs:
        rate = Q(leg.get("rate", spread["rate"]))
        ratio = Q(leg["ratio"])
        if spread["method"] == "20":
            risk = c.price_risk if tier is None else c.of_tier(tier)
            earned[leg["cc"]] += rounded(risk * rate / 100, 2) * count * ratio
        else:
            earned[leg["cc"]] += c.price_risk * count * ratio * rate / 100
        c.take(months, count * ratio, 1 if left > 0 else -1, within=False)


def credits_of(kind, spreads, commodities):
    earned = defaultdict(Q)
    for spread in sorted((s for s in spreads if s["when"] == kind), key=lambda s: s["priority"]):
        spread_between(spread, commodities, earned)
    for code, amount in earned.items():
        commodities[code].credit += rounded(amount)


def requirement(given, spreads, held, account, rates=None, gross=False):
    """Return maintenance and initial in one currency, and the components of every commodity.

    A gross account's long and short sides are two portfolios without credits between commodities.
    """
    sides = [[h for h in held if h["q"] > 0], [h for h in held if h["q"] < 0]] if gross else [held]
    maintenance = initial = Q(0)
    components = {}
    for number, side in enumerate(sides):
        found = of_side(given, () if gross else spreads, side, account)
        pools = defaultdict(lambda: [Q(0), Q(0), Q(0)])
        for code, item in found.items():
            components[code, number if gross else 0] = item["shown"]
            for place, name in enumerate(("maintenance", "initial", "nov")):
                pools[given[code].get("currency", "USD")][place] += item[name]
        for currency, (m, i, value) in pools.items():
            rate = Q((rates or {}).get(currency, 1))
            maintenance += max(Q(0), m - value) * rate
            initial += max(Q(0), i - value) * rate
    return maintenance, initial, components


def of_side(given, spreads, held, account):
    """Return the components of every commodity of one netted portfolio."""
    by_code = defaultdict(list)
    for item in held:
        by_code[item["cc"]].append(item)
    commodities = {code: Commodity(given[code], items) for code, items in by_code.items()}
    credits_of("super", spreads, commodities)
    for c in commodities.values():
        c.spreads_within()
    credits_of("inter", spreads, commodities)
    found = {}
    for code, c in commodities.items():
        short = {right: sum((-Q(h["q"]) * Q(h["dsf"]) for h in c.held
                             if h["right"] == right and h["q"] < 0), Q(0)) for right in "CP"}
        number = max(short.values()) if c.given.get("som_max") else sum(short.values())
        floor = Q(c.given.get("som", 0)) * number
        risk = max(c.scan + c.intra + c.spot - c.credit, floor)
        worth = rounded(sum((Q(h["q"]) * Q(h["price"]) * Q(h["factor"]) for h in c.held
                             if h["right"]), Q(0)), 2)
        found[code] = {
            "maintenance": rounded(risk * Q(c.given["adjustment"].get(account, 1))),
            "initial": rounded(risk * Q(c.given["initial"].get(account, 1))), "nov": worth,
            "shown": {"scan": c.scan, "intra": c.intra, "spot": c.spot, "credit": c.credit,
                      "som": floor, "nov": worth, "risk": risk}}
    return found
