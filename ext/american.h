/* American values by a Leisen-Reimer tree, sixteen cells side by side.
 *
 * A lane is one (option, scenario); every lane carries its own strike, rate and tree, so results
 * do not depend on which cells share a batch.  Two time steps are taken per pass over the nodes.
 */
#ifndef CROSSMARGIN_AMERICAN_H
#define CROSSMARGIN_AMERICAN_H

#include "european.h"

#define LANES 16
#define MOST_DEVIATION 12.0   /* above it the value equals its bound to nine digits */
#define LEAST_TREE_DEVIATION 1e-8
#define FURTHEST_TREE 60.0    /* standard deviations beyond which nothing random is left */

typedef struct {
    double spot[LANES], strike[LANES], years[LANES], rate[LANES], carry[LANES];
    double deviation[LANES], sign[LANES], price[LANES];
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

typedef struct {
    double up[LANES], down[LANES], back[LANES], strike[LANES];
} Branches;

static void plant(const Batch *batch, Branches *branch, double *node, double *value, int steps)
{
    double ratio[LANES], bottom[LANES];
    int lane, j;
    for (lane = 0; lane < LANES; lane++) {
        double dt = batch->years[lane] / steps;
        double growth = bounded_exponential(batch->carry[lane] * dt);
        double discount = bounded_exponential(-batch->rate[lane] * dt);
        double sv = batch->certain[lane] ? 1.0 : batch->deviation[lane];
        double drift = logarithm(larger(batch->spot[lane], SMALLEST))
                       - logarithm(larger(batch->strike[lane], SMALLEST))
                       + batch->carry[lane] * batch->years[lane];
        double d1 = batch->certain[lane] ? 0.5 : drift / sv + 0.5 * sv, d2 = d1 - sv;
        double s1 = branch_small(d1, steps), s2 = branch_small(d2, steps);
        double p1 = d1 > 0.0 ? 1.0 - s1 : s1, q1 = d1 > 0.0 ? s1 : 1.0 - s1;
        double p2 = d2 > 0.0 ? 1.0 - s2 : s2, q2 = d2 > 0.0 ? s2 : 1.0 - s2;
        double up = growth * p1 / p2, down = growth * q1 / q2;
        branch->up[lane] = discount * p2;
        branch->down[lane] = discount * q2;
        branch->back[lane] = 1.0 / down;
        branch->strike[lane] = batch->sign[lane] * batch->strike[lane];
        ratio[lane] = up / down;
        bottom[lane] = batch->sign[lane] * batch->spot[lane];
        for (j = 0; j < steps; j++)
            bottom[lane] *= down;
    }
    for (j = 0; j <= steps; j++)
        for (lane = 0; lane < LANES; lane++) {
            node[j * LANES + lane] = bottom[lane];
            value[j * LANES + lane] = larger(bottom[lane] - branch->strike[lane], 0.0);
            bottom[lane] *= ratio[lane];
        }
}

/* Take one step back over `last` + 1 nodes (node holds sign * spot, strike is sign * strike). */
static void one_step(const Branches *branch, double *node, double *value, int last)
{
    int j, lane;
    for (j = 0; j <= last; j++)
        for (lane = 0; lane < LANES; lane++) {
            int k = j * LANES + lane;
            double hold = FMA(branch->up[lane], value[k + LANES],
                              branch->down[lane] * value[k]);
            node[k] *= branch->back[lane];
            value[k] = larger(hold, node[k] - branch->strike[lane]);
        }
}

/* Take two steps back at once: node and value are read and written once for both. */
static void two_steps(const Branches *branch, double *node, double *value, int last)
{
    double below[LANES];
    int j, lane;
    for (lane = 0; lane < LANES; lane++) {
        double hold = FMA(branch->up[lane], value[lane + LANES],
                          branch->down[lane] * value[lane]);
        below[lane] = larger(hold, node[lane] * branch->back[lane] - branch->strike[lane]);
    }
    for (j = 0; j <= last; j++)
        for (lane = 0; lane < LANES; lane++) {
            int k = j * LANES + lane;
            double once = node[k + LANES] * branch->back[lane];
            double twice = node[k] * branch->back[lane] * branch->back[lane];
            double above = larger(FMA(branch->up[lane], value[k + 2 * LANES],
                                      branch->down[lane] * value[k + LANES]),
                                  once - branch->strike[lane]);
            double hold = FMA(branch->up[lane], above, branch->down[lane] * below[lane]);
            value[k] = larger(hold, twice - branch->strike[lane]);
            node[k] = twice;
            below[lane] = above;
        }
}

static void american_batch(Batch *batch, int steps, double *work)
{
    double *node = work, *value = work + (steps + 1) * LANES;
    Branches branch;
    int last = steps, lane;
    plant(batch, &branch, node, value, steps);
    if (last & 1)
        one_step(&branch, node, value, --last);
    while (last > 0) {
        last -= 2;
        two_steps(&branch, node, value, last);
    }
    for (lane = 0; lane < LANES; lane++)
        batch->price[lane] = batch->certain[lane]
            ? certain_value(batch->spot[lane], batch->strike[lane], batch->years[lane],
                            batch->rate[lane], batch->carry[lane], batch->sign[lane])
            : value[lane];
}

/* Fill one lane; a cell without randomness keeps its lane but is valued in closed form. */
static void fill_lane(Batch *batch, int lane, double spot, double strike, double years,
                      double rate, double carry, double volatility, int is_call)
{
    double life = larger(years, 0.0), sv = smaller(volatility * sqrt(life), MOST_DEVIATION);
    double drift;
    batch->spot[lane] = larger(spot, 0.0);
    batch->strike[lane] = larger(strike, 0.0);
    batch->years[lane] = life;
    batch->rate[lane] = rate;
    batch->carry[lane] = carry;
    batch->deviation[lane] = sv;
    batch->sign[lane] = is_call ? 1.0 : -1.0;
    drift = logarithm(larger(spot, SMALLEST)) - logarithm(larger(strike, SMALLEST)) + carry * life;
    batch->certain[lane] = !(sv >= LEAST_TREE_DEVIATION)
        || fabs(drift) + 0.5 * sv * sv > FURTHEST_TREE * sv;
}

#endif
