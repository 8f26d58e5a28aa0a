/* Generalised Black-Scholes values of one option over a row of scenarios.
 *
 *     F = S (1 + x) e^(bT),  d1 = ln(F/K)/sv + sv/2,  d2 = d1 - sv,  sv = sigma m sqrt(T)
 *     value = e^(-rT) w (F N(w d1) - K N(w d2)),  w = +1 call, -1 put
 *
 * Both normal probabilities come from one exponential, because F phi(d1) = K phi(d2).
 */
#ifndef CROSSMARGIN_EUROPEAN_H
#define CROSSMARGIN_EUROPEAN_H

#include "elementary.h"

#define FURTHEST 38.0         /* standard deviations beyond which N is 0 or 1 in double precision */
#define LEAST_DEVIATION 1e-100

typedef struct {
    double forward, strike, discount, moneyness, deviation, sign;
} Option;

static inline Option option_of(double spot, double strike, double years, double rate,
                               double carry, double volatility, int is_call)
{
    Option option;
    double life = larger(years, 0.0);
    option.forward = larger(spot, 0.0) * bounded_exponential(carry * life);
    option.strike = larger(strike, 0.0);
    option.discount = bounded_exponential(-rate * life);
    option.moneyness = logarithm(larger(spot, SMALLEST)) - logarithm(larger(strike, SMALLEST))
                       + carry * life;
    option.deviation = larger(volatility, 0.0) * sqrt(life);
    option.sign = is_call ? 1.0 : -1.0;
    return option;
}

/* Scenario columns that do not depend on the option: growth, its logarithm, one over the factor. */
static void prepare_scenarios(const double *moves, const double *factors, double *growth,
                              double *log_growth, double *inverse_factor, Py_ssize_t count)
{
    Py_ssize_t s;
    for (s = 0; s < count; s++) {
        double g = 1.0 + moves[s];
        growth[s] = larger(g, 0.0);
        log_growth[s] = logarithm(larger(g, SMALLEST));
        inverse_factor[s] = 1.0 / larger(factors[s], LEAST_DEVIATION);
    }
}

static inline double european_cell(Option option, double inverse_deviation, double growth,
                                   double log_growth, double inverse_factor, double factor)
{
    double sv = option.deviation * larger(factor, 0.0);
    double d1 = FMA((option.moneyness + log_growth) * inverse_deviation, inverse_factor, 0.5 * sv);
    double d2 = d1 - sv;
    double x1 = option.sign * larger(smaller(d1, FURTHEST), -FURTHEST);
    double x2 = option.sign * larger(smaller(d2, FURTHEST), -FURTHEST);
    double a1 = fabs(x1), a2 = fabs(x2);
    double forward = option.forward * growth, strike = option.strike;
    double exponent = -0.5 * x1 * x1;
    double density = forward * exponential(larger(exponent, -690.0));
    double p1 = tail_numerator(a1), q1 = tail_denominator(a1);
    double p2 = tail_numerator(a2), q2 = tail_denominator(a2);
    double shared = (exponent < -690.0 ? 0.0 : density) / (q1 * q2);
    double tail1 = p1 * q2 * shared, tail2 = p2 * q1 * shared;
    double stock = x1 > 0.0 ? forward - tail1 : tail1;
    double bond = x2 > 0.0 ? strike - tail2 : tail2;
    return option.discount * larger(option.sign * (stock - bond), 0.0);
}

/* size (value - base) over a row. */
static void european_row(Option option, const double *growth, const double *log_growth,
                         const double *inverse_factor, const double *factors, double size,
                         double base, double *out, Py_ssize_t count)
{
    double inverse_deviation = 1.0 / larger(option.deviation, LEAST_DEVIATION);
    Py_ssize_t s;
    for (s = 0; s < count; s++)
        out[s] = size * (european_cell(option, inverse_deviation, growth[s], log_growth[s],
                                       inverse_factor[s], factors[s]) - base);
}

