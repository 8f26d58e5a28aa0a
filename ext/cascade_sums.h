/* Sums over accounts and assets of one step of a path; see cascade.h. */
#ifndef CROSSMARGIN_CASCADE_SUMS_H
#define CROSSMARGIN_CASCADE_SUMS_H

#include "cascade_plan.h"

#define BREATH 4 /* registers of accounts swept together: independent chains hide the latency of a sum */

/* Take off what was traded in the step before; value, gross risk at the start's volatility, its rise. */
static inline void swept(const Plan *plan, Work *work, Py_ssize_t first, const int ways, const int rises,
                         const int trades)
{
    Lanes value[BREATH], gross[BREATH], risen[BREATH], cash[BREATH], share[BREATH];
    const Py_ssize_t lanes = plan->lanes, assets = plan->assets;
    double *q = work->q + first;
    Py_ssize_t k;
    int w;
    for (w = 0; w < ways; w++) {
        value[w] = gross[w] = risen[w] = lanes_set(0.0);
        cash[w] = lanes_load(work->cash + first + w * LANES);
        share[w] = lanes_load(work->share + first + w * LANES);
    }
    for (k = 0; k < assets; k++, q += lanes) {
        Lanes p = lanes_set(work->price[k]), sigma = lanes_set(work->weight[k]);
        Lanes more = lanes_set(work->more[k]);
        Lanes fill = lanes_set(work->fill[k]), paid = lanes_set(work->paid[k]);
        for (w = 0; w < ways; w++) {
            Lanes held = lanes_load(q + w * LANES), size;
            if (trades) {
                Lanes sold = lanes_mul(lanes_mul(held, share[w]), fill);
                held = lanes_sub(held, sold);
                lanes_store(q + w * LANES, held);
                cash[w] = lanes_add(cash[w], lanes_mul(sold, paid));
            }
            size = lanes_size(held);
            value[w] = lanes_add(value[w], lanes_mul(held, p));
            gross[w] = lanes_add(gross[w], lanes_mul(size, sigma));
            if (rises)
                risen[w] = lanes_add(risen[w], lanes_mul(size, more));
        }
    }
    for (w = 0; w < ways; w++) {
        lanes_store(work->value + first + w * LANES, value[w]);
        lanes_store(work->gross + first + w * LANES, gross[w]);
        lanes_store(work->risen + first + w * LANES, risen[w]);
        if (trades)
            lanes_store(work->cash + first + w * LANES, cash[w]);
    }
}

/* Whether any account of `ways` registers has trades to settle; blocks of eight without a seller rest. */
static inline int unsettled(const Work *work, Py_ssize_t first, int ways)
{
    Py_ssize_t b;
    int any = 0;
    if (work->pending)
        for (b = first / OCTET; b * OCTET < first + ways * LANES; b++)
            any |= work->selling[b];
    return any;
}

static inline void sweep_of(const Plan *plan, Work *work, const int rises)
{
    Py_ssize_t first = 0;
    int left;
    for (; first + BREATH * LANES <= plan->lanes; first += BREATH * LANES)
        if (unsettled(work, first, BREATH))
            swept(plan, work, first, BREATH, rises, 1);
        else
            swept(plan, work, first, BREATH, rises, 0);
    left = (int)((plan->lanes - first) / LANES);
#define REST(ways) \
    if (left == (ways)) { \
        if (unsettled(work, first, ways)) \
            swept(plan, work, first, ways, rises, 1); \
        else \
            swept(plan, work, first, ways, rises, 0); \
    }
    REST(1)
    REST(2)
    REST(3)
#undef REST
}

/* Settle and sum over the assets of every account. One common reaction to volatility is part of the
 * weights of the gross risk; reactions of their own are applied to the sums. */
static void sweep(const Plan *plan, Work *work)
{
    const double *restrict price = work->price, *restrict start = plan->volatility;
    const double *restrict rise = work->rise;
    double *restrict weight = work->weight, *restrict more = work->more;
    const double common = plan->alike ? plan->reacting : 0.0;
    const Py_ssize_t columns = plan->columns;
    Py_ssize_t k;
    APART
    for (k = 0; k < columns; k++) {
        weight[k] = price[k] * (start[k] + common * rise[k]);
        more[k] = price[k] * rise[k];
    }
    if (plan->alike)
        sweep_of(plan, work, 0);
    else
        sweep_of(plan, work, 1);
    work->pending = 0;
}

#if defined(__GNUC__)
#define TOGETHER PART /* assets whose sums are kept in registers at once */
#else
#define TOGETHER 2
#endif

/* What accounts want to trade of a few assets: net, and gross into `size`. */
static inline void wanted(const Plan *plan, Work *work, Py_ssize_t k)
{
    const double *q = work->q + k * plan->lanes;
    Octet net[TOGETHER], gross[TOGETHER];
    Py_ssize_t b, blocks = plan->lanes / OCTET;
    int a;
    for (a = 0; a < TOGETHER; a++)
        net[a] = gross[a] = octet_of(0.0);
    for (b = 0; b < blocks; b++, q += OCTET)
        if (work->selling[b]) {
            Octet share = octet_load(work->share + b * OCTET);
            for (a = 0; a < TOGETHER; a++) {
                Octet part = octet_times(octet_load(q + a * plan->lanes), share);
                net[a] = octet_minus(net[a], part);
                gross[a] = octet_plus(gross[a], octet_size(part));
            }
        }
    octets_sum(work->wish + k, net, TOGETHER);
    octets_sum(work->size + k, gross, TOGETHER);
}

#endif
