/* American values by a Leisen-Reimer tree, as many cells side by side as a register has lanes.
 *
 * A lane is one (option, scenario); every lane carries its own strike, rate and tree, so results
 * do not depend on which cells share a batch.  Two time steps are taken per pass over the nodes.
 */
#ifndef CROSSMARGIN_AMERICAN_H
#define CROSSMARGIN_AMERICAN_H

#include "european.h"
#include "lanes.h"

#define MOST_DEVIATION 12.0   /* above it the value equals its bound to nine digits */
#define LEAST_TREE_DEVIATION 1e-8
#define FURTHEST_TREE 40.0    /* standard deviations beyond which nothing random is left */

typedef struct {
    double spot[LANES], strike[LANES], years[LANES], rate[LANES], carry[LANES];
    double deviation[LANES], drift[LANES], sign[LANES], price[LANES];
    int certain[LANES];
    Py_ssize_t cell[LANES];
} Batch;

static inline double branch_small(double z, double steps)
{
    double c = z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0));
    double e = bounded_exponential(-c * c * (steps + 1.0 / 6.0));
    return 0.5 * e / (1.0 + sqrt(1.0 - e));
}

static inline double exercise_at(double spot, double strike, double rate, double carry,
                                 double sign, double when)
{
    return sign * (spot * bounded_exponential((carry - rate) * when)
                   - strike * bounded_exponential(-rate * when));
}

/* Without randomness: the best of exercising now, at expiry, or where the payoff peaks. */
static double certain_value(double spot, double strike, double years, double rate, double carry,
                            double sign)
{
    double best = larger(0.0, sign * (spot - strike));
    double ratio = rate * strike / ((rate - carry) * spot);
    best = larger(best, exercise_at(spot, strike, rate, carry, sign, years));
    if (ratio > 0.0 && ratio < 1.0 / SMALLEST && carry != 0.0) {
        double when = logarithm(larger(ratio, SMALLEST)) / carry;
        if (when > 0.0 && when < years)
            best = larger(best, exercise_at(spot, strike, rate, carry, sign, when));
    }
    return best;
}

/* Say whether holding to expiry is always at least as good as exercising. */
static inline int never_early(double rate, double carry, int is_call)
{
    return is_call ? (rate >= 0.0 && carry >= rate) : (rate <= 0.0 && carry <= rate);
}

/* One tree: probabilities discounted over a step, sign * strike, and spot by node.
 *
 * Node j of step t stands at spot * rise^t * spread^(2j - t), so one table of powers of `spread`
 * serves every step; `odd` and `even` hold those of odd and even 2j - t, lowest first.
 */
typedef struct {
    double up[LANES], down[LANES], strike[LANES], spot[LANES], rise[LANES], spread[LANES],
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
    tree->strike[lane] = batch->sign[lane] * batch->strike[lane];
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

/* Spot along the middle of the tree by step, and the payoffs at expiry. */
static void grow_spots(const Tree *tree, const double *odd, double *spot, double *value, int steps)
{
    Lanes at = lanes_load(tree->spot), rise = lanes_load(tree->rise);
    Lanes strike = lanes_load(tree->strike), nothing = lanes_load(tree->nothing);
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

/* Take two steps back at once, from t + 2 to t (odd): each value is read and written once. */
static void two_steps(const Tree *tree, const double *middle, const double *spot_middle,
                      const double *end, const double *spot_end, double *value, int t)
{
    Lanes up = lanes_load(tree->up), down = lanes_load(tree->down);
    Lanes strike = lanes_load(tree->strike);
    Lanes at_middle = lanes_load(spot_middle), at_end = lanes_load(spot_end);
    Lanes here = lanes_load(value + LANES);
    Lanes below = lanes_max(lanes_madd(up, here, lanes_mul(down, lanes_load(value))),
                            lanes_msub(at_middle, lanes_load(middle), strike));
    int j;
    for (j = 0; j <= t; j++, value += LANES) {
        Lanes next = lanes_load(value + 2 * LANES);
        Lanes above = lanes_max(lanes_madd(up, next, lanes_mul(down, here)),
                                lanes_msub(at_middle, lanes_load(middle + (j + 1) * LANES),
                                           strike));
        Lanes hold = lanes_madd(up, above, lanes_mul(down, below));
        lanes_store(value, lanes_max(hold, lanes_msub(at_end, lanes_load(end + j * LANES),
                                                      strike)));
        below = above;
        here = next;
    }
}

/* Work back from expiry; `work` has room for work_size(steps) numbers. */
static void fold_tree(const Tree *tree, double *work, int steps, double *root)
{
    double *value = work, *odd = value + (steps + 1) * LANES, *even = odd + (steps + 1) * LANES;
    double *spot = even + steps * LANES;
    int lane, t;
    grow_powers(tree, odd, even, steps);
    grow_spots(tree, odd, spot, value, steps);
    for (t = steps - 2; t >= 1; t -= 2)
        two_steps(tree, even + (steps - 2 - t) / 2 * LANES, spot + (t + 1) * LANES,
                  odd + (steps - t) / 2 * LANES, spot + t * LANES, value, t);
    for (lane = 0; lane < LANES; lane++)
        root[lane] = larger(FMA(tree->up[lane], value[lane + LANES],
                                tree->down[lane] * value[lane]),
                            tree->spot[lane] - tree->strike[lane]);
}

static Py_ssize_t work_size(int steps)
{
    return (Py_ssize_t)(4 * steps + 3) * LANES;
}

static void value_tree(const Batch *batch, int steps, double *work, double *root)
{
    Tree tree;
    int lane;
    for (lane = 0; lane < LANES; lane++)
        plant_lane(batch, &tree, lane, steps);
    fold_tree(&tree, work, steps, root);
}

/* Two trees, the coarse of a third of the steps: the error of order 1/steps cancels. */
static void american_batch(Batch *batch, int steps, double *work)
{
    double coarse[LANES], fine[LANES];
    int few = (steps / 3) | 1, lane;
    value_tree(batch, few, work, coarse);
    value_tree(batch, steps, work, fine);
    for (lane = 0; lane < LANES; lane++)
        batch->price[lane] = batch->certain[lane]
            ? certain_value(batch->spot[lane], batch->strike[lane], batch->years[lane],
                            batch->rate[lane], batch->carry[lane], batch->sign[lane])
            : larger((steps * fine[lane] - few * coarse[lane]) / (steps - few),
                     batch->sign[lane] * (batch->spot[lane] - batch->strike[lane]));
}

/* Fill one lane; a cell without randomness keeps its lane but is valued in closed form. */
static void fill_lane(Batch *batch, int lane, double spot, double strike, double years,
                      double rate, double carry, double volatility, int is_call)
{
    double life = larger(years, 0.0), sv = smaller(volatility * sqrt(life), MOST_DEVIATION);
    double drift = logarithm(larger(spot, SMALLEST)) - logarithm(larger(strike, SMALLEST))
                   + carry * life;
    batch->spot[lane] = larger(spot, 0.0);
    batch->strike[lane] = larger(strike, 0.0);
    batch->years[lane] = life;
    batch->rate[lane] = rate;
    batch->carry[lane] = carry;
    batch->deviation[lane] = sv;
    batch->sign[lane] = is_call ? 1.0 : -1.0;
    batch->drift[lane] = drift;
    batch->certain[lane] = !(sv >= LEAST_TREE_DEVIATION)
        || fabs(drift) + 0.5 * sv * sv > FURTHEST_TREE * sv;
}

#endif
