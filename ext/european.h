/* Generalised Black-Scholes values of options over rows of scenarios.
 *
 *     F = S (1 + x) e^(bT),  d1 = ln(F/K)/sv + sv/2,  d2 = d1 - sv,  sv = sigma m sqrt(T)
 *     value = e^(-rT) w (F N(w d1) - K N(w d2)),  w = +1 call, -1 put
 *
 * Both normal probabilities come from one exponential and one division, because F phi(d1) = K phi(d2).
 * Whatever belongs to the option alone or to the scenario alone is computed once, sign and discount
 * included.  Coin-settled contracts divide by the moved spot: F and K change parts.
 */
#ifndef CROSSMARGIN_EUROPEAN_H
#define CROSSMARGIN_EUROPEAN_H

#include "elementary.h"

#define LEAST_DEVIATION 1e-100
#define NOTHING 1e-250        /* taken off every value: what is smaller counts as zero */
#define BLOCK 64              /* options prepared together */
#define WIDTH (PAIR * LANES)

/* Columns of scenarios: growth (coin-settled: one over it), ln growth over the factor, one over the
 * factor, the factor; `padded` to whole pairs of registers. */
typedef struct {
    Py_ssize_t count, padded;
    double *growth, *log_growth, *inverse, *factor;
} Scenarios;

/* w times ln(F/K)/sv, 1/sv, sv/2, sv; discounted w F (coin-settled: over spot) and w K; unmoved value. */
typedef struct {
    double moneyness[BLOCK], inverse[BLOCK], half[BLOCK], deviation[BLOCK];
    double forward[BLOCK], strike[BLOCK], base[BLOCK];
} Prepared;

typedef struct {
    const double *spot, *strike, *years, *rate, *carry, *volatility;
    const unsigned char *is_call;
} Columns;

typedef struct { Lanes moneyness, inverse, half, deviation; } Distance;
typedef struct { Lanes log_growth, inverse, factor; } Shock;

static Py_ssize_t padded_count(Py_ssize_t count) { return (count + WIDTH - 1) / WIDTH * WIDTH; }

/* Lay out four columns in `room`, which holds room_size(count) numbers. */
static Py_ssize_t room_size(Py_ssize_t count) { return 4 * padded_count(count) + LINE / 8; }

static void lay_out(Scenarios *scenarios, double *room, Py_ssize_t count)
{
    room = lanes_aligned(room);
    scenarios->count = count;
    scenarios->padded = padded_count(count);
    scenarios->growth = room;
    scenarios->log_growth = room + scenarios->padded;
    scenarios->inverse = room + 2 * scenarios->padded;
    scenarios->factor = room + 3 * scenarios->padded;
}

static void prepare_scenarios(Scenarios *to, const double *moves, const double *factors, int coin)
{
    Lanes zero = lanes_set(0.0), one = lanes_set(1.0);
    Py_ssize_t s;
    for (s = 0; s < to->padded; s++) {
        to->growth[s] = s < to->count ? 1.0 + moves[s] : 1.0;
        to->factor[s] = s < to->count ? factors[s] : 1.0;
    }
    for (s = 0; s < to->padded; s += LANES) {
        Lanes growth = lanes_max(lanes_load(to->growth + s), zero);
        Lanes factor = lanes_max(lanes_load(to->factor + s), zero);
        Lanes inverse = lanes_div(one, lanes_max(factor, lanes_set(LEAST_DEVIATION)));
        lanes_store(to->factor + s, factor);
        lanes_store(to->inverse + s, inverse);
        lanes_store(to->log_growth + s, lanes_mul(
            lanes_logarithm(lanes_max(growth, lanes_set(SMALLEST))), inverse));
        lanes_store(to->growth + s, coin ? lanes_div(one, growth) : growth);
    }
}

/* Values of two registers of (option, scenario) cells. */
static inline void value_cells(const Distance at[PAIR], const Shock moved[PAIR],
                               const Lanes forward[PAIR], const Lanes strike[PAIR],
                               Lanes value[PAIR])
{
    Lanes d1[PAIR], d2[PAIR], x1[PAIR], x2[PAIR], bell[PAIR], most = lanes_set(FURTHEST);
    Tails tails[PAIR];
    int w;
    BOTH(w) {
        d1[w] = lanes_madd(at[w].moneyness, moved[w].inverse, lanes_madd(
            at[w].half, moved[w].factor, lanes_mul(at[w].inverse, moved[w].log_growth)));
        d2[w] = lanes_nmadd(at[w].deviation, moved[w].factor, d1[w]);
        x1[w] = lanes_near(d1[w], most);
        x2[w] = lanes_near(d2[w], most);
    }
    lanes_bells(x1, bell);
    lanes_tails(x1, x2, tails);
    BOTH(w) {
        Tails of = tails[w];
        Lanes shared = lanes_div(lanes_mul(forward[w], bell[w]), lanes_mul(of.q1, of.q2));
        Lanes stock = lanes_msub(lanes_mul(of.p1, of.q2), shared, lanes_set(NOTHING));
        Lanes bond = lanes_mul(lanes_mul(of.p2, of.q1), shared);
        value[w] = lanes_max(lanes_sub(lanes_rest(d1[w], forward[w], stock),
                                       lanes_rest(d2[w], strike[w], bond)), lanes_set(0.0));
    }
}

