/* American values by the exercise boundary; readable twin: workstation/kernels/exercise.py.
 *
 * A put of strike 1 on a spot with yield; calls by C(S, K, r, q) = P(K, S, q, r). The boundary depends
 * on rate, yield, volatility and time only: it is solved for PROBLEMS of them side by side (a lane each,
 * so no result depends on its neighbours) and then read by every spot of the row.
 */
#ifndef CROSSMARGIN_EXERCISE_H
#define CROSSMARGIN_EXERCISE_H

#include "european.h"

#define PROBLEMS 32           /* the most lanes solved together: four of the widest registers */
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

/* One set of problems and its solution: ln B and 1/B at the points of the price integral. */
typedef struct {
    int width;
    double rate[PROBLEMS], dividend[PROBLEMS], years[PROBLEMS], sigma[PROBLEMS];
    double deviation[PROBLEMS], steady[PROBLEMS], drift[PROBLEMS]; /* s sqrt T, its inverse, (r-q) T */
    double top[PROBLEMS], gap[MOST_NODES][PROBLEMS], next[MOST_NODES][PROBLEMS];
    double rate_weight[MOST_NODES][MOST_POINTS][PROBLEMS];
    double dividend_weight[MOST_NODES][MOST_POINTS][PROBLEMS];
    double level[MOST_POINTS][PROBLEMS], inverse[MOST_POINTS][PROBLEMS];
} Boundary;

/* The gap ln(X/B) of Bjerksund and Stensland's boundary at one time. */
static inline double first_gap(double rate, double dividend, double tau, double sigma, double top)
{
    double carry = rate - dividend, square = sigma * sigma;
    double highest = bounded_exponential(top);
    double half = 0.5 - carry / square;
    double beta = half - sqrt(FMA(half, half, 2.0 * rate / square));
    double lowest = beta / (beta - 1.0);
    double room = larger(highest - lowest, 1e-12);
    double decay = bounded_exponential((carry * tau - 2.0 * sigma * sqrt(tau)) * highest / room);
    double start = FMA(room, smaller(decay, 1.0), lowest);
    return larger(smaller(top - logarithm(larger(start, SMALLEST)), GREATEST_GAP), 0.0);
}

static void start_problems(const Scheme *scheme, Boundary *b)
{
    const int width = b->width;
    int i, j, l;
    for (l = 0; l < width; l++) {
        b->top[l] = logarithm(b->rate[l] / larger(b->dividend[l], b->rate[l]));
        b->deviation[l] = b->sigma[l] * sqrt(b->years[l]);
        b->steady[l] = 1.0 / b->deviation[l];
        b->drift[l] = (b->rate[l] - b->dividend[l]) * b->years[l];
    }
    for (i = 0; i < scheme->nodes; i++) {
        double square = scheme->node[i] * scheme->node[i];
        for (l = 0; l < width; l++)
            b->gap[i][l] = first_gap(b->rate[l], b->dividend[l], b->years[l] * square,
                                     b->sigma[l], b->top[l]);
        for (j = 0; j < scheme->inner; j++) {
            double at = scheme->inner_root[j], past = square * (1.0 - at * at);
            double weight = scheme->inner_weight[j] * scheme->node[i] / at;
            for (l = 0; l < width; l++) {
                double u = b->years[l] * past;
                double scale = weight * b->years[l] * b->steady[l];
                b->rate_weight[i][j][l] = b->rate[l] * scale * bounded_exponential(b->rate[l] * u);
                b->dividend_weight[i][j][l] =
                    b->dividend[l] * scale * bounded_exponential(b->dividend[l] * u);
            }
        }
    }
}

/* sqrt(2 pi) N(x), given the density's exponential. */
static inline double scaled_normal(double x, double exponential_part)
{
    double far = fabs(x);
    double tail = ROOT_TWO_PI * exponential_part * tail_numerator(far) / tail_denominator(far);
    return x > 0.0 ? ROOT_TWO_PI - tail : tail;
}

static inline double bell(double x)
{
    return exponential(larger(-0.5 * x * x, -690.0));
}

static inline double held(double x)
{
    return larger(smaller(x, FURTHEST), -FURTHEST);
}

