/* Exercise boundaries of American options; readable twin: workstation/kernels/exercise.py.
 *
 * A put of strike 1 on a spot with yield; calls by C(S, K, r, q) = P(K, S, q, r). The boundary depends
 * on rate, yield, volatility and time only: it is solved for PROBLEMS of them side by side (a lane each,
 * so no result depends on its neighbours) and then read by every spot of the row.
 */
#ifndef CROSSMARGIN_EXERCISE_H
#define CROSSMARGIN_EXERCISE_H

#include "european.h"

#define PROBLEMS WIDTH        /* solved together: two registers, worked on by turns */
#define MOST_NODES 16
#define MOST_POINTS 32
#define GREATEST_GAP 60.0
#define ROOT_TWO_PI 2.5066282746310005024

typedef struct {
    int nodes, inner, outer, iterations;
    const double *node, *inner_root, *inner_weight, *inner_matrix;
    const double *outer_root, *outer_weight, *outer_matrix;
    int rungs[2]; /* ladders over ln volatility: for a narrow range and for a wide one */
    const double *rung[2], *rung_matrix[2];
} Scheme;

/* One set of problems and its solution: ln B at the points of the price integral, and at T. */
typedef struct {
    double rate[PROBLEMS], dividend[PROBLEMS], years[PROBLEMS], sigma[PROBLEMS];
    Lanes deviation[PAIR], steady[PAIR], drift[PAIR], top[PAIR]; /* s sqrt T, its inverse, (r-q) T */
    Lanes gap[MOST_NODES][PAIR], next[MOST_NODES][PAIR];
    Lanes rate_weight[MOST_NODES][MOST_POINTS][PAIR];
    Lanes dividend_weight[MOST_NODES][MOST_POINTS][PAIR];
    double level[MOST_POINTS][PROBLEMS], inverse[MOST_POINTS][PROBLEMS], last[PROBLEMS];
} Boundary;

static inline Lanes lanes_between(Lanes x, double low, double high)
{
    return lanes_max(lanes_min(x, lanes_set(high)), lanes_set(low));
}

/* The gap ln(X/B) of Bjerksund and Stensland's boundary at every node. */
static void first_gaps(const Scheme *scheme, Boundary *b, int w)
{
    Lanes one = lanes_set(1.0), two = lanes_set(2.0), halved = lanes_set(0.5);
    Lanes rate = lanes_load(b->rate + w * LANES), dividend = lanes_load(b->dividend + w * LANES);
    Lanes sigma = lanes_load(b->sigma + w * LANES), years = lanes_load(b->years + w * LANES);
    Lanes carry = lanes_sub(rate, dividend), square = lanes_mul(sigma, sigma);
    Lanes highest = lanes_bounded_exponential(b->top[w]);
    Lanes half = lanes_sub(halved, lanes_div(carry, square));
    Lanes beta = lanes_sub(half, lanes_sqrt(
        lanes_madd(half, half, lanes_div(lanes_mul(two, rate), square))));
    Lanes lowest = lanes_div(beta, lanes_sub(beta, one));
    Lanes room = lanes_max(lanes_sub(highest, lowest), lanes_set(1e-12));
    Lanes scale = lanes_div(highest, room);
    int i;
    for (i = 0; i < scheme->nodes; i++) {
        double node = scheme->node[i];
        Lanes tau = lanes_mul(years, lanes_set(node * node));
        Lanes slide = lanes_sub(lanes_mul(carry, tau), lanes_mul(
            lanes_mul(two, b->deviation[w]), lanes_set(node)));
        Lanes decay = lanes_min(lanes_bounded_exponential(lanes_mul(slide, scale)), one);
        Lanes start = lanes_max(lanes_madd(room, decay, lowest), lanes_set(SMALLEST));
        b->gap[i][w] = lanes_between(lanes_sub(b->top[w], lanes_logarithm(start)), 0.0,
                                     GREATEST_GAP);
    }
}

static void start_problems(const Scheme *scheme, Boundary *b)
{
    int i, j, w;
    BOTH(w) {
        Lanes rate = lanes_load(b->rate + w * LANES), dividend = lanes_load(b->dividend + w * LANES);
        Lanes years = lanes_load(b->years + w * LANES);
        b->top[w] = lanes_logarithm(lanes_div(rate, lanes_max(dividend, rate)));
        b->deviation[w] = lanes_mul(lanes_load(b->sigma + w * LANES), lanes_sqrt(years));
        b->steady[w] = lanes_div(lanes_set(1.0), b->deviation[w]);
        b->drift[w] = lanes_mul(lanes_sub(rate, dividend), years);
        first_gaps(scheme, b, w);
        for (i = 0; i < scheme->nodes; i++) {
            double square = scheme->node[i] * scheme->node[i];
            for (j = 0; j < scheme->inner; j++) {
                double at = scheme->inner_root[j];
                Lanes u = lanes_mul(years, lanes_set(square * (1.0 - at * at)));
                Lanes scale = lanes_mul(lanes_mul(years, b->steady[w]), lanes_set(
                    scheme->inner_weight[j] * scheme->node[i] / at));
                b->rate_weight[i][j][w] = lanes_mul(
                    lanes_mul(rate, scale), lanes_bounded_exponential(lanes_mul(rate, u)));
                b->dividend_weight[i][j][w] = lanes_mul(
                    lanes_mul(dividend, scale), lanes_bounded_exponential(lanes_mul(dividend, u)));
            }
        }
    }
}