/* The value where nothing has moved, by the arithmetic of a row: a zero move gains exactly zero. */
static void value_unmoved(Prepared *of)
{
    Shock still[PAIR];
    int i, w;
    BOTH(w) {
        still[w].log_growth = lanes_set(0.0);
        still[w].inverse = still[w].factor = lanes_set(1.0);
    }
    for (i = 0; i < BLOCK; i += WIDTH) {
        Distance at[PAIR];
        Lanes forward[PAIR], strike[PAIR], value[PAIR];
        BOTH(w) {
            int k = i + w * LANES;
            at[w].moneyness = lanes_load(of->moneyness + k);
            at[w].inverse = lanes_load(of->inverse + k);
            at[w].half = lanes_load(of->half + k);
            at[w].deviation = lanes_load(of->deviation + k);
            forward[w] = lanes_load(of->forward + k);
            strike[w] = lanes_load(of->strike + k);
        }
        value_cells(at, still, forward, strike, value);
        BOTH(w) lanes_store(of->base + i + w * LANES, value[w]);
    }
}

/* Prepare up to BLOCK options from `first` on; places without one hold harmless numbers. */
static void prepare_options(Prepared *to, const Columns *of, Py_ssize_t first, int count, int coin)
{
    double spot[BLOCK], strike[BLOCK], years[BLOCK], rate[BLOCK], carry[BLOCK], sigma[BLOCK],
           sign[BLOCK];
    Lanes zero = lanes_set(0.0), smallest = lanes_set(SMALLEST), one = lanes_set(1.0);
    int i;
    for (i = 0; i < BLOCK; i++) {
        Py_ssize_t k = first + (i < count ? i : 0);
        spot[i] = of->spot[k];
        strike[i] = of->strike[k];
        years[i] = of->years[k];
        rate[i] = of->rate[k];
        carry[i] = of->carry[k];
        sigma[i] = of->volatility[k];
        sign[i] = of->is_call[k] ? 1.0 : -1.0;
    }
    for (i = 0; i < BLOCK; i += LANES) {
        Lanes life = lanes_max(lanes_load(years + i), zero), side = lanes_load(sign + i);
        Lanes now = lanes_max(lanes_load(spot + i), zero);
        Lanes struck = lanes_max(lanes_load(strike + i), zero);
        Lanes drift = lanes_mul(lanes_load(carry + i), life);
        Lanes deviation = lanes_mul(lanes_max(lanes_load(sigma + i), zero), lanes_sqrt(life));
        Lanes inverse = lanes_mul(side, lanes_div(one, lanes_max(deviation,
                                                                 lanes_set(LEAST_DEVIATION))));
        Lanes discount = lanes_mul(side, lanes_bounded_exponential(
            lanes_sub(zero, lanes_mul(lanes_load(rate + i), life))));
        Lanes moneyness = lanes_add(lanes_sub(lanes_logarithm(lanes_max(now, smallest)),
                                              lanes_logarithm(lanes_max(struck, smallest))), drift);
        Lanes grown = lanes_mul(discount, lanes_bounded_exponential(drift));
        lanes_store(to->moneyness + i, lanes_mul(moneyness, inverse));
        lanes_store(to->inverse + i, inverse);
        lanes_store(to->deviation + i, lanes_mul(side, deviation));
        lanes_store(to->half + i, lanes_mul(lanes_mul(side, lanes_set(0.5)), deviation));
        lanes_store(to->forward + i, coin ? grown : lanes_mul(now, grown));
        lanes_store(to->strike + i, lanes_mul(discount, coin ? lanes_div(struck, now) : struck));
    }
    value_unmoved(to);
}

/* One option over its scenarios: its values, or size (value - base) where there is a size. */
static inline void value_row(const Prepared *of, int i, const Scenarios *moved, int coin,
                             const double *size, double *out)
{
    Distance at[PAIR];
    Lanes base = lanes_set(of->base[i]), held = lanes_set(size ? *size : 1.0);
    Lanes whole = lanes_set(of->forward[i]), struck = lanes_set(of->strike[i]);
    Py_ssize_t s;
    int w;
    BOTH(w) {
        at[w].moneyness = lanes_set(of->moneyness[i]);
        at[w].inverse = lanes_set(of->inverse[i]);
        at[w].half = lanes_set(of->half[i]);
        at[w].deviation = lanes_set(of->deviation[i]);
    }
    for (s = 0; s < moved->count; s += WIDTH) {
        Shock shock[PAIR];
        Lanes forward[PAIR], strike[PAIR], value[PAIR];
        double last[WIDTH], *to = s + WIDTH <= moved->count ? out + s : last;
        BOTH(w) {
            Py_ssize_t k = s + w * LANES;
            Lanes growth = lanes_load(moved->growth + k);
            shock[w].log_growth = lanes_load(moved->log_growth + k);
            shock[w].inverse = lanes_load(moved->inverse + k);
            shock[w].factor = lanes_load(moved->factor + k);
            forward[w] = coin ? whole : lanes_mul(whole, growth);
            strike[w] = coin ? lanes_mul(struck, growth) : struck;
        }
        value_cells(at, shock, forward, strike, value);
        BOTH(w) lanes_store(to + w * LANES, size ? lanes_mul(held, lanes_sub(value[w], base))
                                                 : value[w]);
        if (to == last)
            memcpy(out + s, last, sizeof(double) * (size_t)(moved->count - s));
    }
}

