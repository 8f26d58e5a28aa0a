/* Sums over accounts, margin, calls and what has to be sold, of one step of a path; see cascade.h. */
#ifndef CROSSMARGIN_CASCADE_CALLS_H
#define CROSSMARGIN_CASCADE_CALLS_H

#include "cascade_plan.h"

#define BREATH 4 /* octets of accounts swept together: independent chains hide the latency of a sum */

/* ---- sums over accounts -------------------------------------------------------------------------- */

/* Value, gross risk at the start's volatility and its rise, of `ways` octets of accounts. */
static inline void swept(const Plan *plan, Work *work, Py_ssize_t first, const int ways, const int rises)
{
    Octet value[BREATH], gross[BREATH], risen[BREATH];
    Py_ssize_t k;
    int w;
    for (w = 0; w < ways; w++)
        value[w] = gross[w] = risen[w] = octet_of(0.0);
    for (k = 0; k < plan->assets; k++) {
        const double *q = work->q + k * plan->lanes + first;
        Octet p = octet_of(work->price[k]), sigma = octet_of(work->price[k] * plan->volatility[k]);
        Octet more = octet_of(work->price[k] * work->rise[k]);
        for (w = 0; w < ways; w++) {
            Octet held = octet_load(q + w * OCTET), size = octet_size(held);
            value[w] = octet_plus(value[w], octet_times(held, p));
            gross[w] = octet_plus(gross[w], octet_times(size, sigma));
            if (rises)
                risen[w] = octet_plus(risen[w], octet_times(size, more));
        }
    }
    for (w = 0; w < ways; w++) {
        octet_store(work->value + first + w * OCTET, value[w]);
        octet_store(work->gross + first + w * OCTET, gross[w]);
        octet_store(work->risen + first + w * OCTET, risen[w]);
    }
}

static void sweep(const Plan *plan, Work *work)
{
    Py_ssize_t first = 0, k;
    int rises = 0;
    for (k = 0; k < plan->assets; k++)
        rises |= work->rise[k] != 0.0;
    for (; first + BREATH * OCTET <= plan->lanes; first += BREATH * OCTET)
        if (rises)
            swept(plan, work, first, BREATH, 1);
        else
            swept(plan, work, first, BREATH, 0);
    for (; first < plan->lanes; first += OCTET)
        if (rises)
            swept(plan, work, first, 1, 1);
        else
            swept(plan, work, first, 1, 0);
}

/* What accounts want to trade of one asset: net, and gross into `size`; blocks without a seller rest. */
static double wanted(const Plan *plan, const Work *work, Py_ssize_t k, const uint8_t *selling,
                     double *size)
{
    const double *q = work->q + k * plan->lanes;
    Octet net = octet_of(0.0), gross = octet_of(0.0);
    Py_ssize_t b;
    for (b = 0; b * OCTET < plan->lanes; b++)
        if (selling[b]) {
            Octet part = octet_times(octet_load(q + b * OCTET), octet_load(work->share + b * OCTET));
            net = octet_plus(net, part);
            gross = octet_plus(gross, octet_size(part));
        }
    *size = octet_sum(gross);
    return -octet_sum(net);
}

/* Do a share of what is wanted of one asset at the price paid. */
static void settle(const Plan *plan, Work *work, Py_ssize_t k, const uint8_t *selling, double fill,
                   double paid)
{
    double *q = work->q + k * plan->lanes;
    Octet share = octet_of(fill), price = octet_of(paid);
    Py_ssize_t b;
    for (b = 0; b * OCTET < plan->lanes; b++)
        if (selling[b]) {
            Octet held = octet_load(q + b * OCTET);
            Octet sold = octet_times(octet_times(held, octet_load(work->share + b * OCTET)), share);
            octet_store(q + b * OCTET, octet_minus(held, sold));
            octet_store(work->cash + b * OCTET,
                        octet_plus(octet_load(work->cash + b * OCTET), octet_times(sold, price)));
        }
}

/* ---- margin and calls ---------------------------------------------------------------------------- */

/* sqrt(y' rho y), correlations on the way to one against the book: (1 - w) today + w gross^2. */
static double netted(const Plan *plan, Work *work, Py_ssize_t i, double weight)
{
    Py_ssize_t k, l, assets = plan->assets;
    double today = 0.0, gross = 0.0;
    memset(work->turned, 0, assets * sizeof(double));
    APART
    for (k = 0; k < assets; k++)
        work->risk[k] = work->q[k * plan->lanes + i] * work->price[k]
            * (plan->volatility[k] + plan->reaction[i] * work->rise[k]);
    for (l = 0; l < assets; l++)
        APART
        for (k = 0; k < assets; k++)
            work->turned[k] += plan->correlation[l * assets + k] * work->risk[l];
    for (k = 0; k < assets; k++) {
        today += work->turned[k] * work->risk[k];
        gross += work->risk[k] < 0.0 ? -work->risk[k] : work->risk[k];
    }
    return sqrt(larger((1.0 - weight) * today + weight * gross * gross, 0.0));
}

