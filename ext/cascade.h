/* One drawn path of the dynamic cascade; readable twin: workstation/kernels/cascade.py. */
#ifndef CROSSMARGIN_CASCADE_H
#define CROSSMARGIN_CASCADE_H

#include "cascade_calls.h"
#include "cascade_prices.h"

static void path_start(const Plan *plan, Work *work, uint32_t path, double tail)
{
    Py_ssize_t k, i, lanes = plan->lanes, columns = plan->columns;
    double u[2], depth;
    uniforms(u, 1, plan->key, path, 0, DEPTH_STREAM);
    depth = bounded_exponential(plan->depth_deviation * normal_quantile(u[0]));
    memcpy(work->q, plan->holdings, lanes * columns * sizeof(double));
    memcpy(work->cash, plan->cash, lanes * sizeof(double));
    memcpy(work->free, plan->free, lanes * sizeof(double));
    memcpy(work->line, plan->credit, lanes * sizeof(double));
    memset(work->share, 0, lanes * sizeof(double));
    memset(work->back, 0, lanes * sizeof(double));
    memset(work->drawn, 0, lanes * sizeof(double));
    for (i = 0; i < lanes; i++)
        work->first_call[i] = work->first_sale[i] = work->asked[i] = NEVER;
    work->pending = 0;
    draw_part(plan, work, path, 0, tail);
    for (k = 0; k < columns; k++) {
        double adv = plan->adv[k] * depth;
        work->slope[k] = adv > 0.0 ? plan->impact * plan->volatility[k] / sqrt(adv) : 0.0;
        work->most[k] = adv > 0.0 ? plan->participation * adv / plan->steps_a_day : INFINITY;
        work->price[k] = plan->price[k] * bounded_exponential(work->step[k]);
        work->sigma[k] = plan->volatility[k];
        work->log_return[k] = work->step[k];
        work->volume[k] = work->rooted[k] = work->rise[k] = 0.0;
        work->open[k] = 1.0;
        work->halted[k] = 0;
    }
    memset(work->left, 0, (plan->breakers + plan->recalls) * sizeof(int64_t));
}

/* Volatility follows returns: the first is a day's, later ones parts of a day. */
static void react(const Plan *plan, Work *work, Py_ssize_t number)
{
    double part = number ? plan->steps_a_day : 1.0;
    double decay = number ? plan->step_decay : plan->decay, fresh = (1.0 - decay) * part;
    const double *restrict moved = work->log_return, *restrict start = plan->volatility;
    double *restrict sigma = work->sigma, *restrict rise = work->rise;
    const double cap = plan->cap;
    const Py_ssize_t columns = plan->columns;
    Py_ssize_t k;
    if (!plan->reacts)
        return;
    APART
    for (k = 0; k < columns; k++) {
        sigma[k] = sqrt(decay * sigma[k] * sigma[k] + fresh * moved[k] * moved[k]);
        rise[k] = smaller(sigma[k], cap * start[k]) - start[k];
    }
}

/* How far correlations have converged, from the worst fall; nobody asks where nobody is margined net. */
static double converged(const Plan *plan, const Work *work)
{
    double worst = 0.0;
    Py_ssize_t k;
    if (!plan->netted)
        return 0.0;
    for (k = 0; k < plan->assets; k++)
        worst = larger(1.0 - work->price[k] / plan->price[k], worst);
    return smaller(larger((worst - plan->converge_from) / (plan->converge_to - plan->converge_from), 0.0),
                   1.0);
}

/* Start the halts whose watched asset has fallen far enough, each once. Says if anything is halted. */
static int halts(const Plan *plan, Work *work, Py_ssize_t number)
{
    Py_ssize_t b, k;
    int any = 0;
    for (b = 0; b < plan->breakers; b++) {
        Py_ssize_t seen = plan->watched[b], day = (Py_ssize_t)plan->steps_a_day;
        int64_t lasts = plan->lasting[b] < 0 ? day - number % day : plan->lasting[b];
        if (work->left[b] || 1.0 - work->price[seen] / plan->price[seen] < plan->level[b])
            continue;
        work->left[b] = 1; /* gone off */
        for (k = 0; k < plan->assets; k++)
            if (plan->covers[b * plan->assets + k] && work->halted[k] < lasts)
                work->halted[k] = lasts;
    }
    if (plan->breakers)
        for (k = 0; k < plan->assets; k++) {
            any |= work->halted[k] > 0;
            work->open[k] = work->halted[k] > 0 ? 0.0 : 1.0;
        }
    return any;
}

