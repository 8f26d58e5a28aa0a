/* American values by a Leisen-Reimer tree, as many cells side by side as a register has lanes.
 *
 * A lane is one (option, scenario); every lane carries its own strike, rate, dividends and tree, so
 * results do not depend on which cells share a batch.  Two time steps are taken per pass over the nodes.
 * Values are kept over the likelier branch's discounted probability to the power of the steps passed: holding
 * on then costs one multiply-add.  Readable twin: workstation/kernels/tree.py.
 */
#ifndef CROSSMARGIN_TREE_H
#define CROSSMARGIN_TREE_H

#include "european.h"
#include "lanes.h"

#define MOST_DEVIATION 12.0   /* above it the value equals its bound to nine digits */
#define LEAST_TREE_DEVIATION 1e-8
#define FURTHEST_TREE 40.0    /* standard deviations beyond which nothing random is left */
#define EPOCH 512             /* steps after which values are brought back to their own size */

/* Cash dividends of one option before expiry; `spot` of a lane is net of their present value. */
typedef struct {
    Py_ssize_t count;
    const double *when, *amount;
} Dividends;

/* A cell without randomness has deviation 1 and no drift, and is valued in closed form. */
typedef struct {
    double spot[LANES], strike[LANES], years[LANES], rate[LANES], carry[LANES];
    double deviation[LANES], drift[LANES], sign[LANES], price[LANES], held_back[LANES];
    int certain[LANES];
    Py_ssize_t cell[LANES];
    Dividends dividends[LANES];
    const double *kept[LANES]; /* dividends still to come by step, of the coarse tree, then the fine */
} Batch;

/* Present value at `now` of the dividends after it. */
static double escrow(Dividends dividends, double rate, double now)
{
    double total = 0.0;
    Py_ssize_t i;
    for (i = 0; i < dividends.count; i++)
        if (dividends.when[i] > now)
            total += dividends.amount[i]
                     * bounded_exponential(-rate * (dividends.when[i] - now));
    return total;
}

/* What exercise pays at a time without randomness, discounted: just before or after a dividend. */
static double exercise_at(const Batch *batch, int lane, double when, int after)
{
    double rate = batch->rate[lane];
    double kept = escrow(batch->dividends[lane], rate, after ? when : when - 1e-9);
    return batch->sign[lane]
           * (batch->spot[lane] * bounded_exponential((batch->carry[lane] - rate) * when)
              - (batch->strike[lane] - kept) * bounded_exponential(-rate * when));
}

/* Without randomness: the best of exercising now, at expiry, at a dividend or at the payoff's peak. */
static double certain_value(const Batch *batch, int lane)
{
    double rate = batch->rate[lane], carry = batch->carry[lane], years = batch->years[lane];
    double best = larger(exercise_at(batch, lane, 0.0, 1), exercise_at(batch, lane, years, 1));
    double ratio = rate * batch->strike[lane] / ((rate - carry) * batch->spot[lane]);
    Py_ssize_t i;
    for (i = 0; i < batch->dividends[lane].count; i++) {
        double when = batch->dividends[lane].when[i];
        best = larger(best, larger(exercise_at(batch, lane, when, 0),
                                   exercise_at(batch, lane, when, 1)));
    }
    if (ratio > 0.0 && ratio < 1.0 / SMALLEST && carry != 0.0) {
        double when = logarithm(larger(ratio, SMALLEST)) / carry;
        if (when > 0.0 && when < years)
            best = larger(best, exercise_at(batch, lane, when, 1));
    }
    return larger(best, 0.0);
}

/* One tree: the less likely branch over the likelier one, one over the likelier one's discounted probability,
 * sign * spot, and how nodes are apart.
 *
 * Node j of step t stands at spot * rise^t * spread^(2j - t), so one table of powers of `spread`
 * serves every step; `odd` and `even` hold those of odd and even 2j - t, lowest first. Where up is the
 * likelier branch, j counts steps down.
 */