/* One step of the fixed point at node i; both sides of the fraction carry sqrt(2 pi). */
static void next_gap(const Scheme *scheme, Boundary *b, int i)
{
    double numerator[PROBLEMS], denominator[PROBLEMS], later[PROBLEMS];
    double root = scheme->node[i], inverse_root = 1.0 / root;
    const double *matrix = scheme->inner_matrix + (size_t)i * scheme->inner * scheme->nodes;
    const int width = b->width;
    int j, k, l;
    for (l = 0; l < width; l++) {
        double sv = b->deviation[l] * root, inverse = b->steady[l] * inverse_root;
        double log_level = FMA(b->drift[l], root * root, b->top[l] - b->gap[i][l]);
        double above = FMA(log_level, inverse, 0.5 * sv), density = bell(above);
        numerator[l] = bell(above - sv) * inverse;
        denominator[l] = FMA(density, inverse, scaled_normal(held(above), density));
    }
    for (j = 0; j < scheme->inner; j++, matrix += scheme->nodes) {
        double at = scheme->inner_root[j], way = root * at, square = way * way;
        double inverse_way = 1.0 / way;
        for (l = 0; l < width; l++)
            later[l] = matrix[0] * b->gap[0][l];
        for (k = 1; k < scheme->nodes; k++)
            for (l = 0; l < width; l++)
                later[l] = FMA(matrix[k], b->gap[k][l], later[l]);
        for (l = 0; l < width; l++) {
            double part = b->deviation[l] * way;
            double log_level = FMA(b->drift[l], square, later[l] - b->gap[i][l]);
            double d = FMA(log_level * b->steady[l], inverse_way, 0.5 * part);
            double density = bell(d);
            numerator[l] = FMA(b->rate_weight[i][j][l], bell(d - part), numerator[l]);
            denominator[l] = FMA(b->dividend_weight[i][j][l],
                                 FMA(scaled_normal(held(d), density), part, density),
                                 denominator[l]);
        }
    }
    for (l = 0; l < width; l++) {
        double level = logarithm(larger(numerator[l], SMALLEST))
                       - logarithm(larger(denominator[l], SMALLEST));
        double gap = FMA(b->drift[l], root * root, b->top[l] - level);
        b->next[i][l] = larger(smaller(gap, GREATEST_GAP), 0.0);
    }
}

static void solve_boundaries(const Scheme *scheme, Boundary *b)
{
    const int width = b->width;
    int step, i, k, l;
    start_problems(scheme, b);
    for (step = 0; step < scheme->iterations; step++) {
        for (i = 0; i < scheme->nodes; i++)
            next_gap(scheme, b, i);
        memcpy(b->gap, b->next, sizeof(double) * PROBLEMS * scheme->nodes);
    }
    for (k = 0; k < scheme->outer; k++) {
        const double *matrix = scheme->outer_matrix + (size_t)k * scheme->nodes;
        double gap[PROBLEMS];
        for (l = 0; l < width; l++)
            gap[l] = matrix[0] * b->gap[0][l];
        for (i = 1; i < scheme->nodes; i++)
            for (l = 0; l < width; l++)
                gap[l] = FMA(matrix[i], b->gap[i][l], gap[l]);
        for (l = 0; l < width; l++) {
            b->level[k][l] = b->top[l] - larger(gap[l], 0.0);
            b->inverse[k][l] = bounded_exponential(-b->level[k][l]);
        }
    }
}

/* The premium of one cell at one point: r-part less q-part, both normals from one exponential. */
static inline double premium_part(double ratio, double above, double sv, double growth_over_level,
                                  double rate_part, double dividend_part)
{
    double d1 = held(above), d2 = held(above - sv);
    double a1 = fabs(d1), a2 = fabs(d2);
    double exponent = -0.5 * d1 * d1;
    double density = exponent < -690.0 ? 0.0 : exponential(larger(exponent, -690.0));
    double p1 = tail_numerator(a1), q1 = tail_denominator(a1);
    double p2 = tail_numerator(a2), q2 = tail_denominator(a2);
    double shared = density / (q1 * q2);
    double stock = p1 * q2 * shared, bond = p2 * q1 * shared * ratio * growth_over_level;
    double n1 = d1 > 0.0 ? stock : 1.0 - stock, n2 = d2 > 0.0 ? bond : 1.0 - bond;
    return rate_part * n2 - dividend_part * ratio * n1;
}

#endif