/* e^(-d^2/2), the same of d - part, and sqrt(2 pi) N(d). */
static inline void densities(const Lanes d[PAIR], const Lanes part[PAIR], Lanes bell[PAIR],
                             Lanes shifted[PAIR], Lanes normal[PAIR])
{
    Lanes most = lanes_set(FURTHEST), x[PAIR], y[PAIR], p[PAIR], q[PAIR];
    int i, w;
    BOTH(w) {
        x[w] = lanes_near(d[w], most);
        y[w] = lanes_near(lanes_sub(d[w], part[w]), most);
        p[w] = lanes_set(QUICK_P[3]);
        q[w] = lanes_madd(lanes_set(QUICK_Q[4]), x[w], lanes_set(QUICK_Q[3]));
    }
    lanes_quick_bells(x, bell);
    lanes_quick_bells(y, shifted);
    for (i = 2; i >= 0; i--)
        BOTH(w) {
            p[w] = lanes_madd(p[w], x[w], lanes_set(QUICK_P[i]));
            q[w] = lanes_madd(q[w], x[w], lanes_set(QUICK_Q[i]));
        }
    BOTH(w) normal[w] = lanes_rest(d[w], lanes_set(ROOT_TWO_PI), lanes_div(
        lanes_mul(lanes_mul(bell[w], lanes_set(ROOT_TWO_PI)), p[w]), q[w]));
}

/* One step of the fixed point at node i; both sides of the fraction carry sqrt(2 pi). */
static void next_gap(const Scheme *scheme, Boundary *b, int i)
{
    Lanes numerator[PAIR], denominator[PAIR], d[PAIR], part[PAIR], bell[PAIR], shifted[PAIR],
          normal[PAIR], half = lanes_set(0.5);
    double root = scheme->node[i], square = root * root;
    Lanes inverse_root = lanes_set(1.0 / root);
    const double *matrix = scheme->inner_matrix + (size_t)i * scheme->inner * scheme->nodes;
    int j, k, w;
    BOTH(w) {
        Lanes level = lanes_madd(b->drift[w], lanes_set(square),
                                 lanes_sub(b->top[w], b->gap[i][w]));
        part[w] = lanes_mul(b->deviation[w], lanes_set(root));
        d[w] = lanes_madd(level, lanes_mul(b->steady[w], inverse_root), lanes_mul(half, part[w]));
    }
    densities(d, part, bell, shifted, normal);
    BOTH(w) {
        Lanes inverse = lanes_mul(b->steady[w], inverse_root);
        numerator[w] = lanes_mul(shifted[w], inverse);
        denominator[w] = lanes_madd(bell[w], inverse, normal[w]);
    }
    for (j = 0; j < scheme->inner; j++, matrix += scheme->nodes) {
        double way = root * scheme->inner_root[j];
        Lanes inverse_way = lanes_set(1.0 / way), later[PAIR];
        BOTH(w) later[w] = lanes_mul(lanes_set(matrix[0]), b->gap[0][w]);
        for (k = 1; k < scheme->nodes; k++)
            BOTH(w) later[w] = lanes_madd(lanes_set(matrix[k]), b->gap[k][w], later[w]);
        BOTH(w) {
            Lanes level = lanes_madd(b->drift[w], lanes_set(way * way),
                                     lanes_sub(later[w], b->gap[i][w]));
            part[w] = lanes_mul(b->deviation[w], lanes_set(way));
            d[w] = lanes_madd(lanes_mul(level, b->steady[w]), inverse_way,
                              lanes_mul(half, part[w]));
        }
        densities(d, part, bell, shifted, normal);
        BOTH(w) {
            numerator[w] = lanes_madd(b->rate_weight[i][j][w], shifted[w], numerator[w]);
            denominator[w] = lanes_madd(b->dividend_weight[i][j][w],
                                        lanes_madd(normal[w], part[w], bell[w]), denominator[w]);
        }
    }
    BOTH(w) {
        Lanes least = lanes_set(SMALLEST);
        Lanes level = lanes_logarithm(lanes_max(lanes_div(
            numerator[w], lanes_max(denominator[w], least)), least));
        b->next[i][w] = lanes_between(lanes_madd(b->drift[w], lanes_set(square),
                                                 lanes_sub(b->top[w], level)), 0.0, GREATEST_GAP);
    }
}

static void solve_boundaries(const Scheme *scheme, Boundary *b)
{
    int step, i, k, w;
    start_problems(scheme, b);
    for (step = 0; step < scheme->iterations; step++) {
        for (i = 0; i < scheme->nodes; i++)
            next_gap(scheme, b, i);
        memcpy(b->gap, b->next, sizeof(Lanes) * PAIR * (size_t)scheme->nodes);
    }
    for (k = 0; k < scheme->outer; k++) {
        const double *matrix = scheme->outer_matrix + (size_t)k * scheme->nodes;
        BOTH(w) {
            Lanes gap = lanes_mul(lanes_set(matrix[0]), b->gap[0][w]), level;
            for (i = 1; i < scheme->nodes; i++)
                gap = lanes_madd(lanes_set(matrix[i]), b->gap[i][w], gap);
            level = lanes_sub(b->top[w], lanes_max(gap, lanes_set(0.0)));
            lanes_store(b->level[k] + w * LANES, level);
            lanes_store(b->inverse[k] + w * LANES, lanes_bounded_exponential(
                lanes_sub(lanes_set(0.0), level)));
        }
    }
    BOTH(w) lanes_store(b->last + w * LANES, lanes_sub(b->top[w], b->gap[scheme->nodes - 1][w]));
}

#endif