typedef struct { Lanes ratio, growth, spot, rise, spread, narrow, shrink; } Tree;

static inline Lanes branch_small(Lanes z, int steps)
{
    Lanes one = lanes_set(1.0);
    Lanes c = lanes_div(z, lanes_set(steps + 1.0 / 3.0 + 0.1 / (steps + 1.0)));
    Lanes e = lanes_bounded_exponential(lanes_mul(lanes_mul(c, c), lanes_set(-(steps + 1.0 / 6.0))));
    return lanes_div(lanes_mul(lanes_set(0.5), e), lanes_add(one, lanes_sqrt(lanes_sub(one, e))));
}

static void plant(const Batch *batch, Tree *tree, int steps)
{
    Lanes one = lanes_set(1.0), zero = lanes_set(0.0);
    Lanes dt = lanes_div(lanes_load(batch->years), lanes_set(steps));
    Lanes growth = lanes_bounded_exponential(lanes_mul(lanes_load(batch->carry), dt));
    Lanes discount = lanes_bounded_exponential(lanes_sub(zero, lanes_mul(
        lanes_load(batch->rate), dt)));
    Lanes sv = lanes_load(batch->deviation);
    Lanes d1 = lanes_madd(lanes_set(0.5), sv, lanes_div(lanes_load(batch->drift), sv));
    Lanes d2 = lanes_sub(d1, sv);
    Lanes s1 = branch_small(d1, steps), s2 = branch_small(d2, steps);
    Lanes p1 = lanes_rest(d1, one, s1), q1 = lanes_choose(d1, s1, lanes_sub(one, s1));
    Lanes p2 = lanes_rest(d2, one, s2), q2 = lanes_choose(d2, s2, lanes_sub(one, s2));
    Lanes up = lanes_div(lanes_mul(growth, p1), p2), down = lanes_div(lanes_mul(growth, q1), q2);
    Lanes spread = lanes_sqrt(lanes_div(up, down)), narrow = lanes_sqrt(lanes_div(down, up));
    Lanes rising = lanes_sub(p2, q2), most = lanes_max(p2, q2);
    tree->ratio = lanes_div(lanes_min(p2, q2), most);
    tree->growth = lanes_div(one, lanes_mul(discount, most));
    tree->spot = lanes_mul(lanes_load(batch->sign), lanes_load(batch->spot));
    tree->rise = lanes_sqrt(lanes_mul(up, down));
    tree->spread = lanes_choose(rising, narrow, spread);
    tree->narrow = lanes_choose(rising, spread, narrow);
    tree->shrink = one;
}

/* Powers of the spread from the middle outwards. */
static void grow_powers(const Tree *tree, double *odd, double *even, int steps)
{
    Lanes wide = lanes_mul(tree->spread, tree->spread), thin = lanes_mul(tree->narrow, tree->narrow);
    Lanes above = lanes_set(1.0), below = above, rising = tree->spread, falling = tree->narrow;
    int half = (steps - 1) / 2, i;
    for (i = 0; i <= half; i++) {
        lanes_store(even + (half + i) * LANES, above);
        lanes_store(even + (half - i) * LANES, below);
        lanes_store(odd + (half + 1 + i) * LANES, rising);
        lanes_store(odd + (half - i) * LANES, falling);
        above = lanes_mul(above, wide);
        below = lanes_mul(below, thin);
        rising = lanes_mul(rising, wide);
        falling = lanes_mul(falling, thin);
    }
}

/* The payoffs at expiry; then, at the size of the values by step, spot along the middle of the tree and
 * what exercise costs. Returns the size at the root. */
