/* Sums, tails and buckets; readable twins: workstation/kernels/{sums,buckets}.py.
 *
 * Lanes run over scenarios and never cross a sum whose order matters. `poison` adds 0 times every number
 * read: a NaN or infinite input cannot pass a comparison unseen.
 */
#ifndef CROSSMARGIN_SUMS_H
#define CROSSMARGIN_SUMS_H

#include "elementary.h"
#include "lanes.h"

#define WAYS (4 * LANES)

/* Largest gain[s] - total[s]: the worst loss of a total without this gain. */
static double worst_without(const double *gain, const double *total, Py_ssize_t count)
{
    double lost[LANES], seen[LANES], worst = gain[0] - total[0], poison = 0.0;
    volatile double nothing = 0.0; /* a zero the compiler cannot see: x * 0 must keep a NaN */
    Lanes zero = lanes_set(nothing), best[4], bad[4];
    Py_ssize_t s = 0;
    int w, l;
    for (w = 0; w < 4; w++) {
        best[w] = lanes_set(worst);
        bad[w] = zero;
    }
    for (; s + WAYS <= count; s += WAYS)
        for (w = 0; w < 4; w++) {
            Lanes loss = lanes_sub(lanes_load(gain + s + w * LANES),
                                   lanes_load(total + s + w * LANES));
            best[w] = lanes_max(best[w], loss);
            bad[w] = lanes_madd(loss, zero, bad[w]);
        }
    for (w = 0; w < 4; w++) {
        lanes_store(lost, best[w]);
        lanes_store(seen, bad[w]);
        for (l = 0; l < LANES; l++) {
            worst = larger(worst, lost[l]);
            poison += seen[l];
        }
    }
    for (; s < count; s++) {
        double loss = gain[s] - total[s];
        worst = larger(worst, loss);
        poison += nothing * loss;
    }
    return worst + poison;
}

/* Put the k largest first, in any order (Hoare's selection). */
static void select_largest(double *value, Py_ssize_t count, Py_ssize_t k)
{
    Py_ssize_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = value[low + (high - low) / 2];
        Py_ssize_t i = low, j = high;
        while (i <= j) {
            while (value[i] > pivot)
                i++;
            while (value[j] < pivot)
                j--;
            if (i <= j) {
                double kept = value[i];
                value[i++] = value[j];
                value[j--] = kept;
            }
        }
        if (k - 1 <= j)
            high = j;
        else if (k - 1 >= i)
            low = i;
        else
            return;
    }
}

/* Copy what reaches the floor; few registers hold any of it. */
static Py_ssize_t reaching(const double *loss, Py_ssize_t count, double floor, double *chosen)
{
    Lanes just_below = lanes_set(nextafter(floor, -INFINITY));
    Py_ssize_t s = 0, found = 0;
    for (; s + LANES <= count; s += LANES)
        found += lanes_keep(chosen + found, lanes_load(loss + s), just_below);
    for (; s < count; s++) {
        chosen[found] = loss[s];
        found += loss[s] >= floor;
    }
    return found;
}

/* Mean of the k largest of gain - total; `work` has room for 2 count + LANES numbers.
 *
 * The losses are cut into k blocks: the least of their maxima cannot exceed the k-th largest loss, so only what
 * reaches it is ranked. Losses and blocks are made in the one pass that reads the gains.
 */
