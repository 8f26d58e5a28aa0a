/* American values by a Leisen-Reimer tree, as many cells side by side as a register has lanes.
 *
 * A lane is one (option, scenario); every lane carries its own strike, rate, dividends and tree, so
 * results do not depend on which cells share a batch.  Two time steps are taken per pass over the nodes.
 * Readable twin: workstation/kernels/tree.py.
 */
#ifndef CROSSMARGIN_TREE_H
#define CROSSMARGIN_TREE_H

#include "european.h"
#include "lanes.h"

#define MOST_DEVIATION 12.0   /* above it the value equals its bound to nine digits */
#define LEAST_TREE_DEVIATION 1e-8
#define FURTHEST_TREE 40.0    /* standard deviations beyond which nothing random is left */

/* Cash dividends of one option before expiry; `spot` of a lane is net of their present value. */
typedef struct {
    Py_ssize_t count;
    const double *when, *amount;
} Dividends;

typedef struct {
    double spot[LANES], strike[LANES], years[LANES], rate[LANES], carry[LANES];
    double deviation[LANES], drift[LANES], sign[LANES], price[LANES];
    int certain[LANES];
    Py_ssize_t cell[LANES];
    Dividends dividends[LANES];
    const double *kept[LANES]; /* dividends still to come by step, of the coarse tree, then the fine */
} Batch;

static inline double branch_small(double z, double steps)
{
    double c = z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0));
    double e = bounded_exponential(-c * c * (steps + 1.0 / 6.0));
    return 0.5 * e / (1.0 + sqrt(1.0 - e));
}

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

/* One tree: probabilities discounted over a step and sign * spot by node; exercise at step t pays
 * that less sign * (strike - dividends still to come), tabled by step.
 *
 * Node j of step t stands at spot * rise^t * spread^(2j - t), so one table of powers of `spread`
 * serves every step; `odd` and `even` hold those of odd and even 2j - t, lowest first.
 */
typedef struct {
    double up[LANES], down[LANES], spot[LANES], rise[LANES], spread[LANES],
           narrow[LANES], one[LANES], nothing[LANES];
} Tree;

static void plant_lane(const Batch *batch, Tree *tree, int lane, int steps)
{
    double dt = batch->years[lane] / steps;
    double growth = bounded_exponential(batch->carry[lane] * dt);
    double discount = bounded_exponential(-batch->rate[lane] * dt);
    int certain = batch->certain[lane];
    double sv = certain ? 1.0 : batch->deviation[lane];
    double d1 = certain ? 0.5 : batch->drift[lane] / sv + 0.5 * sv, d2 = d1 - sv;
    double s1 = branch_small(d1, steps), s2 = branch_small(d2, steps);
    double p1 = d1 > 0.0 ? 1.0 - s1 : s1, q1 = d1 > 0.0 ? s1 : 1.0 - s1;
    double p2 = d2 > 0.0 ? 1.0 - s2 : s2, q2 = d2 > 0.0 ? s2 : 1.0 - s2;
    double up = growth * p1 / p2, down = growth * q1 / q2;
    tree->up[lane] = discount * p2;
    tree->down[lane] = discount * q2;
    tree->spot[lane] = batch->sign[lane] * batch->spot[lane];
    tree->rise[lane] = sqrt(up * down);
    tree->spread[lane] = sqrt(up / down);
    tree->narrow[lane] = sqrt(down / up);
    tree->one[lane] = 1.0;
    tree->nothing[lane] = 0.0;
}