static Lanes grow_spots(Tree *tree, const double *odd, double *spot, double *cost, double *value,
                        int steps)
{
    Lanes at = tree->spot, strike = lanes_load(cost + steps * LANES), size = lanes_set(1.0);
    int t;
    lanes_store(spot, at);
    for (t = 1; t <= steps; t++) {
        at = lanes_mul(at, tree->rise);
        lanes_store(spot + t * LANES, at);
    }
    for (t = 0; t <= steps; t++)
        lanes_store(value + t * LANES, lanes_max(
            lanes_msub(at, lanes_load(odd + t * LANES), strike), lanes_set(0.0)));
    for (t = steps - 1; t >= 0; t--) {
        size = lanes_mul(size, tree->growth);
        lanes_store(spot + t * LANES, lanes_mul(lanes_load(spot + t * LANES), size));
        lanes_store(cost + t * LANES, lanes_mul(lanes_load(cost + t * LANES), size));
        if (t > 0 && (steps - t) % EPOCH == 0) {
            tree->shrink = lanes_div(lanes_set(1.0), size);
            size = lanes_set(1.0);
        }
    }
    return size;
}

/* Value of the dividends still to come at each step, for every cell of one option.
 *
 * Exercise pays best just before a dividend (calls) or just after it (puts), between two steps: the interest
 * on the strike from the step to the dividend is counted in.
 */
static void keep_dividends(Dividends dividends, double years, double rate, double strike,
                           int is_call, int steps, double *kept)
{
    double dt = larger(years, 0.0) / steps, shrink = bounded_exponential(-rate * dt), sum = 0.0;
    Py_ssize_t next = dividends.count, last;
    int t;
    for (t = steps; t >= 0; t--) {
        sum *= shrink;
        for (last = next; next > 0 && dividends.when[next - 1] > t * dt; next--)
            sum += dividends.amount[next - 1]
                   * bounded_exponential(-rate * (dividends.when[next - 1] - t * dt));
        kept[t] = sum;
        if (next < last && is_call)
            kept[t] += larger(strike, 0.0) * larger(0.0, 1.0 - bounded_exponential(
                           -rate * (dividends.when[next] - t * dt)));
        if (next < last && !is_call && t < steps)
            kept[t + 1] -= larger(strike, 0.0) * larger(0.0, bounded_exponential(
                               rate * ((t + 1) * dt - dividends.when[last - 1])) - 1.0);
    }
}

/* sign * (strike - dividends still to come) by step; `from` is where this tree's tables begin. */
static void grow_costs(const Batch *batch, double *cost, int steps, int from)
{
    Lanes sign = lanes_load(batch->sign), strike = lanes_load(batch->strike);
    int lane, t, same = 1;
    for (lane = 1; lane < LANES; lane++)
        same = same && batch->kept[lane] == batch->kept[0];
    for (t = 0; t <= steps; t++) {
        double kept[LANES];
        Lanes paid;
        for (lane = 0; !same && lane < LANES; lane++)
            kept[lane] = batch->kept[lane] == NULL ? 0.0 : batch->kept[lane][from + t];
        if (same)
            paid = lanes_set(batch->kept[0] == NULL ? 0.0 : batch->kept[0][from + t]);
        else
            paid = lanes_load(kept);
        lanes_store(cost + t * LANES, lanes_mul(sign, lanes_sub(strike, paid)));
    }
}

/* Take two steps back at once, from t + 2 to t (odd): each value is read and written once. */
static void two_steps(Lanes ratio, const double *middle, const double *spot_middle,
                      const double *end, const double *spot_end, const double *cost,
                      double *value, int t)
{
    Lanes cost_end = lanes_load(cost), cost_middle = lanes_load(cost + LANES);
    Lanes at_middle = lanes_load(spot_middle), at_end = lanes_load(spot_end);
    Lanes here = lanes_load(value + LANES);
    Lanes below = lanes_max(lanes_madd(ratio, here, lanes_load(value)),
                            lanes_msub(at_middle, lanes_load(middle), cost_middle));
    int j;
    for (j = 0; j <= t; j++, value += LANES) {
        Lanes next = lanes_load(value + 2 * LANES);
        Lanes above = lanes_max(lanes_madd(ratio, next, here),
                                lanes_msub(at_middle, lanes_load(middle + (j + 1) * LANES),
                                           cost_middle));
        lanes_store(value, lanes_max(lanes_madd(ratio, above, below),
                                     lanes_msub(at_end, lanes_load(end + j * LANES), cost_end)));
        below = above;
        here = next;
    }
}