static double shortfall_without(const double *gain, const double *total, Py_ssize_t count,
                                Py_ssize_t k, double *work)
{
    volatile double unseen = 0.0;
    double *loss = work, *chosen = work + count, least[LANES], nothing = unseen, floor = 0.0,
           poison = 0.0, sum = 0.0;
    Py_ssize_t s, b, l, found = 0, size = count / k;
    Lanes zero = lanes_set(nothing), bad[2] = {zero, zero};
    for (b = 0; b < k; b++) {
        Py_ssize_t to = b == k - 1 ? count : (b + 1) * size;
        double most;
        Lanes best[2];
        s = b * size;
        most = gain[s] - total[s];
        best[0] = best[1] = lanes_set(most);
        for (; s + 2 * LANES <= to; s += 2 * LANES)
            for (l = 0; l < 2; l++) {
                Lanes lost = lanes_sub(lanes_load(gain + s + l * LANES),
                                       lanes_load(total + s + l * LANES));
                lanes_store(loss + s + l * LANES, lost);
                best[l] = lanes_max(best[l], lost);
                bad[l] = lanes_madd(lost, zero, bad[l]);
            }
        for (; s < to; s++) {
            loss[s] = gain[s] - total[s];
            most = larger(most, loss[s]);
            poison += nothing * loss[s];
        }
        lanes_store(least, lanes_max(best[0], best[1]));
        for (l = 0; l < LANES; l++)
            most = larger(most, least[l]);
        floor = b == 0 || most < floor ? most : floor;
    }
    lanes_store(least, lanes_add(bad[0], bad[1]));
    for (l = 0; l < LANES; l++)
        poison += least[l];
    if (poison != poison)
        return poison;
    found = reaching(loss, count, floor, chosen);
    select_largest(chosen, found, k);
    for (s = 0; s < k; s++)
        sum += chosen[s];
    return sum / (double)k;
}

/* The order of positive numbers, smallest first, equal ones as they come: their bits sort as whole numbers,
 * eleven bits a pass. `work` has room for 2 count whole numbers; returns which half holds the places. */
#define DIGIT 11
#define DIGITS (1 << DIGIT)
static uint32_t *rising_order(const double *value, Py_ssize_t count, uint32_t *work)
{
    uint32_t *from = work, *to = work + count, starts[DIGITS], *kept;
    Py_ssize_t i;
    int shift;
    for (i = 0; i < count; i++)
        from[i] = (uint32_t)i;
    for (shift = 0; shift < 64; shift += DIGIT) {
        uint32_t before = 0;
        memset(starts, 0, sizeof starts);
        for (i = 0; i < count; i++)
            starts[(to_bits(value[i]) >> shift) & (DIGITS - 1)]++;
        if (starts[(to_bits(value[0]) >> shift) & (DIGITS - 1)] == (uint32_t)count)
            continue; /* all alike in these bits */
        for (i = 0; i < DIGITS; i++) {
            uint32_t held = starts[i];
            starts[i] = before;
            before += held;
        }
        for (i = 0; i < count; i++)
            to[starts[(to_bits(value[from[i]]) >> shift) & (DIGITS - 1)]++] = from[i];
        kept = from;
        from = to;
        to = kept;
    }
    return from;
}

/* K^2 = sum WS^2 + 2 rho sum_l (WS_l / CR_l) sum_{k<l} WS_k CR_k, factors in rising order of CR. */
static double bucket_square(const double *weighted, const double *risk, const uint32_t *order,
                            Py_ssize_t count, double rho)
{
    double squares = 0.0, cross = 0.0, prefix = 0.0;
    Py_ssize_t l;
    for (l = 0; l < count; l++) {
        double ws = weighted[order[l]], cr = risk[order[l]];
        squares += ws * ws;
        cross += ws / cr * prefix;
        prefix += ws * cr;
    }
    return squares + 2.0 * rho * cross;
}

/* Add quantity * row into 16 scenarios' totals, which stay in registers, for one group's positions. */
static void add_sixteen(const double *rows, const double *quantity, Py_ssize_t count, double *total)
{
    Lanes sum[16 / LANES];
    Py_ssize_t i;
    int w;
    for (w = 0; w < 16 / LANES; w++)
        sum[w] = lanes_load(total + w * LANES);
    for (i = 0; i < count; i++) {
        Lanes held = lanes_set(quantity[i]);
        for (w = 0; w < 16 / LANES; w++)
            sum[w] = lanes_add(sum[w], lanes_mul(held, lanes_load(rows + i * 16 + w * LANES)));
    }
    for (w = 0; w < 16 / LANES; w++)
        lanes_store(total + w * LANES, sum[w]);
}

/* The same for any number of scenarios. */
static void add_rows(const double *rows, const double *quantity, Py_ssize_t count,
                     Py_ssize_t scenarios, double *total)
{
    Py_ssize_t i, s;
    if (scenarios == 16) {
        add_sixteen(rows, quantity, count, total);
        return;
    }
    for (i = 0; i < count; i++, rows += scenarios) {
        double held = quantity[i];
        for (s = 0; s < scenarios; s++)
            total[s] += held * rows[s];
    }
}

#endif
