/* The columns of an option kernel, and the put of strike 1 each option comes to. */
#ifndef CROSSMARGIN_ROWS_H
#define CROSSMARGIN_ROWS_H

#include "elementary.h"

/* Where the fixed point converges: |r - q| sqrt T <= 0.75 sigma, 1e-4 <= sigma sqrt T <= 3. */
#define MOST_DRIFT 0.75
#define LEAST_BOUNDARY_DEVIATION 1e-4
#define MOST_BOUNDARY_DEVIATION 3.0
#define LEAST_INTEREST 1e-9   /* r T below it: exercise early adds less than that of strike */

typedef struct {
    Py_ssize_t options, scenarios, move_step, factor_step;
    const double *spot, *strike, *years, *rate, *carry, *volatility, *moves, *factors;
    const unsigned char *is_call;
    double *out; /* European values on entry */
} Rows;

/* The put of strike 1 an option comes to. */
typedef struct { double rate, dividend, carry, years, root, volatility; int is_call; } Normal;

static inline Normal normal_of(const Rows *rows, Py_ssize_t i)
{
    Normal n;
    double rate = rows->rate[i], dividend = rate - rows->carry[i];
    n.is_call = rows->is_call[i];
    n.rate = n.is_call ? dividend : rate;
    n.dividend = n.is_call ? rate : dividend;
    n.carry = n.rate - n.dividend;
    n.years = larger(rows->years[i], 0.0);
    n.root = sqrt(n.years);
    n.volatility = rows->volatility[i];
    return n;
}

static inline int has_boundary(const Normal *n)
{
    return n->rate * n->years > LEAST_INTEREST;
}

/* Say whether exercise before expiry adds nothing: no interest to earn, none to lose. */
static inline int never_early(const Normal *n)
{
    return n->rate * n->years <= LEAST_INTEREST && (n->rate >= 0.0 ? n->dividend >= 0.0
                                                    : n->dividend >= n->rate);
}

static inline int inside(const Normal *n, double sigma)
{
    double sv = sigma * n->root;
    return fabs(n->carry) * n->root <= MOST_DRIFT * sigma && sv >= LEAST_BOUNDARY_DEVIATION
        && sv <= MOST_BOUNDARY_DEVIATION;
}

/* Positive where a volatility is not `inside`. */
static inline Lanes lanes_outside(const Normal *n, Lanes sigma)
{
    Lanes sv = lanes_mul(sigma, lanes_set(n->root));
    Lanes drift = lanes_sub(lanes_set(fabs(n->carry) * n->root),
                            lanes_mul(lanes_set(MOST_DRIFT), sigma));
    Lanes narrow = lanes_sub(lanes_set(LEAST_BOUNDARY_DEVIATION), sv);
    Lanes wide = lanes_sub(sv, lanes_set(MOST_BOUNDARY_DEVIATION));
    return lanes_max(drift, lanes_max(narrow, wide));
}

#endif