/* Whether a call stands open that cannot be acted on, because the firm has failed. */
static int held_up(const Plan *plan, const Work *work, Py_ssize_t number)
{
    Py_ssize_t i;
    int any = 0;
    if (plan->freezes)
        for (i = 0; i < plan->accounts; i++)
            any |= plan->frozen[i] > (double)number && work->full[i] > 1e-12;
    return any;
}

/* Trade what volume allows and find the next prices; 0 where nobody wants to trade and nothing is awaited.
 * `floored` says if a price lies on its floor. */
static int traded(const Plan *plan, Work *work, int any, int waits, int *floored)
{
    const Py_ssize_t columns = plan->columns;
    Octet all = octet_of(0.0);
    Py_ssize_t k;
    double *used;
    if (any)
        for (k = 0; k < columns; k += TOGETHER)
            wanted(plan, work, k);
    else {
        memset(work->wish, 0, columns * sizeof(double));
        memset(work->size, 0, columns * sizeof(double));
    }
    for (k = 0; k < columns; k += OCTET)
        all = octet_plus(all, octet_load(work->size + k));
    if (octet_sum(all) < 1e-10 && !waits)
        return 0;
    *floored = price_all(plan, work);
    work->pending = any;
    used = work->volume, work->volume = work->end, work->end = used;
    used = work->rooted, work->rooted = work->end_root, work->end_root = used;
    return 1;
}

/* Let time pass: prices move on by what was traded and what arrives of the shock; halts run down. */
static void advance(const Plan *plan, Work *work, uint32_t path, Py_ssize_t number, double tail, int floored)
{
    Py_ssize_t k, columns = plan->columns;
    double *used, *restrict next = work->next, *restrict moved = work->power;
    const double *restrict price = work->price, *restrict part = work->step;
    if (floored)
        for (k = 0; k < plan->assets; k++)
            moved[k] = logarithm(next[k] / price[k]);
    if (number + 1 < plan->arrival) {
        draw_part(plan, work, path, number + 1, tail);
        APART
        for (k = 0; k < columns; k++) {
            next[k] = next[k] * bounded_exponential(part[k]);
            moved[k] = moved[k] + part[k];
        }
    }
    used = work->price, work->price = work->next, work->next = work->turned = used;
    used = work->log_return, work->log_return = work->power, work->power = used;
    if (plan->breakers)
        for (k = 0; k < columns; k++)
            work->halted[k] -= work->halted[k] > 0;
}

/* Keep the state as it stands, in case numbers overflow in the step to come. */
static void keep(const Plan *plan, Work *work)
{
    const double *restrict equity = work->equity, *restrict drawn = work->drawn;
    double *restrict kept = work->kept;
    Py_ssize_t i, lanes = plan->lanes;
    APART
    for (i = 0; i < lanes; i++)
        kept[i] = equity[i] - drawn[i];
    memcpy(work->before, work->price, plan->columns * sizeof(double));
}

/* The state before the shock. */
static void keep_start(const Plan *plan, Work *work)
{
    Py_ssize_t i, k;
    memcpy(work->kept, plan->cash, plan->lanes * sizeof(double));
    for (k = 0; k < plan->assets; k++)
        for (i = 0; i < plan->lanes; i++)
            work->kept[i] += plan->holdings[k * plan->lanes + i] * plan->price[k];
    memcpy(work->before, plan->price, plan->columns * sizeof(double));
}

/* Play one path out. Returns the steps it took; negative if numbers overflowed in the last of them, when
 * the state of the step before stands in `kept` and `before`, which hold the final state otherwise. */
static int64_t cascade_path(const Plan *plan, Work *work, uint32_t path)
{
    double tail = tail_draw(plan, path);
    Py_ssize_t number;
    path_start(plan, work, path, tail);
    for (number = 0; number < plan->most_steps; number++) {
        int any, waits, floored = 0;
        react(plan, work, number);
        if (!stand(plan, work)) {
            if (number == 0)
                keep_start(plan, work);
            return -(int64_t)(number + 1);
        }
        keep(plan, work);
        margins(plan, work, converged(plan, work));
        any = met(plan, work, number) && fractions(plan, work, number);
        waits = halts(plan, work, number) || number + 1 < plan->arrival || held_up(plan, work, number);
        if (!traded(plan, work, any, waits, &floored)) {
            number++;
            break;
        }
        advance(plan, work, path, number, tail, floored);
    }
    if (!stand(plan, work))
        return -(int64_t)number;
    keep(plan, work);
    return number;
}

#endif
