/* Margin of one step of a path, and what has to be sold for calls that stay open; see cascade.h. */
#ifndef CROSSMARGIN_CASCADE_CALLS_H
#define CROSSMARGIN_CASCADE_CALLS_H

#include "cascade_relief.h"
#include "cascade_sums.h"

#define LARGEST 1.7976931348623157e308

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

/* Settle and add up; what every account is worth. Says if all numbers are still finite. */
static int stand(const Plan *plan, Work *work)
{
    const double *restrict cash = work->cash, *restrict value = work->value, *restrict gross = work->gross;
    double *restrict equity = work->equity;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    int64_t finite = 1;
    sweep(plan, work);
    APART
    for (i = 0; i < lanes; i++)
        equity[i] = cash[i] + value[i];
    for (i = 0; i < lanes; i++) {
        double sum = equity[i] < 0.0 ? gross[i] - equity[i] : gross[i] + equity[i];
        finite &= sum <= LARGEST; /* no NaN is */
    }
    return finite != 0;
}

/* Margin and call of every account. */
static void margins(const Plan *plan, Work *work, double weight)
{
    const double *restrict fixed = plan->fixed, *restrict scale = plan->scale;
    const double *restrict reaction = plan->reaction, *restrict equity = work->equity;
    const double *restrict risen = work->risen;
    double *restrict gross = work->gross, *restrict margin = work->margin;
    double *restrict full = work->full, *restrict call = work->call;
    const double maintenance = plan->maintenance;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    if (!plan->alike) {
        APART
        for (i = 0; i < lanes; i++)
            gross[i] = gross[i] + reaction[i] * risen[i];
    }
    for (i = 0; i < plan->netted; i++)
        if (plan->offset[i] != 0.0)
            gross[i] = plan->offset[i] * netted(plan, work, i, weight) + (1.0 - plan->offset[i]) * gross[i];
    APART
    for (i = 0; i < lanes; i++) {
        double short_by;
        margin[i] = maintenance * (fixed[i] + scale[i] * gross[i]);
        short_by = larger(margin[i] - equity[i], 0.0);
        full[i] = call[i] = short_by > 1e-12 * margin[i] ? short_by : 0.0; /* the rest is rounding */
    }
}

/* Meet calls from elsewhere, first by excess at the same firm; note first calls.  Says if any is left.
 * A row whose firm has failed can neither give nor be paid into. */
static int met(const Plan *plan, Work *work, Py_ssize_t number)
{
    const double *restrict full = work->full, *restrict margin = work->margin;
    const double *restrict equity = work->equity, *restrict frozen = plan->frozen;
    double *restrict call = work->call, *restrict spare = work->spare, *restrict moved = work->moved;
    int64_t *restrict first = work->first_call;
    const double noticed = plan->noticed, now = (double)number;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i;
    if (!any_above(full, 0.0, lanes))
        return 0;
    memset(moved, 0, lanes * sizeof(double));
    if (plan->firms_share | plan->owners_share | plan->borrows) {
        APART
        for (i = 0; i < lanes; i++) {
            spare[i] = frozen[i] > now ? 0.0 : larger(equity[i] - margin[i], 0.0);
            call[i] = frozen[i] > now ? 0.0 : full[i];
        }
        if (plan->firms_share)
            excess(plan, work);
    }
    APART
    for (i = 0; i < lanes; i++)
        first[i] = (first[i] < 0) & (full[i] - larger(moved[i], 0.0) > noticed) ? number : first[i];
    if (plan->owners_share | plan->borrows)
        relieve(plan, work, number);
    return 1;
}

/* Share of its holdings each account has to sell; says which blocks of eight hold a seller, and if any. */
static int fractions(const Plan *plan, Work *work, Py_ssize_t number)
{
    const double *restrict margin = work->margin, *restrict equity = work->equity;
    const double *restrict call = work->call, *restrict frozen = plan->frozen;
    double *restrict share = work->share;
    int64_t *restrict first = work->first_sale;
    const double above = 1.0 + plan->buffer, now = (double)number;
    const Py_ssize_t lanes = plan->lanes;
    Py_ssize_t i, b;
    int any = 0;
    APART
    for (i = 0; i < lanes; i++) {
        double target = margin[i] * above, safe = target > 0.0 ? target : 1.0;
        double part = smaller(larger((target - equity[i]) / safe, 0.0), 1.0);
        part = equity[i] <= 0.0 ? 1.0 : part;
        part = call[i] > 1e-12 ? part : 0.0;
        share[i] = frozen[i] > now ? 0.0 : part;
        first[i] = (first[i] < 0) & (share[i] > 0.0) ? number : first[i];
    }
    for (b = 0; b * OCTET < lanes; b++) {
        work->selling[b] = octet_sum(octet_load(share + b * OCTET)) > 0.0;
        any |= work->selling[b];
    }
    return any;
}

#endif
