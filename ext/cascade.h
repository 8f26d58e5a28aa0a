/* One drawn path of the dynamic cascade; readable twin: workstation/kernels/cascade.py.
 *
 * Holdings lie [asset][account], accounts in lanes padded to eights, so that a path of 50 accounts and
 * 40 assets stays in the first cache.  Sums over accounts keep eight partial sums: every build and
 * every number of threads gives the same bits.
 */
#ifndef CROSSMARGIN_CASCADE_H
#define CROSSMARGIN_CASCADE_H

#include "octets.h"
#include "philox.h"

#define SMALL_EXPONENT 0.75
#define BREATH 4 /* octets of accounts swept together: independent chains hide the latency of a sum */

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

/* ---- shocks ------------------------------------------------------------------------------------ */

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

/* ---- prices -------------------------------------------------------------------------------------- */

static inline double signed_root(double x)
{
    double root = sqrt(x < 0.0 ? -x : x);
    return x < 0.0 ? -root : root;
}

/* Means of e^(z s) and of s e^(z s) over s from 0 to 1, by their series for |z| <= 0.75. */
static inline double plain_mean(double z)
{
    double sum = 1.0 / 20922789888000.0; /* 1 / 16! */
    sum = sum * z + 1.0 / 1307674368000.0;
    sum = sum * z + 1.0 / 87178291200.0;
    sum = sum * z + 1.0 / 6227020800.0;
    sum = sum * z + 1.0 / 479001600.0;
    sum = sum * z + 1.0 / 39916800.0;
    sum = sum * z + 1.0 / 3628800.0;
    sum = sum * z + 1.0 / 362880.0;
    sum = sum * z + 1.0 / 40320.0;
    sum = sum * z + 1.0 / 5040.0;
    sum = sum * z + 1.0 / 720.0;
    sum = sum * z + 1.0 / 120.0;
    sum = sum * z + 1.0 / 24.0;
    sum = sum * z + 1.0 / 6.0;
    sum = sum * z + 0.5;
    return sum * z + 1.0;
}

static inline double weighted_mean(double z)
{
    double sum = 1.0 / (17.0 * 1307674368000.0); /* 1 / (n! (n + 2)), n = 15 */
    sum = sum * z + 1.0 / (16.0 * 87178291200.0);
    sum = sum * z + 1.0 / (15.0 * 6227020800.0);
    sum = sum * z + 1.0 / (14.0 * 479001600.0);
    sum = sum * z + 1.0 / (13.0 * 39916800.0);
    sum = sum * z + 1.0 / (12.0 * 3628800.0);
    sum = sum * z + 1.0 / (11.0 * 362880.0);
    sum = sum * z + 1.0 / (10.0 * 40320.0);
    sum = sum * z + 1.0 / (9.0 * 5040.0);
    sum = sum * z + 1.0 / (8.0 * 720.0);
    sum = sum * z + 1.0 / (7.0 * 120.0);
    sum = sum * z + 1.0 / (6.0 * 24.0);
    sum = sum * z + 1.0 / (5.0 * 6.0);
    sum = sum * z + 1.0 / (4.0 * 2.0);
    sum = sum * z + 1.0 / 3.0;
    return sum * z + 0.5;
}

/* Integral of exp(k (g(x) - g(origin))) over a slice on one side of zero, g(x) = sgn sqrt|x|. */
static double slice_area(double k, double start, double end, double origin)
{
    double side = (start == 0.0 ? end : start) < 0.0 ? -1.0 : 1.0;
    double low = sqrt(start < 0.0 ? -start : start), high = sqrt(end < 0.0 ? -end : end);
    double width = low + high > 0.0 ? side * (end - start) / (low + high) : 0.0, z = k * side * width;
    double plain, weighted, e;
    if (z < -SMALL_EXPONENT || z > SMALL_EXPONENT) {
        e = bounded_exponential(z);
        plain = (e - 1.0) / z;
        weighted = (e * (z - 1.0) + 1.0) / (z * z);
    } else {
        plain = plain_mean(z);
        weighted = weighted_mean(z);
    }
    return side * bounded_exponential(k * (side * low - signed_root(origin)))
        * 2.0 * width * (low * plain + width * weighted);
}

/* Average price over the cumulative square-root law, whatever the slice. */
static double average_price(double price, double k, double done, double traded)
{
    double end = done + traded, turn = done * end < 0.0 ? 0.0 : end;
    if (traded == 0.0 || k == 0.0)
        return price;
    return price * (slice_area(k, done, turn, done) + slice_area(k, turn, end, done)) / traded;
}

/* Average and next prices of all assets: `wish` is net and `size` gross of what is wanted; `fill` is the
 * share done. Slices on one side of zero with a small exponent, nearly all, in lanes; the rest one by one. */
static void price_all(const Plan *plan, Work *work, const double *wish, const double *size)
{
    const double *restrict price = work->price, *restrict slope = work->slope, *restrict adv = work->adv;
    const double *restrict volume = work->volume;
    double *restrict fill = work->fill, *restrict paid = work->paid, *restrict next = work->turned;
    double *restrict end = work->end, *restrict power = work->step;
    const double *restrict start = plan->price, *restrict wished = wish, *restrict gross = size;
    const int64_t *restrict halted = work->halted;
    const double part = plan->participation, a_day = plan->steps_a_day, floor = plan->floor;
    const Py_ssize_t assets = plan->assets;
    Py_ssize_t k;
    APART
    for (k = 0; k < assets; k++) {
        double most = part * adv[k] / a_day, some = gross[k] > 0.0 ? gross[k] : 1.0;
        double share = most / some;
        share = share < 1.0 ? share : 1.0;
        share = adv[k] > 0.0 ? share : 1.0;
        share = gross[k] > 0.0 ? share : 0.0;
        fill[k] = halted[k] > 0 ? 0.0 : share;
    }
    APART
    for (k = 0; k < assets; k++) {
        double net = fill[k] * wished[k], done = volume[k], to = done + net;
        double first = sqrt(done < 0.0 ? -done : done), last = sqrt(to < 0.0 ? -to : to);
        double side = done + to < 0.0 ? -1.0 : 1.0, both = first + last, whole = both > 0.0 ? both : 1.0;
        double width = side * net / whole, z = slope[k] * side * width;
        double mean = 2.0 * (first * plain_mean(z) + width * weighted_mean(z)) / whole;
        end[k] = to;
        mean = net * slope[k] != 0.0 ? mean : 1.0;
        paid[k] = price[k] * mean;
        power[k] = slope[k] * ((to < 0.0 ? -last : last) - (done < 0.0 ? -first : first));
    }
    for (k = 0; k < assets; k++) {
        if (volume[k] * end[k] < 0.0 || power[k] < -SMALL_EXPONENT || power[k] > SMALL_EXPONENT)
            paid[k] = average_price(price[k], slope[k], volume[k], fill[k] * wish[k]);
    }
    APART
    for (k = 0; k < assets; k++)
        next[k] = larger(price[k] * bounded_exponential(power[k]), floor * start[k]);
}

/* ---- one path ------------------------------------------------------------------------------------ */

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
