"""Drawn paths of the dynamic cascade: readable twin of `cascade.h`, all paths side by side.

A path draws a shock (Student-t over the whole path, arriving in equal parts) and the depth of all
markets, then plays out: volatility, margin, calls, sales limited by volume, halts, prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.kernels.philox import normal_quantile, uniforms

Floats: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]
Whole: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
RULES = ("impact", "decay", "cap", "participation", "maintenance", "buffer", "converge_from",
         "converge_to", "floor", "steps_a_day", "most_steps", "shock_days", "arrival", "freedom",
         "depth_deviation", "noticed", "lowest")
"""What `rules` holds, in order; `lowest` is the least log return of one part of a shock."""
ROWS = ("cash", "offset", "scale", "fixed", "reaction", "free", "lends", "frozen", "credit")
MARKET = ("price", "volatility", "adv")
SHOCK, TAIL, DEPTH = range(3)
"""Streams of random numbers."""
NEVER = -1
FURTHEST = 700.0
"""Logarithms of prices move no further than this in one step."""
NO_CALL, NO_TRADE, MET, ROUNDING = 1e-12, 1e-10, 1e-9, 1e-12
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


def cascade_paths(positions: Floats, rows: Floats, owner: Index, firm: Index, market: Floats,
                  correlation: Floats, root: Floats, level: Floats, watched: Index,
                  lasting: Whole, covers: Mask, lent: Index, worth: Floats, delay: Whole,
                  rules: Floats, equity: Floats, first_call: Whole, first_sale: Whole,
                  price: Floats, steps: Whole, key: int, first: int) -> None:
    """Play paths `first`, `first` + 1, ... and write what became of every account (n) by path.

    positions (n, k) are signed quantities; `rows` (ROWS, n) and `market` (MARKET, k) lie in the
    order of those names. Margin is fixed + scale x (offset x netted + (1 - offset) x gross).
    `owner` and `firm` number who may help whom; a breaker halts what it `covers` (b, k) for
    `lasting` steps (negative: to the end of the day) once the asset it watches has lost `level`.
    A row that is `frozen` for some steps neither trades nor gives nor is paid into till then;
    `credit` is the line of the owner of that number. Rows `lent` have `worth` out, back `delay`
    steps after its owner first had a call open.

    `first_call` and `first_sale` are steps, -1 for never; `steps` is how many the path took. It is
    negative where numbers overflowed in the last of them; equity and prices are then of the step
    before. Equity is after repaying what was drawn on credit.
    """
    if not (positions.size and len(equity)):
        return
    how = dict(zip(RULES, rules.tolist(), strict=True))
    paths = _Paths(how, positions, dict(zip(ROWS, rows, strict=True)), owner, firm,
                   dict(zip(MARKET, market, strict=True)), correlation, root,
                   _Breakers(level, watched, lasting, covers), _Lent(lent, worth, delay), key,
                   first + np.arange(len(equity), dtype=np.int64))
    first_call[...] = first_sale[...] = NEVER
    live = np.ones(len(equity), dtype=np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):  # looked for, and said in `steps`
        for number in range(int(how["most_steps"])):
            steps[live] = number + 1
            live = paths.advance(number, live, first_call, first_sale)
            if not live.any():
                break
        broken = paths.broken | ~paths.keep(~paths.broken)
    steps[broken] *= -1
    equity[...], price[...] = paths.kept, paths.before


@dataclass(frozen=True, slots=True)
class _Breakers:
    level: Floats
    watched: Index
    lasting: Whole
    covers: Mask

    def steps(self, b: int, number: int, a_day: int) -> int:
        return int(self.lasting[b]) if self.lasting[b] >= 0 else a_day - number % a_day


@dataclass(frozen=True, slots=True)
class _Lent:
    row: Index
    worth: Floats
    delay: Whole


class _Paths:
    """The state of all paths (p, ...), advanced together."""

    def __init__(self, how: dict[str, float], positions: Floats, rows: dict[str, Floats],
                 owner: Index, firm: Index, market: dict[str, Floats], correlation: Floats,
                 root: Floats, breakers: _Breakers, lent: _Lent, key: int, numbers: Whole) -> None:
        self.how, self.rows, self.owner, self.firm = how, rows, owner, firm
        self.start, self.sigma0 = market["price"], market["volatility"]
        self.correlation, self.root, self.breakers = correlation, root, breakers
        self.lent, self.key, self.numbers = lent, key, numbers
        count, assets = len(numbers), len(self.start)
        self.tail = self._tail()
        depth = np.exp(how["depth_deviation"] * normal_quantile(self._uniform(0, DEPTH)))
        self.adv = market["adv"] * depth[:, None]
        deep = np.sqrt(np.where(self.adv > 0, self.adv, 1.0))
        self.slope = np.where(self.adv > 0, how["impact"] * self.sigma0 / deep, 0.0)
        self.held = np.repeat(positions[None], count, axis=0)
        self.cash = np.repeat(rows["cash"][None], count, axis=0)
        self.free = np.repeat(rows["free"][None], count, axis=0)
        self.credit = np.repeat(rows["credit"][None], count, axis=0)
        self.recalled, self.drawn = np.zeros_like(self.cash), np.zeros_like(self.cash)
        self.asked = np.full(self.cash.shape, NEVER, dtype=np.int64)
        self.back = np.zeros((count, len(lent.row)), dtype=np.bool_)
        self.broken = np.zeros(count, dtype=np.bool_)
        self.kept = self.cash + positions @ self.start
        self.before = np.repeat(self.start[None], count, axis=0)
        self.log_return = self._part(0)
        self.price = self.start * np.exp(np.minimum(self.log_return, FURTHEST))
        self.sigma = np.repeat(self.sigma0[None], count, axis=0)
        self.volume = np.zeros((count, assets))
        self.halted = np.zeros((count, assets), dtype=np.int64)
        self.gone = np.zeros((count, len(breakers.level)), dtype=np.bool_)

    def _uniform(self, step: int, stream: int) -> Floats:
        return uniforms(1, self.key, self.numbers, step, stream)[:, 0]

    def _tail(self) -> Floats:
        """Return sqrt((v - 2) / chi2_v): half of v logarithms, and a squared normal if v is odd."""
        freedom = int(self.how["freedom"])
        pairs, odd = divmod(freedom, 2)
        square = sum((-2.0 * np.log(self._uniform(n, TAIL)) for n in range(pairs)),
                     np.zeros(len(self.numbers)))
        if odd:
            square = square + normal_quantile(self._uniform(pairs, TAIL)) ** 2
        return np.asarray(np.sqrt((freedom - 2.0) / square))

    def _part(self, number: int) -> Floats:
        """Return the log returns (p, k) of one part of the shock."""
        days = self.how["shock_days"] / self.how["arrival"]
        normal = normal_quantile(
            uniforms(len(self.start), self.key, self.numbers, number, SHOCK))
        moves = np.sqrt(days) * self.tail[:, None] * self.sigma0 * (normal @ self.root.T)
        return np.asarray(np.maximum(moves, self.how["lowest"]), dtype=np.float64)

    def advance(self, number: int, live: Mask, first_call: Whole, first_sale: Whole) -> Mask:
        """Do one step of the paths still running and return those that go on."""
        how = self.how
        self._react(number)
        live = live & self.keep(live)
        required = how["maintenance"] * self._margin()
        able = np.where(self.rows["frozen"] > number, 0.0, 1.0)
        short = np.maximum(required - self._equity(), 0.0)
        calls = np.where(live[:, None] & (short > ROUNDING * required), short, 0.0)
        backed, left = self._met(required, calls, able, number, first_call)
        share = able * np.where(live[:, None], self._fractions(backed, left, required), 0.0)
        first_sale[(share > 0) & (first_sale < 0)] = number
        self._halt(number, live)
        wanted = -share[:, :, None] * self.held
        arriving = number + 1 < how["arrival"]
        waits = ((self.halted > 0).any(axis=1) | arriving
                 | (calls * (1.0 - able) > NO_CALL).any(axis=1))
        live = live & (waits | (np.abs(wanted).sum(axis=(1, 2)) >= NO_TRADE))
        following = self._traded(wanted, live)
        if arriving:
            following = following * np.exp(np.minimum(self._part(number + 1), FURTHEST))
        self.log_return = np.where(live[:, None], np.log(following / self.price), 0.0)
        self.price = np.where(live[:, None], following, self.price)
        self.halted = np.maximum(self.halted - 1, 0)
        return np.asarray(live)

    def _equity(self) -> Floats:
        return np.asarray(self.cash + np.einsum("pnk,pk->pn", self.held, self.price))

    def keep(self, which: Mask) -> Mask:
        """Keep equity and prices of these paths where they are finite; say where they are."""
        equity = self._equity() - self.drawn
        finite = np.isfinite(equity).all(axis=1) & np.isfinite(self.price).all(axis=1)
        now = (which & finite)[:, None]
        self.broken |= which & ~finite
        self.kept = np.where(now, equity, self.kept)
        self.before = np.where(now, self.price, self.before)
        return np.asarray(finite)

    def _react(self, number: int) -> None:
        """Let volatility follow returns: the first is a day's, later ones parts of a day."""
        a_day, decay = self.how["steps_a_day"], self.how["decay"]
        kept, parts = (decay ** (1.0 / a_day), a_day) if number else (decay, 1.0)
        self.sigma = np.sqrt(kept * self.sigma**2 + (1.0 - kept) * parts * self.log_return**2)

    def _margin(self) -> Floats:
        """Return fixed + scale x (offset x netted + (1 - offset) x gross), correlations rising."""
        rows = self.rows
        rise = np.minimum(self.sigma, self.how["cap"] * self.sigma0) - self.sigma0
        sigma = self.sigma0 + rows["reaction"][None, :, None] * rise[:, None, :]
        risk = self.held * (self.price[:, None, :] * sigma)
        gross = np.abs(risk).sum(axis=2)
        model = gross
        if rows["offset"].any():
            worst = np.max(1.0 - self.price / self.start, axis=1, initial=0.0)
            low, high = self.how["converge_from"], self.how["converge_to"]
            weight = np.clip((worst - low) / (high - low), 0.0, 1.0)[:, None]
            today = np.sum((risk @ self.correlation) * risk, axis=2)
            net = np.sqrt(np.maximum((1.0 - weight) * today + weight * gross**2, 0.0))
            model = rows["offset"] * net + (1.0 - rows["offset"]) * gross
        return np.asarray(rows["fixed"] + rows["scale"] * model)

    def _met(self, required: Floats, calls: Floats, able: Floats, number: int,
             first_call: Whole) -> tuple[Floats, Floats]:
        """Meet calls layer by layer; return equity after it and what of the calls is left.

        Excess at the same firm, free collateral, what was lent out and came back, the credit line.
        """
        equity = self._equity()
        still, spare = calls * able, np.maximum(equity - required, 0.0) * able
        excess = _moved(self.firm, still, spare * self.rows["lends"])
        first_call[(calls - np.maximum(excess, 0.0) > self.how["noticed"])
                   & (first_call < 0)] = number
        still, spare, moved = _after(still, spare, excess)
        self._come_back(number)
        for pool in (self.free, self.recalled):
            given = _moved(self.owner, still, np.minimum(spare, pool))
            pool += np.minimum(given, 0.0)
            still, spare, moved = *_after(still, spare, given)[:2], moved + given
        credit = self._borrowed(still)
        still, moved = still - credit, moved + credit
        asks = _summed(self.owner, np.where(still > 0.0, 1.0, 0.0)) > 0.0
        self.asked[asks & (self.asked == NEVER)] = number
        self.cash = self.cash + moved
        self.drawn = self.drawn + credit
        left = np.maximum(calls - np.maximum(moved, 0.0), 0.0)
        return equity + moved, np.where(left <= MET * calls, 0.0, left)

    def _come_back(self, number: int) -> None:
        for n, row in enumerate(self.lent.row):
            since = self.asked[:, self.owner[row]]
            due = ~self.back[:, n] & (since != NEVER) & (number >= since + self.lent.delay[n])
            self.recalled[due, row] += self.lent.worth[n]
            self.back[:, n] |= due

    def _borrowed(self, calls: Floats) -> Floats:
        need = _summed(self.owner, calls)
        drawn = np.minimum(need, self.credit)
        self.credit = self.credit - drawn
        share = np.divide(drawn, need, out=np.zeros_like(need), where=need > 0)
        return np.asarray(calls * share[:, self.owner])

    def _fractions(self, equity: Floats, calls: Floats, required: Floats) -> Floats:
        target = required * (1.0 + self.how["buffer"])
        part = np.clip((target - equity) / np.where(target > 0, target, 1.0), 0.0, 1.0)
        return np.where(calls > NO_CALL, np.where(equity <= 0, 1.0, part), 0.0)

    def _halt(self, number: int, live: Mask) -> None:
        fall, rules = 1.0 - self.price / self.start, self.breakers
        for b, (level, seen) in enumerate(zip(rules.level, rules.watched, strict=True)):
            now = live & ~self.gone[:, b] & (fall[:, seen] >= level)
            lasts = rules.steps(b, number, int(self.how["steps_a_day"]))
            over = now[:, None] & rules.covers[b]
            self.halted = np.where(over, np.maximum(self.halted, lasts), self.halted)
            self.gone[:, b] |= now

    def _traded(self, wanted: Floats, live: Mask) -> Floats:
        """Settle what volume allows at its average price; return prices before any new shock."""
        gross = np.abs(wanted).sum(axis=1)
        most = self.how["participation"] * np.where(self.adv > 0, self.adv, np.inf)
        share = np.minimum(1.0, np.divide(most / self.how["steps_a_day"], gross,
                                          out=np.ones_like(most), where=gross > 0))
        share = np.where((self.halted > 0) | ~live[:, None], 0.0, share)
        trades = wanted * share[:, None, :]
        net = trades.sum(axis=1)
        paid = _average_price(self.price, self.slope, self.volume, net)
        end = self.volume + net
        following = self.price * np.exp(self.slope * (_root(end) - _root(self.volume)))
        self.held = self.held + trades
        self.cash = self.cash - np.einsum("pnk,pk->pn", trades, paid)
        self.volume = end
        return np.maximum(following, self.how["floor"] * self.start)