/* A block of options over few scenarios, an option a lane: no register is left part empty. */
static inline void value_block(const Prepared *of, int count, const Scenarios *moved, int coin,
                               const double *size, double *out)
{
    double column[BLOCK];
    Py_ssize_t s;
    int i, w;
    for (s = 0; s < moved->count; s++) {
        Shock shock[PAIR];
        Lanes growth = lanes_set(moved->growth[s]);
        BOTH(w) {
            shock[w].log_growth = lanes_set(moved->log_growth[s]);
            shock[w].inverse = lanes_set(moved->inverse[s]);
            shock[w].factor = lanes_set(moved->factor[s]);
        }
        for (i = 0; i < count; i += WIDTH) {
            Distance at[PAIR];
            Lanes forward[PAIR], strike[PAIR], value[PAIR];
            BOTH(w) {
                int k = i + w * LANES;
                at[w].moneyness = lanes_load(of->moneyness + k);
                at[w].inverse = lanes_load(of->inverse + k);
                at[w].half = lanes_load(of->half + k);
                at[w].deviation = lanes_load(of->deviation + k);
                forward[w] = lanes_load(of->forward + k);
                strike[w] = lanes_load(of->strike + k);
                if (coin)
                    strike[w] = lanes_mul(strike[w], growth);
                else
                    forward[w] = lanes_mul(forward[w], growth);
            }
            value_cells(at, shock, forward, strike, value);
            BOTH(w) lanes_store(column + i + w * LANES, value[w]);
        }
        if (size)
            for (i = 0; i < count; i++)
                out[i * moved->count + s] = size[i] * (column[i] - of->base[i]);
        else
            for (i = 0; i < count; i++)
                out[i * moved->count + s] = column[i];
    }
}

/* Whether registers along the scenarios would run more than a seventh empty. */
static int few_scenarios(const Scenarios *moved)
{
    return moved->count < 4 * WIDTH && 7 * moved->count < 6 * moved->padded;
}

/* Options in blocks; scenario rows are `move_step` and `factor_step` apart (0: one for all). */
static inline void value_options(const Columns *of, Py_ssize_t options, const double *moves,
                                 Py_ssize_t move_step, const double *factors,
                                 Py_ssize_t factor_step, Scenarios *moved, int coin,
                                 const double *size, double *out)
{
    Prepared prepared;
    Py_ssize_t first;
    int shared = move_step == 0 && factor_step == 0, i;
    if (shared)
        prepare_scenarios(moved, moves, factors, coin);
    for (first = 0; first < options; first += BLOCK) {
        int count = options - first < BLOCK ? (int)(options - first) : BLOCK;
        prepare_options(&prepared, of, first, count, coin);
        if (shared && few_scenarios(moved)) {
            value_block(&prepared, count, moved, coin, size ? size + first : NULL,
                        out + first * moved->count);
            continue;
        }
        for (i = 0; i < count; i++) {
            if (!shared)
                prepare_scenarios(moved, moves + (first + i) * move_step,
                                  factors + (first + i) * factor_step, coin);
            value_row(&prepared, i, moved, coin, size ? size + first + i : NULL,
                      out + (first + i) * moved->count);
        }
    }
}

/* Each in its own copy, so that nothing is asked inside the loops. */
static void european_options(const Columns *of, Py_ssize_t options, const double *moves,
                             Py_ssize_t move_step, const double *factors, Py_ssize_t factor_step,
                             Scenarios *moved, const double *size, double *out)
{
    if (size)
        value_options(of, options, moves, move_step, factors, factor_step, moved, 0, size, out);
    else
        value_options(of, options, moves, move_step, factors, factor_step, moved, 0, NULL, out);
}

static void inverse_options(const Columns *of, Py_ssize_t options, const double *moves,
                            Py_ssize_t move_step, const double *factors, Py_ssize_t factor_step,
                            Scenarios *moved, const double *size, double *out)
{
    if (size)
        value_options(of, options, moves, move_step, factors, factor_step, moved, 1, size, out);
    else
        value_options(of, options, moves, move_step, factors, factor_step, moved, 1, NULL, out);
}

#endif
