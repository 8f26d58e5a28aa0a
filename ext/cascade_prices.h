/* Prices under the cumulative square-root law, exactly, of one step of a path; see cascade.h. */
#ifndef CROSSMARGIN_CASCADE_PRICES_H
#define CROSSMARGIN_CASCADE_PRICES_H

#include "cascade_plan.h"

#define SMALL_EXPONENT 0.75

static inline double signed_root(double x)
{
    double root = sqrt(x < 0.0 ? -x : x);
    return x < 0.0 ? -root : root;
}

/* Means of e^(z s) and of s e^(z s) over s from 0 to 1, by their series for |z| <= 0.75. */
static inline double plain_mean(double z)
{
    double sum = 1.0 / 20922789888000.0; /* 1 / 16! */
    sum = sum * z + 1.0 / 1307674368000.0;
    sum = sum * z + 1.0 / 87178291200.0;
    sum = sum * z + 1.0 / 6227020800.0;
    sum = sum * z + 1.0 / 479001600.0;
    sum = sum * z + 1.0 / 39916800.0;
    sum = sum * z + 1.0 / 3628800.0;
    sum = sum * z + 1.0 / 362880.0;
    sum = sum * z + 1.0 / 40320.0;
    sum = sum * z + 1.0 / 5040.0;
    sum = sum * z + 1.0 / 720.0;
    sum = sum * z + 1.0 / 120.0;
    sum = sum * z + 1.0 / 24.0;
    sum = sum * z + 1.0 / 6.0;
    sum = sum * z + 0.5;
    return sum * z + 1.0;
}

static inline double weighted_mean(double z)
{
    double sum = 1.0 / (17.0 * 1307674368000.0); /* 1 / (n! (n + 2)), n = 15 */
    sum = sum * z + 1.0 / (16.0 * 87178291200.0);
    sum = sum * z + 1.0 / (15.0 * 6227020800.0);
    sum = sum * z + 1.0 / (14.0 * 479001600.0);
    sum = sum * z + 1.0 / (13.0 * 39916800.0);
    sum = sum * z + 1.0 / (12.0 * 3628800.0);
    sum = sum * z + 1.0 / (11.0 * 362880.0);
    sum = sum * z + 1.0 / (10.0 * 40320.0);
    sum = sum * z + 1.0 / (9.0 * 5040.0);
    sum = sum * z + 1.0 / (8.0 * 720.0);
    sum = sum * z + 1.0 / (7.0 * 120.0);
    sum = sum * z + 1.0 / (6.0 * 24.0);
    sum = sum * z + 1.0 / (5.0 * 6.0);
    sum = sum * z + 1.0 / (4.0 * 2.0);
    sum = sum * z + 1.0 / 3.0;
    return sum * z + 0.5;
}

/* Integral of exp(k (g(x) - g(origin))) over a slice on one side of zero, g(x) = sgn sqrt|x|. */
static double slice_area(double k, double start, double end, double origin)
{
    double side = (start == 0.0 ? end : start) < 0.0 ? -1.0 : 1.0;
    double low = sqrt(start < 0.0 ? -start : start), high = sqrt(end < 0.0 ? -end : end);
    double width = low + high > 0.0 ? side * (end - start) / (low + high) : 0.0, z = k * side * width;
    double plain, weighted, e;
    if (z < -SMALL_EXPONENT || z > SMALL_EXPONENT) {
        e = bounded_exponential(z);
        plain = (e - 1.0) / z;
        weighted = (e * (z - 1.0) + 1.0) / (z * z);
    } else {
        plain = plain_mean(z);
        weighted = weighted_mean(z);
    }
    return side * bounded_exponential(k * (side * low - signed_root(origin)))
        * 2.0 * width * (low * plain + width * weighted);
}

/* Average price over the cumulative square-root law, whatever the slice. */
static double average_price(double price, double k, double done, double traded)
{
    double end = done + traded, turn = done * end < 0.0 ? 0.0 : end;
    if (traded == 0.0 || k == 0.0)
        return price;
    return price * (slice_area(k, done, turn, done) + slice_area(k, turn, end, done)) / traded;
}

/* Average and next prices of all assets: `wish` is net and `size` gross of what is wanted; `fill` is the
 * share done. Slices on one side of zero with a small exponent, nearly all, in lanes; the rest one by one. */
static void price_all(const Plan *plan, Work *work, const double *wish, const double *size)
{
    const double *restrict price = work->price, *restrict slope = work->slope, *restrict adv = work->adv;
    const double *restrict volume = work->volume;
    double *restrict fill = work->fill, *restrict paid = work->paid, *restrict next = work->turned;
    double *restrict end = work->end, *restrict power = work->step;
    const double *restrict start = plan->price, *restrict wished = wish, *restrict gross = size;
    const int64_t *restrict halted = work->halted;
    const double part = plan->participation, a_day = plan->steps_a_day, floor = plan->floor;
    const Py_ssize_t assets = plan->assets;
    Py_ssize_t k;
    APART
    for (k = 0; k < assets; k++) {
        double most = part * adv[k] / a_day, some = gross[k] > 0.0 ? gross[k] : 1.0;
        double share = most / some;
        share = share < 1.0 ? share : 1.0;
        share = adv[k] > 0.0 ? share : 1.0;
        share = gross[k] > 0.0 ? share : 0.0;
        fill[k] = halted[k] > 0 ? 0.0 : share;
    }
    APART
    for (k = 0; k < assets; k++) {
        double net = fill[k] * wished[k], done = volume[k], to = done + net;
        double first = sqrt(done < 0.0 ? -done : done), last = sqrt(to < 0.0 ? -to : to);
        double side = done + to < 0.0 ? -1.0 : 1.0, both = first + last, whole = both > 0.0 ? both : 1.0;
        double width = side * net / whole, z = slope[k] * side * width;
        double mean = 2.0 * (first * plain_mean(z) + width * weighted_mean(z)) / whole;
        end[k] = to;
        mean = net * slope[k] != 0.0 ? mean : 1.0;
        paid[k] = price[k] * mean;
        power[k] = slope[k] * ((to < 0.0 ? -last : last) - (done < 0.0 ? -first : first));
    }
    for (k = 0; k < assets; k++) {
        if (volume[k] * end[k] < 0.0 || power[k] < -SMALL_EXPONENT || power[k] > SMALL_EXPONENT)
            paid[k] = average_price(price[k], slope[k], volume[k], fill[k] * wish[k]);
    }
    APART
    for (k = 0; k < assets; k++)
        next[k] = larger(price[k] * bounded_exponential(power[k]), floor * start[k]);
}

#endif
