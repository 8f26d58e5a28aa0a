/* What a drawn path of the dynamic cascade works with, and the shocks it draws; see cascade.h.
 *
 * Holdings lie [asset][account], accounts in lanes padded to eights, so that a path of 50 accounts and
 * 40 assets stays in the first cache.  Sums over accounts keep eight partial sums: every build and
 * every number of threads gives the same bits.
 */
#ifndef CROSSMARGIN_CASCADE_PLAN_H
#define CROSSMARGIN_CASCADE_PLAN_H

#include "octets.h"
#include "philox.h"

enum { SHOCK_STREAM, TAIL_STREAM, DEPTH_STREAM };

/* What all paths share; arrays as documented in the twin. `lanes` is accounts padded to eights. */
typedef struct {
    Py_ssize_t accounts, lanes, assets, breakers;
    const double *holdings, *cash, *offset, *scale, *fixed, *reaction, *free, *lends;
    const double *price, *volatility, *adv, *correlation, *root, *level;
    const Py_ssize_t *owner, *firm, *watched;
    const int64_t *lasting;
    const uint8_t *covers;
    double impact, decay, cap, participation, maintenance, buffer, converge_from, converge_to, floor;
    double steps_a_day, shock_days, depth_deviation, noticed, lowest, step_decay;
    Py_ssize_t most_steps, arrival, freedom;
    Py_ssize_t netted; /* one more than the last account margined net */
    int firms_share, owners_share; /* whether any two accounts can help each other */
    uint64_t key;
} Plan;

/* The state of one path: everything a thread needs besides the plan. */
typedef struct {
    double *q, *cash, *value, *gross, *risen, *equity, *margin, *call, *share, *free, *spare, *moved;
    double *needs, *gives;
    double *price, *sigma, *log_return, *volume, *adv, *slope, *rise, *step, *normal, *risk, *turned, *fill, *paid, *end;
    int64_t *halted, *left;
} Work;

/* Doubles and whole numbers a path needs. */
static Py_ssize_t cascade_doubles(const Plan *plan)
{
    return plan->lanes * (plan->assets + 13) + plan->assets * 14 + 2 * OCTET;
}

static void cascade_lay_out(Work *work, const Plan *plan, double *space, int64_t *whole)
{
    double **rows[] = {&work->cash, &work->value, &work->gross, &work->risen, &work->equity, &work->margin,
                       &work->call, &work->share, &work->free, &work->spare, &work->moved, &work->needs,
                       &work->gives};
    double **columns[] = {&work->price, &work->sigma, &work->log_return, &work->volume, &work->adv,
                          &work->slope, &work->rise, &work->step, &work->normal, &work->risk,
                          &work->turned, &work->fill, &work->paid, &work->end};
    size_t n;
    work->q = space;
    space += plan->lanes * plan->assets;
    for (n = 0; n < sizeof rows / sizeof *rows; n++, space += plan->lanes)
        *rows[n] = space;
    for (n = 0; n < sizeof columns / sizeof *columns; n++, space += plan->assets)
        *columns[n] = space;
    work->halted = whole;
    work->left = whole + plan->assets;
}

/* What follows from the plan itself. */
static void cascade_prepare(Plan *plan)
{
    Py_ssize_t i, j;
    plan->step_decay = bounded_exponential(logarithm(plan->decay) / plan->steps_a_day);
    plan->firms_share = plan->owners_share = 0;
    plan->netted = 0;
    for (i = 0; i < plan->accounts; i++) {
        plan->netted = plan->offset[i] != 0.0 ? i + 1 : plan->netted;
        for (j = 0; j < i; j++) {
            plan->firms_share |= plan->firm[i] == plan->firm[j];
            plan->owners_share |= plan->owner[i] == plan->owner[j];
        }
    }
}

/* Student-t over the whole path: sqrt((v - 2) / chi2_v), chi2 from logarithms (and one normal if odd). */
static double tail_draw(const Plan *plan, uint32_t path)
{
    double u[2], sum = 0.0;
    Py_ssize_t n, pairs = plan->freedom / 2;
    for (n = 0; n < pairs; n++) {
        uniforms(u, 1, plan->key, path, (uint32_t)n, TAIL_STREAM);
        sum -= 2.0 * logarithm(u[0]);
    }
    if (plan->freedom % 2) {
        double z;
        uniforms(u, 1, plan->key, path, (uint32_t)pairs, TAIL_STREAM);
        z = normal_quantile(u[0]);
        sum += z * z;
    }
    return sqrt(((double)plan->freedom - 2.0) / sum);
}

/* The return of one part of the shock: sigma sqrt(days / parts) tail L z, held above `lowest`. */
static void draw_part(const Plan *plan, Work *work, uint32_t path, Py_ssize_t part, double tail)
{
    Py_ssize_t k, l, assets = plan->assets;
    double scale = sqrt(plan->shock_days / (double)plan->arrival) * tail;
    uniforms(work->normal, assets, plan->key, path, (uint32_t)part, SHOCK_STREAM);
    for (l = 0; l < assets; l++)
        work->normal[l] = normal_quantile(work->normal[l]);
    memset(work->step, 0, assets * sizeof(double));
    for (l = 0; l < assets; l++) {
        const double *row = plan->root + l * assets; /* root transposed: row l weighs normal l */
        double z = work->normal[l];
        APART
        for (k = 0; k < assets; k++)
            work->step[k] += row[k] * z;
    }
    APART
    for (k = 0; k < assets; k++)
        work->step[k] = larger(scale * plan->volatility[k] * work->step[k], plan->lowest);
}

#endif
