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

/* (e^z - 1 - z) / z^2 by its series for |z| <= 0.75. From it follow without cancellation
 * plain = 1 + z p, the mean of e^(z s) over s from 0 to 1, plain - p, that of s e^(z s), and
 * e^z = 1 + z plain. */
static inline double second_mean(double z)
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
        e = second_mean(z);
        plain = 1.0 + z * e;
        weighted = plain - e;
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

/* Average and next prices of all assets from what is wanted, net (`wish`) and gross (`size`); `fill` is
 * the share done.  Slices on one side of zero with a small exponent, nearly all, in lanes; the rest one
 * by one.  Says whether a price lies on its floor. */
static int price_all(const Plan *plan, Work *work)
{
    const double *restrict price = work->price, *restrict slope = work->slope, *restrict most = work->most;
    const double *restrict volume = work->volume, *restrict rooted = work->rooted;
    const double *restrict wish = work->wish, *restrict size = work->size, *restrict open = work->open;
    const double *restrict start = plan->price;
    double *restrict fill = work->fill, *restrict paid = work->paid, *restrict next = work->next;
    double *restrict end = work->end, *restrict end_root = work->end_root, *restrict power = work->power;
    const double floor = plan->floor;
    const Py_ssize_t columns = plan->columns;
    Py_ssize_t k;
    int64_t odd = 0, floored = 0;
    APART
    for (k = 0; k < columns; k++) {
        double some = size[k] > 0.0 ? size[k] : 1.0, share = most[k] / some;
        double net, done = volume[k], to, first = rooted[k], last, side, whole, width, z, second, plain, mean;
        share = share < 1.0 ? share : 1.0;
        share = size[k] > 0.0 ? share * open[k] : 0.0;
        net = share * wish[k];
        to = done + net;
        last = sqrt(to < 0.0 ? -to : to);
        side = done + to < 0.0 ? -1.0 : 1.0;
        whole = first + last;
        whole = 1.0 / (whole > 0.0 ? whole : 1.0);
        width = side * net * whole;
        z = slope[k] * side * width;
        second = second_mean(z);
        plain = 1.0 + z * second;
        mean = 2.0 * (first * plain + width * (plain - second)) * whole;
        fill[k] = share;
        end[k] = to;
        end_root[k] = last;
        power[k] = z;
        paid[k] = price[k] * (net * slope[k] != 0.0 ? mean : 1.0);
        next[k] = price[k] * (1.0 + z * plain);
    }
    for (k = 0; k < columns; k++)
        odd |= (volume[k] * end[k] < 0.0) | (power[k] < -SMALL_EXPONENT) | (power[k] > SMALL_EXPONENT);
    if (odd)
        for (k = 0; k < columns; k++)
            if (volume[k] * end[k] < 0.0 || power[k] < -SMALL_EXPONENT || power[k] > SMALL_EXPONENT) {
                power[k] = slope[k] * (signed_root(end[k]) - signed_root(volume[k]));
                paid[k] = average_price(price[k], slope[k], volume[k], fill[k] * wish[k]);
                next[k] = price[k] * bounded_exponential(power[k]);
            }
    for (k = 0; k < columns; k++)
        floored |= next[k] < floor * start[k];
    if (floored) {
        APART
        for (k = 0; k < columns; k++)
            next[k] = larger(next[k], floor * start[k]);
    }
    return floored != 0;
}

#endif
