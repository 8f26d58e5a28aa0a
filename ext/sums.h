/* Sums, tails and pair sums; readable twins: workstation/kernels/sums.py.
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

/* Copy the losses gain - total that reach the floor, in their order; few registers hold any. */
static Py_ssize_t reaching(const double *gain, const double *total, Py_ssize_t count, double floor,
                           double *chosen, double *poison)
{
    double seen[LANES], below = nextafter(floor, -INFINITY);
    volatile double nothing = 0.0;
    Lanes just_below = lanes_set(below), zero = lanes_set(nothing), bad[4], loss[4];
    Py_ssize_t s = 0, found = 0;
    int w, l;
    for (w = 0; w < 4; w++)
        bad[w] = zero;
    for (; s + WAYS <= count; s += WAYS) {
        for (w = 0; w < 4; w++) {
            loss[w] = lanes_sub(lanes_load(gain + s + w * LANES),
                                lanes_load(total + s + w * LANES));
            bad[w] = lanes_madd(loss[w], zero, bad[w]);
        }
        if (lanes_any_above(lanes_max(lanes_max(loss[0], loss[1]), lanes_max(loss[2], loss[3])),
                            just_below))
            for (w = 0; w < 4; w++)
                found += lanes_keep(chosen + found, loss[w], just_below);
    }
    lanes_store(seen, lanes_add(lanes_add(bad[0], bad[1]), lanes_add(bad[2], bad[3])));
    for (l = 0; l < LANES; l++)
        *poison += seen[l];
    for (; s < count; s++) {
        double lost = gain[s] - total[s];
        chosen[found] = lost;
        found += lost > below;
        *poison += nothing * lost;
    }
    return found;
}

/* Write the places of the k lowest totals; `work` has room for count numbers. */
static void select_tail(const double *total, Py_ssize_t count, Py_ssize_t k, double *work,
                        Py_ssize_t *tail)
{
    Py_ssize_t s, found = 0;
    double floor;
    for (s = 0; s < count; s++)
        work[s] = -total[s];
    select_largest(work, count, k);
    floor = work[0];
    for (s = 1; s < k; s++)
        floor = work[s] < floor ? work[s] : floor;
    for (s = 0; s < count && found < k; s++)
        if (-total[s] >= floor)
            tail[found++] = s;
}

/* Mean of the `worst` largest of gain - total, the last of them in part where it is no whole number.
 *
 * `tail` are the k = ceil(worst) scenarios in which the total loses most: the least loss among them cannot
 * exceed the k-th largest, so only what reaches it is ranked, and one pass reads the gains. `chosen` has room
 * for count + LANES numbers.
 */
static double shortfall_without(const double *gain, const double *total, Py_ssize_t count,
                                const Py_ssize_t *tail, double worst, double *chosen)
{
    Py_ssize_t s, found, k = (Py_ssize_t)ceil(worst);
    double floor = gain[tail[0]] - total[tail[0]], poison = 0.0, sum = 0.0, last;
    for (s = 1; s < k; s++) {
        double loss = gain[tail[s]] - total[tail[s]];
        floor = loss < floor ? loss : floor;
    }
    found = reaching(gain, total, count, floor, chosen, &poison);
    if (poison != poison)
        return poison;
    select_largest(chosen, found, k);
    last = chosen[0];
    for (s = 0; s < k; s++) {
        last = chosen[s] < last ? chosen[s] : last;
        sum += chosen[s];
    }
    return (sum - ((double)k - worst) * last) / worst;
}

/* Order places that stand nearly in order, equal ones as they come; gives up after `most` moves. */
static int inserted(const double *value, uint32_t *place, Py_ssize_t count, Py_ssize_t most)
{
    Py_ssize_t i, j;
    for (i = 1; i < count; i++) {
        uint32_t held = place[i];
        for (j = i; j > 0 && value[place[j - 1]] > value[held]; j--)
            place[j] = place[j - 1];
        place[j] = held;
        most -= i - j;
        if (most < 0)
            return 0;
    }
    return 1;
}

/* The order of positive numbers, smallest first, equal ones as they come: their bits sort as whole numbers,
 * eleven bits a pass. The upper half of them first: that leaves a few neighbours to change places, seldom all
 * to sort again by every bit. `work` has room for 2 count whole numbers; returns which half holds the places. */