static void margins(const Plan *plan, Work *work, double weight)
{
    const double *restrict fixed = plan->fixed, *restrict scale = plan->scale;
    const double *restrict reaction = plan->reaction, *restrict cash = work->cash;
    const double *restrict value = work->value, *restrict risen = work->risen;
    double *restrict gross = work->gross, *restrict margin = work->margin, *restrict equity = work->equity;
    const double maintenance = plan->maintenance;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    sweep(plan, work);
    APART
    for (i = 0; i < lanes; i++)
        gross[i] = gross[i] + reaction[i] * risen[i];
    for (i = 0; i < plan->netted; i++)
        if (plan->offset[i] != 0.0)
            gross[i] = plan->offset[i] * netted(plan, work, i, weight) + (1.0 - plan->offset[i]) * gross[i];
    APART
    for (i = 0; i < lanes; i++) {
        margin[i] = maintenance * (fixed[i] + scale[i] * gross[i]);
        equity[i] = cash[i] + value[i];
    }
}

/* Move what donors of a group can give to those in need, in proportion; `moved` is received less given. */
static void shared_out(const Plan *plan, Work *work, const Py_ssize_t *group, int any)
{
    Py_ssize_t i;
    double *need = work->needs, *give = work->gives;
    if (!any) {
        memset(work->moved, 0, plan->lanes * sizeof(double));
        return;
    }
    memset(need, 0, plan->lanes * sizeof(double));
    memset(give, 0, plan->lanes * sizeof(double));
    for (i = 0; i < plan->accounts; i++) {
        need[group[i]] += work->call[i];
        give[group[i]] += work->spare[i];
    }
    for (i = 0; i < plan->accounts; i++) {
        Py_ssize_t g = group[i];
        double flow = smaller(need[g], give[g]);
        double into = need[g] > 0.0 ? flow / need[g] : 0.0, out = give[g] > 0.0 ? flow / give[g] : 0.0;
        work->moved[i] = work->call[i] * into - work->spare[i] * out;
    }
}

/* Meet calls by excess at the same firm, then by free collateral of the owner. Says if any is left. */
static int met(const Plan *plan, Work *work, Py_ssize_t number, int64_t *first_call)
{
    const double *restrict margin = work->margin, *restrict lends = plan->lends;
    double *restrict equity = work->equity, *restrict call = work->call, *restrict spare = work->spare;
    double *restrict moved = work->moved, *restrict full = work->share, *restrict cash = work->cash;
    double *restrict free = work->free;
    const double noticed = plan->noticed;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    int short_of = 0;
    APART
    for (i = 0; i < lanes; i++) {
        full[i] = call[i] = larger(margin[i] - equity[i], 0.0);
        spare[i] = larger(equity[i] - margin[i], 0.0) * lends[i];
    }
    for (i = 0; i < lanes; i++)
        short_of |= call[i] > 0.0;
    if (!short_of)
        return 0;
    shared_out(plan, work, plan->firm, plan->firms_share);
    for (i = 0; i < plan->accounts; i++)
        if (first_call[i] < 0 && call[i] - larger(moved[i], 0.0) > noticed)
            first_call[i] = number;
    APART
    for (i = 0; i < lanes; i++) {
        spare[i] = smaller(larger(equity[i] - margin[i], 0.0) + smaller(moved[i], 0.0), free[i]);
        call[i] -= larger(moved[i], 0.0);
        cash[i] += moved[i];
        equity[i] += moved[i];
    }
    shared_out(plan, work, plan->owner, plan->owners_share);
    APART
    for (i = 0; i < lanes; i++) {
        double left = larger(call[i] - larger(moved[i], 0.0), 0.0);
        cash[i] += moved[i];
        equity[i] += moved[i];
        free[i] += smaller(moved[i], 0.0);
        call[i] = left <= 1e-9 * full[i] ? 0.0 : left; /* what rounding leaves is met */
    }
    return 1;
}

/* Share of its holdings each account has to sell; says which blocks of eight hold a seller. */
static int fractions(const Plan *plan, Work *work, Py_ssize_t number, uint8_t *selling,
                     int64_t *first_sale)
{
    const double *restrict margin = work->margin, *restrict equity = work->equity;
    const double *restrict call = work->call;
    double *restrict share = work->share;
    const double above = 1.0 + plan->buffer;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    int any = 0;
    APART
    for (i = 0; i < lanes; i++) {
        double target = margin[i] * above, safe = target > 0.0 ? target : 1.0;
        double part = smaller(larger((target - equity[i]) / safe, 0.0), 1.0);
        part = equity[i] <= 0.0 ? 1.0 : part;
        share[i] = call[i] > 1e-12 ? part : 0.0;
    }
    memset(selling, 0, lanes / OCTET);
    for (i = 0; i < plan->accounts; i++)
        if (share[i] > 0.0) {
            any = selling[i / OCTET] = 1;
            first_sale[i] = first_sale[i] < 0 ? number : first_sale[i];
        }
    return any;
}

#endif