/* The value where nothing has moved, by the arithmetic of a row: a zero move gains exactly zero. */
static double european_unmoved(Option option)
{
    return european_cell(option, 1.0 / larger(option.deviation, LEAST_DEVIATION), 1.0,
                         logarithm(1.0), 1.0, 1.0);
}

/* Delta, gamma, vega (of a whole volatility point 1.00) and theta (a year) over a row.
 *
 * With random deviation zero the density vanishes: gamma and vega are 0 and delta is a step.
 */
static void greeks_row(Option option, double years, double rate, double carry, double volatility,
                       const double *growth, const double *log_growth,
                       const double *inverse_factor, const double *factors, double *delta,
                       double *gamma, double *vega, double *theta, Py_ssize_t count)
{
    double inverse_deviation = 1.0 / larger(option.deviation, LEAST_DEVIATION);
    double root = sqrt(larger(years, 0.0)), yield = rate - carry;
    double grown = bounded_exponential(carry * larger(years, 0.0));
    double per_root = root > 0.0 ? 0.5 / root : 0.0, sign = option.sign;
    Py_ssize_t s;
    for (s = 0; s < count; s++) {
        double sv = option.deviation * larger(factors[s], 0.0);
        double d1 = FMA((option.moneyness + log_growth[s]) * inverse_deviation, inverse_factor[s],
                        0.5 * sv);
        double d2 = d1 - sv;
        double x1 = sign * larger(smaller(d1, FURTHEST), -FURTHEST);
        double x2 = sign * larger(smaller(d2, FURTHEST), -FURTHEST);
        double e1 = exponential(larger(-0.5 * x1 * x1, -690.0));
        double e2 = exponential(larger(-0.5 * x2 * x2, -690.0));
        double t1 = e1 * tail_numerator(fabs(x1)) / tail_denominator(fabs(x1));
        double t2 = e2 * tail_numerator(fabs(x2)) / tail_denominator(fabs(x2));
        double n1 = x1 > 0.0 ? 1.0 - t1 : t1, n2 = x2 > 0.0 ? 1.0 - t2 : t2;
        double forward = option.forward * growth[s];
        double spot = forward / grown, paid = option.discount * grown;
        double density = sv > 0.0 && fabs(d1) < FURTHEST ? 0.39894228040143267794 * e1 : 0.0;
        double random = larger(spot * sv, SMALLEST), change = paid * spot * density;
        delta[s] = sign * paid * n1;
        gamma[s] = paid * density / random;
        vega[s] = change * root;
        theta[s] = sign * (yield * paid * spot * n1 - rate * option.discount * option.strike * n2)
                   - change * volatility * factors[s] * per_root;
    }
}

/* e^(-rT) (w (F - K) N(w d) + v phi(d)), d = (F - K)/v, v = sigma factor sqrt T in price units. */
static void bachelier_row(double forward, double strike, double years, double rate,
                          double volatility, int is_call, const double *shifts,
                          const double *factors, double *out, Py_ssize_t count)
{
    double life = larger(years, 0.0), deviation = larger(volatility, 0.0) * sqrt(life);
    double discount = bounded_exponential(-rate * life), sign = is_call ? 1.0 : -1.0;
    Py_ssize_t s;
    for (s = 0; s < count; s++) {
        double v = deviation * larger(factors[s], 0.0);
        double ahead = sign * (forward + shifts[s] - strike);
        double d = larger(smaller(ahead / larger(v, LEAST_DEVIATION), FURTHEST), -FURTHEST);
        double e = exponential(larger(-0.5 * d * d, -690.0)), far = fabs(d);
        double tail = e * tail_numerator(far) / tail_denominator(far);
        double n = d > 0.0 ? 1.0 - tail : tail;
        double certain = larger(ahead, 0.0);
        double value = FMA(ahead, n, 0.39894228040143267794 * v * e);
        out[s] = discount * (far >= FURTHEST ? certain : larger(value, 0.0));
    }
}

#endif