#define DIGIT 11
#define DIGITS (1 << DIGIT)
#define UPPER 33
#define FEW 48
static uint32_t *passes(const double *value, Py_ssize_t count, uint32_t *work, int shift)
{
    uint32_t *from = work, *to = work + count, starts[DIGITS], *kept;
    Py_ssize_t i;
    for (i = 0; i < count; i++)
        from[i] = (uint32_t)i;
    for (; shift < 64; shift += DIGIT) {
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

static uint32_t *rising_order(const double *value, Py_ssize_t count, uint32_t *work)
{
    uint32_t *places = work;
    Py_ssize_t i;
    if (count > FEW) {
        places = passes(value, count, work, 63 - UPPER);
        return inserted(value, places, count, 8 * count) ? places : passes(value, count, work, 0);
    }
    for (i = 0; i < count; i++)
        work[i] = (uint32_t)i;
    inserted(value, work, count, count * count);
    return work;
}

/* Sums over the other members l of v_l f and of v_l df/dCR, f = min(CR) / max(CR), in rising order of CR:
 *     others[k] = (sum of v CR below) / CR_k + CR_k (sum of v / CR above)
 *     slope[k] = (sum of v / CR above) - (sum of v CR below) / CR_k^2
 */
static void sum_pairs(const double *value, const double *risk, const uint32_t *order,
                      Py_ssize_t count, double *others, double *slope)
{
    double below = 0.0, above = 0.0;
    Py_ssize_t l;
    for (l = 0; l < count; l++) {
        uint32_t k = order[l];
        double c = risk[k];
        others[k] = below / c;
        slope[k] = below / (c * c);
        below += value[k] * c;
    }
    for (l = count - 1; l >= 0; l--) {
        uint32_t k = order[l];
        double c = risk[k];
        others[k] += c * above;
        slope[k] = above - slope[k];
        above += value[k] / c;
    }
}

/* Add quantity * row into the totals of each row's group, rows in their order; totals of 16 scenarios stay in
 * registers while the group stays. */
static void add_sixteen(const double *rows, const double *quantity, const Py_ssize_t *group,
                        Py_ssize_t count, double *totals)
{
    Py_ssize_t i = 0;
    while (i < count) {
        Py_ssize_t same = group[i];
        double *total = totals + same * 16;
        Lanes sum[16 / LANES];
        int w;
        for (w = 0; w < 16 / LANES; w++)
            sum[w] = lanes_load(total + w * LANES);
        do {
            Lanes held = lanes_set(quantity[i]);
            for (w = 0; w < 16 / LANES; w++)
                sum[w] = lanes_add(sum[w], lanes_mul(held, lanes_load(rows + i * 16 + w * LANES)));
            i++;
        } while (i < count && group[i] == same);
        for (w = 0; w < 16 / LANES; w++)
            lanes_store(total + w * LANES, sum[w]);
    }
}

/* The same for any number of scenarios. */
static void add_rows(const double *rows, const double *quantity, const Py_ssize_t *group,
                     Py_ssize_t count, Py_ssize_t scenarios, double *totals)
{
    Py_ssize_t i, s;
    if (scenarios == 16) {
        add_sixteen(rows, quantity, group, count, totals);
        return;
    }
    for (i = 0; i < count; i++, rows += scenarios) {
        double held = quantity[i], *total = totals + group[i] * scenarios;
        Lanes many = lanes_set(held);
        for (s = 0; s + LANES <= scenarios; s += LANES)
            lanes_store(total + s, lanes_add(lanes_load(total + s),
                                             lanes_mul(many, lanes_load(rows + s))));
        for (; s < scenarios; s++)
            total[s] += held * rows[s];
    }
}

/* Add rows into their parents: losses in full, gains times the share recognised. */
static void add_gains(const double *rows, const double *recognised, const Py_ssize_t *parent,
                      Py_ssize_t count, Py_ssize_t scenarios, double *totals)
{
    Py_ssize_t i, s;
    Lanes zero = lanes_set(0.0);
    for (i = 0; i < count; i++, rows += scenarios) {
        double share = recognised[i], *total = totals + parent[i] * scenarios;
        Lanes shares = lanes_set(share);
        for (s = 0; s + LANES <= scenarios; s += LANES) {
            Lanes gain = lanes_load(rows + s);
            lanes_store(total + s, lanes_add(lanes_load(total + s), lanes_add(
                lanes_min(gain, zero), lanes_mul(shares, lanes_max(gain, zero)))));
        }
        for (; s < scenarios; s++)
            total[s] += rows[s] > 0.0 ? rows[s] * share : rows[s];
    }
}

#endif