/* Work back from expiry; `work` has room for work_size(steps) numbers. */
static void value_tree(const Batch *batch, int steps, int from, double *work, double *root)
{
    double *value = lanes_aligned(work), *odd = value + (steps + 1) * LANES, *even = odd + (steps + 1) * LANES;
    double *spot = even + steps * LANES, *cost = spot + (steps + 1) * LANES;
    Lanes size, hold;
    Tree tree;
    int t, j;
    plant(batch, &tree, steps);
    grow_powers(&tree, odd, even, steps);
    grow_costs(batch, cost, steps, from);
    size = grow_spots(&tree, odd, spot, cost, value, steps);
    for (t = steps - 2; t >= 1; t -= 2) {
        two_steps(tree.ratio, even + (steps - 2 - t) / 2 * LANES, spot + (t + 1) * LANES,
                  odd + (steps - t) / 2 * LANES, spot + t * LANES, cost + t * LANES, value, t);
        if ((steps - t) % EPOCH == 0)
            for (j = 0; j <= t; j++)
                lanes_store(value + j * LANES, lanes_mul(lanes_load(value + j * LANES),
                                                         tree.shrink));
    }
    hold = lanes_madd(tree.ratio, lanes_load(value + LANES), lanes_load(value));
    lanes_store(root, lanes_div(lanes_max(hold, lanes_sub(lanes_load(spot), lanes_load(cost))),
                                size));
}

static Py_ssize_t work_size(int steps)
{
    return (Py_ssize_t)(5 * steps + 4) * LANES + LINE / (Py_ssize_t)sizeof(double);
}

static inline int coarse_steps(int steps) { return (steps / 3) | 1; }

/* Two trees, the coarse of a third of the steps: the error of order 1/steps cancels. */
static void tree_batch(Batch *batch, int steps, int extrapolate, double *work)
{
    double coarse[LANES], fine[LANES];
    int few = coarse_steps(steps), lane;
    if (extrapolate)
        value_tree(batch, few, 0, work, coarse);
    value_tree(batch, steps, few + 1, work, fine);
    for (lane = 0; lane < LANES; lane++) {
        double value = extrapolate ? (steps * fine[lane] - few * coarse[lane]) / (steps - few)
                                   : fine[lane];
        batch->price[lane] = batch->certain[lane]
            ? certain_value(batch, lane)
            : larger(value, batch->sign[lane] * (batch->spot[lane] + batch->held_back[lane]
                                                 - batch->strike[lane]));
    }
}

/* Fill one lane; `held_back` is the present value of the dividends. */
static void fill_lane(Batch *batch, int lane, double spot, double strike, double years,
                      double rate, double carry, double volatility, int is_call,
                      Dividends dividends, double held_back, const double *kept)
{
    double life = larger(years, 0.0), sv = smaller(volatility * sqrt(life), MOST_DEVIATION);
    double net = larger(spot - held_back, 0.0);
    double drift = logarithm(larger(net, SMALLEST)) - logarithm(larger(strike, SMALLEST))
                   + carry * life;
    batch->spot[lane] = net;
    batch->held_back[lane] = held_back;
    batch->strike[lane] = larger(strike, 0.0);
    batch->years[lane] = life;
    batch->rate[lane] = rate;
    batch->carry[lane] = carry;
    batch->sign[lane] = is_call ? 1.0 : -1.0;
    batch->dividends[lane] = dividends;
    batch->kept[lane] = dividends.count ? kept : NULL;
    batch->certain[lane] = !(sv >= LEAST_TREE_DEVIATION)
        || fabs(drift) + 0.5 * sv * sv > FURTHEST_TREE * sv;
    batch->deviation[lane] = batch->certain[lane] ? 1.0 : sv;
    batch->drift[lane] = batch->certain[lane] ? 0.0 : drift;
}

#endif
