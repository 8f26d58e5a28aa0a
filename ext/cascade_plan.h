/* What a drawn path of the dynamic cascade works with, and the shocks it draws; see cascade.h.
 *
 * Holdings lie [asset][account], both padded to eights, so that a path of 50 accounts and 40 assets
 * stays in the first cache.  Sums over accounts keep eight partial sums: every build and every number
 * of threads gives the same bits.
 */
#ifndef CROSSMARGIN_CASCADE_PLAN_H
#define CROSSMARGIN_CASCADE_PLAN_H

#include "octets.h"
#include "philox.h"

enum { SHOCK_STREAM, TAIL_STREAM, DEPTH_STREAM };

#define NEVER (-1)

/* What all paths share; arrays as documented in the twin. `lanes` and `columns` are accounts and assets
 * padded to eights; rows of accounts and of the market are padded too. */
typedef struct {
    Py_ssize_t accounts, lanes, assets, columns, breakers, recalls;
    const double *holdings, *cash, *offset, *scale, *fixed, *reaction, *free, *lends, *frozen, *credit;
    const double *price, *volatility, *adv, *correlation, *root, *level, *worth;
    const Py_ssize_t *owner, *firm, *watched, *lent;
    const int64_t *lasting, *delay;
    const uint8_t *covers;
    double impact, decay, cap, participation, maintenance, buffer, converge_from, converge_to, floor;
    double steps_a_day, shock_days, depth_deviation, noticed, lowest, step_decay;
    double reacting; /* the reaction to volatility all accounts share, where `alike` */
    Py_ssize_t most_steps, arrival, freedom;
    Py_ssize_t netted; /* one more than the last account margined net */
    int firms_share, owners_share; /* whether any two accounts can help each other */
    int reacts, alike, borrows, freezes;
    uint64_t key;
} Plan;

/* The state of one path: everything a thread needs besides the plan. What was traded in a step is taken
 * off the holdings by the next sweep over them (`pending`). */
typedef struct {
    double *q, *cash, *value, *gross, *risen, *equity, *margin, *call, *full, *share, *free, *spare, *moved;
    double *limit, *needs, *gives, *back, *drawn, *line, *kept;
    double *price, *sigma, *log_return, *volume, *rooted, *most, *slope, *rise, *weight, *more, *step;
    double *normal, *wish, *size, *fill, *paid, *next, *end, *end_root, *power, *open, *risk, *turned, *before;
    int64_t *first_call, *first_sale, *asked, *halted, *left, *came;
    uint8_t *selling;
    int pending;
} Work;

/* Doubles and whole numbers a path needs, with room to start at a line of the cache. */
static Py_ssize_t cascade_doubles(const Plan *plan)
{
    return plan->lanes * (plan->columns + 19) + plan->columns * 23 + LINE / sizeof(double);
}

static Py_ssize_t cascade_wholes(const Plan *plan)
{
    return 3 * plan->lanes + plan->columns + plan->breakers + plan->recalls;
}

static void cascade_lay_out(Work *work, const Plan *plan, double *space, int64_t *whole)
{
    double **rows[] = {&work->cash, &work->value, &work->gross, &work->risen, &work->equity, &work->margin,
                       &work->call, &work->full, &work->share, &work->free, &work->spare, &work->moved,
                       &work->limit, &work->needs, &work->gives, &work->back, &work->drawn, &work->line, &work->kept};
    double **columns[] = {&work->price, &work->sigma, &work->log_return, &work->volume, &work->rooted,
                          &work->most, &work->slope, &work->rise, &work->weight, &work->more, &work->step,
                          &work->normal, &work->wish, &work->size, &work->fill, &work->paid, &work->next,
                          &work->end, &work->end_root, &work->power, &work->open, &work->risk,
                          &work->before};
    size_t n;
    work->q = space = lanes_aligned(space);
    space += plan->lanes * plan->columns;
    for (n = 0; n < sizeof rows / sizeof *rows; n++, space += plan->lanes)
        *rows[n] = space;
    for (n = 0; n < sizeof columns / sizeof *columns; n++, space += plan->columns)
        *columns[n] = space;
    work->turned = work->next; /* margin is done with before prices are */
    work->first_call = whole;
    work->first_sale = whole + plan->lanes;
    work->asked = whole + 2 * plan->lanes;
    work->halted = whole + 3 * plan->lanes;
    work->left = work->halted + plan->columns;
    work->came = work->left + plan->breakers;
}

/* What follows from the plan itself. */
static void cascade_prepare(Plan *plan)
{
    Py_ssize_t i, j;
    plan->step_decay = bounded_exponential(logarithm(plan->decay) / plan->steps_a_day);
    plan->firms_share = plan->owners_share = plan->reacts = plan->freezes = 0;
    plan->borrows = 0;
    plan->netted = 0;
    plan->alike = 1;
    plan->reacting = plan->reaction[0];
    for (i = 0; i < plan->accounts; i++) {
        plan->netted = plan->offset[i] != 0.0 ? i + 1 : plan->netted;
        plan->reacts |= plan->reaction[i] != 0.0;
        plan->alike &= plan->reaction[i] == plan->reacting;
        plan->freezes |= plan->frozen[i] > 0.0;
        plan->borrows |= plan->credit[i] > 0.0;
        for (j = 0; j < i; j++) {
            plan->firms_share |= plan->firm[i] == plan->firm[j];
            plan->owners_share |= plan->owner[i] == plan->owner[j];
        }
    }
}

/* Whether any of the values lies above a level. */
static int any_above(const double *restrict value, double level, Py_ssize_t count)
{
    Py_ssize_t n;
    int64_t any = 0;
    for (n = 0; n < count; n++)
        any |= value[n] > level;
    return any != 0;
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
    Py_ssize_t k, l, b, columns = plan->columns;
    double scale = sqrt(plan->shock_days / (double)plan->arrival) * tail;
    double *restrict step = work->step;
    const double *restrict volatility = plan->volatility;
    uniforms(work->normal, plan->assets, plan->key, path, (uint32_t)part, SHOCK_STREAM);
    normal_quantiles(work->normal, plan->assets);
    for (b = 0; b < columns; b += OCTET) {
        Octet sum = octet_of(0.0);
        for (l = 0; l < plan->assets; l++) /* root transposed: row l weighs normal l */
            sum = octet_plus(sum, octet_times(octet_load(plan->root + l * columns + b),
                                              octet_of(work->normal[l])));
        octet_store(step + b, sum);
    }
    APART
    for (k = 0; k < columns; k++)
        step[k] = larger(scale * volatility[k] * step[k], plan->lowest);
}

#endif