def _after(calls: Floats, spare: Floats, moved: Floats) -> tuple[Floats, Floats, Floats]:
    """Return calls still open, excess still there, and what was moved."""
    return (np.asarray(np.maximum(calls - np.maximum(moved, 0.0), 0.0)),
            np.asarray(spare + np.minimum(moved, 0.0)), moved)


def _summed(group: Index, values: Floats) -> Floats:
    """Add values of rows up by the number of their group."""
    belongs = np.zeros((len(group), len(group)))
    belongs[np.arange(len(group)), group] = 1.0
    return np.asarray(values @ belongs)


def _moved(group: Index, needs: Floats, gives: Floats) -> Floats:
    """Move what donors of a group give to those in need, in proportion."""
    need, give = _summed(group, needs), _summed(group, gives)
    flow = np.minimum(need, give)
    into = np.divide(flow, need, out=np.zeros_like(flow), where=need > 0)
    out_of = np.divide(flow, give, out=np.zeros_like(flow), where=give > 0)
    return np.asarray(needs * into[:, group] - gives * out_of[:, group])


def _root(volume: Floats) -> Floats:
    return np.asarray(np.copysign(np.sqrt(np.abs(volume)), volume))


def _average_price(price: Floats, k: Floats, done: Floats, traded: Floats) -> Floats:
    """Average price of slices of the cumulative square-root law, by quadrature in sqrt|volume|."""
    end = done + traded
    turn = np.where(done * end < 0.0, 0.0, end)
    area = _area(k, done, turn, done) + _area(k, turn, end, done)
    moves = (traded != 0.0) & (k != 0.0)
    return np.where(moves, price * area / np.where(moves, traded, 1.0), price)


def _area(k: Floats, start: Floats, end: Floats, origin: Floats) -> Floats:
    side = np.where(np.where(start == 0.0, end, start) < 0.0, -1.0, 1.0)
    low, high = np.sqrt(np.abs(start)), np.sqrt(np.abs(end))
    reach = low + high
    width = side * (end - start) / np.where(reach > 0.0, reach, 1.0)
    u = low[..., None] + width[..., None] * (0.5 * (NODES + 1.0))
    exponent = k[..., None] * (side[..., None] * u - _root(origin)[..., None])
    return np.asarray(side * width * np.sum(WEIGHTS * u * np.exp(exponent), axis=-1))