/* Powers of the spread from the middle outwards. */
static void grow_powers(const Tree *tree, double *odd, double *even, int steps)
{
    Lanes spread = lanes_load(tree->spread), narrow = lanes_load(tree->narrow);
    Lanes wide = lanes_mul(spread, spread), thin = lanes_mul(narrow, narrow);
    Lanes above = lanes_load(tree->one), below = above, rising = spread, falling = narrow;
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

/* Spot along the middle of the tree, what exercise costs by step, and the payoffs at expiry. */
static void grow_spots(const Tree *tree, const double *odd, double *spot, const double *cost,
                       double *value, int steps)
{
    Lanes at = lanes_load(tree->spot), rise = lanes_load(tree->rise);
    Lanes strike = lanes_load(cost + steps * LANES), nothing = lanes_load(tree->nothing);
    int t;
    lanes_store(spot, at);
    for (t = 1; t <= steps; t++) {
        at = lanes_mul(at, rise);
        lanes_store(spot + t * LANES, at);
    }
    for (t = 0; t <= steps; t++)
        lanes_store(value + t * LANES, lanes_max(
            lanes_msub(at, lanes_load(odd + t * LANES), strike), nothing));
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
    int lane, t, same = 1;
    for (lane = 1; lane < LANES; lane++)
        same = same && batch->kept[lane] == batch->kept[0];
    for (t = 0; t <= steps; t++)
        for (lane = 0; lane < LANES; lane++)
            cost[t * LANES + lane] = batch->sign[lane] * batch->strike[lane];
    if (same && batch->kept[0] == NULL)
        return;
    if (same) {
        for (t = 0; t <= steps; t++) {
            double kept = batch->kept[0][from + t];
            for (lane = 0; lane < LANES; lane++)
                cost[t * LANES + lane] = batch->sign[lane] * (batch->strike[lane] - kept);
        }
        return;
    }
    for (lane = 0; lane < LANES; lane++)
        for (t = 0; batch->kept[lane] != NULL && t <= steps; t++)
            cost[t * LANES + lane] = batch->sign[lane]
                * (batch->strike[lane] - batch->kept[lane][from + t]);
}

/* Take two steps back at once, from t + 2 to t (odd): each value is read and written once. */
static void two_steps(const Tree *tree, const double *middle, const double *spot_middle,
                      const double *end, const double *spot_end, const double *cost,
                      double *value, int t)
{
    Lanes up = lanes_load(tree->up), down = lanes_load(tree->down);
    Lanes cost_end = lanes_load(cost), cost_middle = lanes_load(cost + LANES);
    Lanes at_middle = lanes_load(spot_middle), at_end = lanes_load(spot_end);
    Lanes here = lanes_load(value + LANES);
    Lanes below = lanes_max(lanes_madd(up, here, lanes_mul(down, lanes_load(value))),
                            lanes_msub(at_middle, lanes_load(middle), cost_middle));
    int j;
    for (j = 0; j <= t; j++, value += LANES) {
        Lanes next = lanes_load(value + 2 * LANES);
        Lanes above = lanes_max(lanes_madd(up, next, lanes_mul(down, here)),
                                lanes_msub(at_middle, lanes_load(middle + (j + 1) * LANES),
                                           cost_middle));
        Lanes hold = lanes_madd(up, above, lanes_mul(down, below));
        lanes_store(value, lanes_max(hold, lanes_msub(at_end, lanes_load(end + j * LANES),
                                                      cost_end)));
        below = above;
        here = next;
    }
}

/* Work back from expiry; `work` has room for work_size(steps) numbers. */
static void value_tree(const Batch *batch, int steps, int from, double *work, double *root)
{
    double *value = work, *odd = value + (steps + 1) * LANES, *even = odd + (steps + 1) * LANES;
    double *spot = even + steps * LANES, *cost = spot + (steps + 1) * LANES;
    Tree tree;
    int lane, t;
    for (lane = 0; lane < LANES; lane++)
        plant_lane(batch, &tree, lane, steps);
    grow_powers(&tree, odd, even, steps);
    grow_costs(batch, cost, steps, from);
    grow_spots(&tree, odd, spot, cost, value, steps);
    for (t = steps - 2; t >= 1; t -= 2)
        two_steps(&tree, even + (steps - 2 - t) / 2 * LANES, spot + (t + 1) * LANES,
                  odd + (steps - t) / 2 * LANES, spot + t * LANES, cost + t * LANES, value, t);
    for (lane = 0; lane < LANES; lane++)
        root[lane] = larger(FMA(tree.up[lane], value[lane + LANES],
                                tree.down[lane] * value[lane]),
                            tree.spot[lane] - cost[lane]);
}

static Py_ssize_t work_size(int steps)
{
    return (Py_ssize_t)(5 * steps + 4) * LANES;
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
            : larger(value, exercise_at(batch, lane, 0.0, 1));
    }
}

/* Fill one lane; a cell without randomness keeps its lane but is valued in closed form. */
static void fill_lane(Batch *batch, int lane, double spot, double strike, double years,
                      double rate, double carry, double volatility, int is_call,
                      Dividends dividends, const double *kept)
{
    double life = larger(years, 0.0), sv = smaller(volatility * sqrt(life), MOST_DEVIATION);
    double net = larger(spot - escrow(dividends, rate, 0.0), 0.0);
    double drift = logarithm(larger(net, SMALLEST)) - logarithm(larger(strike, SMALLEST))
                   + carry * life;
    batch->spot[lane] = net;
    batch->strike[lane] = larger(strike, 0.0);
    batch->years[lane] = life;
    batch->rate[lane] = rate;
    batch->carry[lane] = carry;
    batch->deviation[lane] = sv;
    batch->sign[lane] = is_call ? 1.0 : -1.0;
    batch->drift[lane] = drift;
    batch->dividends[lane] = dividends;
    batch->kept[lane] = dividends.count ? kept : NULL;
    batch->certain[lane] = !(sv >= LEAST_TREE_DEVIATION)
        || fabs(drift) + 0.5 * sv * sv > FURTHEST_TREE * sv;
}

#endif
