/* One drawn path of the dynamic cascade; readable twin: workstation/kernels/cascade.py. */
#ifndef CROSSMARGIN_CASCADE_H
#define CROSSMARGIN_CASCADE_H

#include "cascade_calls.h"
#include "cascade_prices.h"

static void path_start(const Plan *plan, Work *work, uint32_t path, double tail)
{
    Py_ssize_t k;
    double u[2], depth;
    uniforms(u, 1, plan->key, path, 0, DEPTH_STREAM);
    depth = bounded_exponential(plan->depth_deviation * normal_quantile(u[0]));
    memcpy(work->q, plan->holdings, plan->lanes * plan->assets * sizeof(double));
    memcpy(work->cash, plan->cash, plan->lanes * sizeof(double));
    memcpy(work->free, plan->free, plan->lanes * sizeof(double));
    memset(work->share, 0, plan->lanes * sizeof(double));
    draw_part(plan, work, path, 0, tail);
    for (k = 0; k < plan->assets; k++) {
        work->adv[k] = plan->adv[k] * depth;
        work->slope[k] = work->adv[k] > 0.0
            ? plan->impact * plan->volatility[k] / sqrt(work->adv[k]) : 0.0;
        work->price[k] = plan->price[k] * bounded_exponential(work->step[k]);
        work->sigma[k] = plan->volatility[k];
        work->log_return[k] = work->step[k];
        work->volume[k] = 0.0;
        work->halted[k] = 0;
    }
    for (k = 0; k < plan->breakers; k++)
        work->left[k] = 0;
}

/* Volatility follows returns: the first is a day's, later ones parts of a day. Returns the worst fall. */
static double react(const Plan *plan, Work *work, Py_ssize_t number)
{
    double part = number ? plan->steps_a_day : 1.0, worst = 0.0;
    double decay = number ? plan->step_decay : plan->decay, fresh = (1.0 - decay) * part;
    const double *restrict moved = work->log_return, *restrict start = plan->volatility;
    const double *restrict price = work->price, *restrict before = plan->price;
    double *restrict sigma = work->sigma, *restrict rise = work->rise, *restrict fall = work->fill;
    const double cap = plan->cap;
    const Py_ssize_t assets = plan->assets;
    Py_ssize_t k;
    APART
    for (k = 0; k < assets; k++) {
        sigma[k] = sqrt(decay * sigma[k] * sigma[k] + fresh * moved[k] * moved[k]);
        rise[k] = smaller(sigma[k], cap * start[k]) - start[k];
        fall[k] = 1.0 - price[k] / before[k];
    }
    for (k = 0; k < assets; k++)
        worst = larger(fall[k], worst);
    return worst;
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
    for (k = 0; k < plan->assets; k++)
        any |= work->halted[k] > 0;
    return any;
}

/* Trade what volume allows and move the prices; 0 where nobody wants to trade and nothing is awaited. */
static int traded(const Plan *plan, Work *work, const uint8_t *selling, int any, int waits)
{
    Py_ssize_t k;
    double all = 0.0, *wish = work->normal, *size = work->risk;
    for (k = 0; k < plan->assets; k++) {
        wish[k] = any ? wanted(plan, work, k, selling, size + k) : 0.0;
        size[k] = any ? size[k] : 0.0;
        all += size[k];
    }
    if (all < 1e-10 && !waits)
        return 0;
    price_all(plan, work, wish, size);
    for (k = 0; k < plan->assets; k++)
        if (work->fill[k] > 0.0)
            settle(plan, work, k, selling, work->fill[k], work->paid[k]);
    memcpy(work->volume, work->end, plan->assets * sizeof(double));
    return 1;
}

static void advance(const Plan *plan, Work *work, uint32_t path, Py_ssize_t number, double tail)
{
    Py_ssize_t k, assets = plan->assets;
    double *restrict next = work->turned, *restrict price = work->price, *restrict moved = work->log_return;
    const double *restrict part = work->step;
    if (number + 1 < plan->arrival) {
        draw_part(plan, work, path, number + 1, tail);
        APART
        for (k = 0; k < assets; k++)
            next[k] = next[k] * bounded_exponential(part[k]);
    }
    APART
    for (k = 0; k < assets; k++)
        moved[k] = logarithm(next[k] / price[k]);
    APART
    for (k = 0; k < assets; k++) {
        price[k] = next[k];
        work->halted[k] -= work->halted[k] > 0;
    }
}

/* Play one path; writes equity, first call and first sale by account, prices, and the steps it took. */
static int64_t cascade_path(const Plan *plan, Work *work, uint8_t *selling, uint32_t path, double *equity,
                            int64_t *first_call, int64_t *first_sale, double *price)
{
    double tail = tail_draw(plan, path), width = plan->converge_to - plan->converge_from;
    Py_ssize_t number, i;
    for (i = 0; i < plan->accounts; i++)
        first_call[i] = first_sale[i] = -1;
    path_start(plan, work, path, tail);
    for (number = 0; number < plan->most_steps; number++) {
        double worst = react(plan, work, number);
        int any, waits;
        margins(plan, work, smaller(larger((worst - plan->converge_from) / width, 0.0), 1.0));
        any = met(plan, work, number, first_call) && fractions(plan, work, number, selling, first_sale);
        waits = halts(plan, work, number) || number + 1 < plan->arrival;
        if (!traded(plan, work, selling, any, waits)) {
            number++;
            break;
        }
        advance(plan, work, path, number, tail);
    }
    memset(work->rise, 0, plan->assets * sizeof(double));
    sweep(plan, work);
    for (i = 0; i < plan->accounts; i++)
        equity[i] = work->cash[i] + work->value[i];
    memcpy(price, work->price, plan->assets * sizeof(double));
    return number;
}

#endif
