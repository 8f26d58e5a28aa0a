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
    double ones[LANES], zeros[LANES], seen[LANES], lost[LANES], worst, poison = 0.0;
    Lanes one, zero, best[4], bad[4];
    Py_ssize_t s = 0;
    int w, l;
    volatile double nothing = 0.0; /* a zero the compiler cannot see: x * 0 must keep a NaN */
    for (l = 0; l < LANES; l++) {
        ones[l] = 1.0;
        zeros[l] = nothing;
        seen[l] = gain[0] - total[0];
    }
    one = lanes_load(ones);
    zero = lanes_load(zeros);
    for (w = 0; w < 4; w++) {
        best[w] = lanes_load(seen);
        bad[w] = zero;
    }
    for (; s + WAYS <= count; s += WAYS)
        for (w = 0; w < 4; w++) {
            Lanes loss = lanes_msub(lanes_load(gain + s + w * LANES), one,
                                    lanes_load(total + s + w * LANES));
            best[w] = lanes_max(best[w], loss);
            bad[w] = lanes_madd(loss, zero, bad[w]);
        }
    worst = gain[0] - total[0];
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

/* Mean of the k largest of gain - total; `work` has room for 2 count numbers.
 *
 * The least of k block maxima cannot exceed the k-th largest: only what reaches it is ranked.
 */
static double shortfall_without(const double *gain, const double *total, Py_ssize_t count,
                                Py_ssize_t k, double *work)
{
    volatile double unseen = 0.0;
    double *loss = work, *chosen = work + count, nothing = unseen, floor = 0.0, poison = 0.0, sum = 0.0;
    Py_ssize_t s, b, found = 0, size = count / k;
    for (s = 0; s < count; s++)
        loss[s] = gain[s] - total[s];
    for (b = 0; b < k; b++) {
        const double *block = loss + b * size;
        double most[8];
        Py_ssize_t to = b == k - 1 ? count - b * size : size;
        int l;
        for (l = 0; l < 8; l++)
            most[l] = block[0];
        for (s = 0; s + 8 <= to; s += 8)
            for (l = 0; l < 8; l++)
                most[l] = block[s + l] > most[l] ? block[s + l] : most[l];
        for (; s < to; s++)
            most[0] = larger(block[s], most[0]);
        for (l = 1; l < 8; l++)
            most[0] = larger(most[0], most[l]);
        floor = b == 0 || most[0] < floor ? most[0] : floor;
    }
    for (s = 0; s < count; s++) {
        chosen[found] = loss[s];
        found += loss[s] >= floor;
        poison += nothing * loss[s];
    }
    if (poison != poison)
        return poison;
    select_largest(chosen, found, k);
    for (s = 0; s < k; s++)
        sum += chosen[s];
    return sum / (double)k;
}

/* K^2 = sum WS^2 + 2 rho sum_l (WS_l / CR_l) sum_{k<l} WS_k CR_k, factors in rising order of CR. */
static double bucket_square(const double *weighted, const double *risk, Py_ssize_t count, double rho)
{
    double squares = 0.0, cross = 0.0, prefix = 0.0;
    Py_ssize_t l;
    for (l = 0; l < count; l++) {
        squares += weighted[l] * weighted[l];
        cross += weighted[l] / risk[l] * prefix;
        prefix += weighted[l] * risk[l];
    }
    return squares + 2.0 * rho * cross;
}

#endif
