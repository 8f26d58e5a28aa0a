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

static void european_row(Option option, const double *growth, const double *log_growth,
                         const double *inverse_factor, const double *factors, double *out,
                         Py_ssize_t count)
{
    double inverse_deviation = 1.0 / larger(option.deviation, LEAST_DEVIATION);
    Py_ssize_t s;
    for (s = 0; s < count; s++)
        out[s] = european_cell(option, inverse_deviation, growth[s], log_growth[s],
                               inverse_factor[s], factors[s]);
}

#endif
