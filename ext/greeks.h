/* Greeks over rows of scenarios, and Bachelier values for underlyings that may be negative. */
#ifndef CROSSMARGIN_GREEKS_H
#define CROSSMARGIN_GREEKS_H

#include "european.h"

typedef struct {
    double spot, strike, years, rate, carry, volatility;
    int is_call;
} Option;

/* Delta, gamma, vega (of a whole volatility point 1.00) and theta (a year) over a row.
 *
 * With random deviation zero the density vanishes: gamma and vega are 0 and delta is a step.
 */
static void greeks_row(const Option *option, const Scenarios *moved, double *delta, double *gamma,
                       double *vega, double *theta)
{
    double life = larger(option->years, 0.0), root = sqrt(life), rate = option->rate;
    double deviation = larger(option->volatility, 0.0) * root;
    double inverse = 1.0 / larger(deviation, LEAST_DEVIATION), yield = rate - option->carry;
    double grown = bounded_exponential(option->carry * life);
    double discount = bounded_exponential(-rate * life), paid = discount * grown;
    double spot = larger(option->spot, 0.0), strike = larger(option->strike, 0.0);
    double moneyness = (logarithm(larger(spot, SMALLEST)) - logarithm(larger(strike, SMALLEST))
                        + option->carry * life) * inverse;
    double per_root = root > 0.0 ? 0.5 / root : 0.0, sign = option->is_call ? 1.0 : -1.0;
    Py_ssize_t s;
    for (s = 0; s < moved->count; s++) {
        double sv = deviation * moved->factor[s];
        double d1 = FMA(moneyness, moved->inverse[s],
                        FMA(0.5, sv, inverse * moved->log_growth[s]));
        double d2 = d1 - sv;
        double x1 = sign * larger(smaller(d1, FURTHEST), -FURTHEST);
        double x2 = sign * larger(smaller(d2, FURTHEST), -FURTHEST);
        double e1 = exponential(-0.5 * x1 * x1), e2 = exponential(-0.5 * x2 * x2);
        double t1 = e1 * tail_numerator(fabs(x1)) / tail_denominator(fabs(x1));
        double t2 = e2 * tail_numerator(fabs(x2)) / tail_denominator(fabs(x2));
        double n1 = x1 > 0.0 ? 1.0 - t1 : t1, n2 = x2 > 0.0 ? 1.0 - t2 : t2;
        double at = spot * moved->growth[s];
        double density = sv > 0.0 && fabs(d1) < FURTHEST ? PER_ROOT_TWO_PI * e1 : 0.0;
        double random = larger(at * sv, SMALLEST), change = paid * at * density;
        delta[s] = sign * paid * n1;
        gamma[s] = paid * density / random;
        vega[s] = change * root;
        theta[s] = sign * (yield * paid * at * n1 - rate * discount * strike * n2)
                   - change * option->volatility * moved->factor[s] * per_root;
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
        double e = exponential(-0.5 * d * d), far = fabs(d);
        double tail = e * tail_numerator(far) / tail_denominator(far);
        double n = d > 0.0 ? 1.0 - tail : tail;
        double certain = larger(ahead, 0.0);
        double value = FMA(ahead, n, PER_ROOT_TWO_PI * v * e);
        out[s] = discount * (far >= FURTHEST ? certain : larger(value, 0.0));
    }
}

#endif
