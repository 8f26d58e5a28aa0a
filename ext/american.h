/* American options over rows of scenarios: boundaries where they are safe, trees elsewhere.
 *
 * A boundary is solved for each distinct volatility of a row; a row with more than MOST_DIRECT of them
 * solves a ladder of Chebyshev volatilities instead and interpolates ln B between them. Readable twins:
 * workstation/kernels/american.py and tree.py.
 */
#ifndef CROSSMARGIN_AMERICAN_H
#define CROSSMARGIN_AMERICAN_H

#include <stddef.h>
#include <stdlib.h>

#include "exercise.h"
#include "rows.h"
#include "tree.h"

#define MOST_DIRECT 24        /* distinct volatilities of a row solved one by one */
#define PENDING 192           /* problems solved before their rows are priced */
#define STRETCH 192           /* cells priced together: they stay in the fastest cache */
#define FALLBACK_STEPS 151
#define NARROW 0.45           /* half the range of ln volatility a narrow ladder may span */
#define WIDEST 0.05           /* lowest of the volatilities on a ladder to the highest */
#define BIGGEST_RATIO 1e200

typedef struct {
    double level[MOST_POINTS], inverse[MOST_POINTS], last;
} Solved;

typedef struct {
    Batch batch;
    Boundary boundary;
    Solved solved[PENDING];
    Py_ssize_t row_of[PENDING], rows[PENDING], first[PENDING];
    double sigma_of[PENDING];
    int problems, waiting, lane;
    const double *seen;
    int found, distinct_place[MOST_DIRECT];
    double distinct[MOST_DIRECT];
    double log_ratio[STRETCH], ratio[STRETCH], sigma[STRETCH], steady[STRETCH], added[STRETCH],
           level[STRETCH], inverse[STRETCH], last[STRETCH], rung[STRETCH], fallen[STRETCH];
    int place[STRETCH];
    double tree[1]; /* work_size(FALLBACK_STEPS) numbers */
} Desk;

static Desk *new_desk(void)
{
    Desk *desk = malloc(sizeof(Desk) + work_size(FALLBACK_STEPS) * sizeof(double));
    if (desk != NULL) {
        desk->problems = desk->waiting = desk->lane = 0;
        desk->seen = NULL;
    }
    return desk;
}

/* List a row's distinct factors; more than MOST_DIRECT are counted as MOST_DIRECT + 1. */
static int distinct_factors(Desk *desk, const double *factors, Py_ssize_t count)
{
    Py_ssize_t s;
    int d;
    if (desk->seen == factors)
        return desk->found;
    desk->seen = factors;
    desk->found = 0;
    for (s = 0; s < count; s++) {
        for (d = 0; d < desk->found && desk->distinct[d] != factors[s]; d++)
            ;
        if (d == desk->found) {
            if (desk->found == MOST_DIRECT)
                return desk->found = MOST_DIRECT + 1;
            desk->distinct[desk->found++] = factors[s];
        }
    }
    return desk->found;
}

static void ask(Desk *desk, Py_ssize_t row, double sigma)
{
    desk->row_of[desk->problems] = row;
    desk->sigma_of[desk->problems++] = sigma;
}

/* Range of the logarithms of a row's volatilities at which its boundary is solved; 0 if none is.
 * Lower volatilities than a wide ladder reaches go to the tree. */
static int ladder_range(const Normal *n, const double *factors, Py_ssize_t count, double *middle,
                        double *half)
{
    double low = 1e300, high = 0.0;
    Py_ssize_t s;
    for (s = 0; s < count; s++) {
        double sigma = n->volatility * factors[s];
        if (inside(n, sigma)) {
            low = smaller(low, sigma);
            high = larger(high, sigma);
        }
    }
    if (high <= 0.0)
        return 0;
    low = larger(low, high * WIDEST);
    *middle = 0.5 * (logarithm(high) + logarithm(low));
    *half = larger(0.5 * (logarithm(high) - logarithm(low)), 1e-6);
    return 1;
}

static void ask_for_row(Desk *desk, const Rows *rows, const Scheme *scheme, const Normal *n,
                        Py_ssize_t row)
{
    const double *factors = rows->factors + row * rows->factor_step;
    int found = distinct_factors(desk, factors, rows->scenarios), d;
    if (found <= MOST_DIRECT) {
        for (d = 0; d < found; d++)
            if (inside(n, n->volatility * desk->distinct[d]))
                ask(desk, row, n->volatility * desk->distinct[d]);
    } else {
        double middle, half;
        if (ladder_range(n, factors, rows->scenarios, &middle, &half))
            for (d = 0; d < scheme->rungs[half > NARROW]; d++)
                ask(desk, row, bounded_exponential(
                        FMA(half, scheme->rung[half > NARROW][d], middle)));
    }
}

static void solve_pending(Desk *desk, const Rows *rows, const Scheme *scheme)
{
    Boundary *b = &desk->boundary;
    int from, l, k;
    for (from = 0; from < desk->problems; from += PROBLEMS) {
        int left = desk->problems - from;
        b->width = left >= PROBLEMS ? PROBLEMS : (left + 7) / 8 * 8;
        for (l = 0; l < b->width; l++) {
            int p = from + l < desk->problems ? from + l : from;
            Normal n = normal_of(rows, desk->row_of[p]);
            b->rate[l] = n.rate;
            b->dividend[l] = n.dividend;
            b->years[l] = n.years;
            b->sigma[l] = desk->sigma_of[p];
        }
        solve_boundaries(scheme, b);
        for (l = 0; l < left && l < PROBLEMS; l++) {
            Solved *solved = &desk->solved[from + l];
            for (k = 0; k < scheme->outer; k++) {
                solved->level[k] = b->level[k][l];
                solved->inverse[k] = b->inverse[k][l];
            }
            solved->last = b->top[l] - b->gap[scheme->nodes - 1][l];
        }
    }
}

static void empty_batch(Desk *desk, const Rows *rows)
{
    static const Dividends none = {0, NULL, NULL};
    Batch *batch = &desk->batch;
    int lane, used = desk->lane;
    if (used == 0)
        return;
    for (lane = used; lane < LANES; lane++)
        fill_lane(batch, lane, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1, none, NULL);
    tree_batch(batch, FALLBACK_STEPS, 1, desk->tree);
    for (lane = 0; lane < used; lane++)
        rows->out[batch->cell[lane]] = larger(batch->price[lane], rows->out[batch->cell[lane]]);
    desk->lane = 0;
}

static void to_tree(Desk *desk, const Rows *rows, Py_ssize_t i, Py_ssize_t s)
{
    static const Dividends none = {0, NULL, NULL};
    fill_lane(&desk->batch, desk->lane, rows->spot[i] * (1.0 + rows->moves[i * rows->move_step + s]),
              rows->strike[i], rows->years[i], rows->rate[i], rows->carry[i],
              rows->volatility[i] * rows->factors[i * rows->factor_step + s], rows->is_call[i],
              none, NULL);
    desk->batch.cell[desk->lane++] = i * rows->scenarios + s;
    if (desk->lane == LANES)
        empty_batch(desk, rows);
}

/* Say where each cell's boundary stands: the place of its problem, or its height on the ladder. */
static void place_direct(Desk *desk, const double *factors, int count)
{
    int s, d;
    for (s = 0; s < count; s++) {
        for (d = 0; desk->distinct[d] != factors[s]; d++)
            ;
        desk->place[s] = desk->distinct_place[d];
    }
}

static void place_on_ladder(Desk *desk, const Normal *n, int count, double middle, double half)
{
    int s;
    for (s = 0; s < count; s++)
        desk->rung[s] = (logarithm(larger(desk->sigma[s], SMALLEST)) - middle) / half;
    for (s = 0; s < count; s++)
        desk->place[s] = inside(n, desk->sigma[s]) && desk->rung[s] >= -1.0 - 1e-9 ? 0 : -1;
}

/* A number of each cell's boundary: its problem's own, or by a polynomial over the ladder. */
static void read_solved(Desk *desk, const Scheme *scheme, const Solved *solved, size_t member,
                        double *read, int count, int ladder)
{
    double rising[MOST_DIRECT];
    int rungs = ladder ? scheme->rungs[ladder - 1] : 0, s, d, e;
    if (!ladder) {
        for (s = 0; s < count; s++)
            read[s] = *(const double *)((const char *)&solved[desk->place[s]] + member);
        return;
    }
    for (d = 0; d < rungs; d++) {
        rising[d] = 0.0;
        for (e = 0; e < rungs; e++)
            rising[d] = FMA(scheme->rung_matrix[ladder - 1][d * rungs + e],
                            *(const double *)((const char *)&solved[e] + member), rising[d]);
    }
    for (s = 0; s < count; s++)
        read[s] = rising[rungs - 1];
    for (d = rungs - 2; d >= 0; d--)
        for (s = 0; s < count; s++)
            read[s] = FMA(read[s], desk->rung[s], rising[d]);
}

/* Sum the premium integral of up to STRETCH cells of one row. */
static void add_premium(Desk *desk, const Scheme *scheme, const Normal *n, const Solved *solved,
                        int count, int ladder)
{
    int s, k;
    for (s = 0; s < count; s++) {
        desk->added[s] = 0.0;
        desk->steady[s] = 1.0 / desk->sigma[s];
    }
    for (k = 0; k < scheme->outer; k++) {
        double at = scheme->outer_root[k], past = n->years * at * at;
        double weight = scheme->outer_weight[k] * n->years, drift = n->carry * past;
        double rate_part = weight * n->rate * bounded_exponential(-n->rate * past);
        double dividend_part = weight * n->dividend * bounded_exponential(-n->dividend * past);
        double growth = bounded_exponential(drift), root = n->root * at, inverse = 1.0 / root;
        read_solved(desk, scheme, solved, offsetof(Solved, level) + k * sizeof(double),
                    desk->level, count, ladder);
        read_solved(desk, scheme, solved, offsetof(Solved, inverse) + k * sizeof(double),
                    desk->inverse, count, ladder);
        for (s = 0; s < count; s++) {
            double sv = desk->sigma[s] * root;
            double above = FMA((desk->log_ratio[s] - desk->level[s] + drift) * desk->steady[s],
                               inverse, 0.5 * sv);
            desk->added[s] += premium_part(desk->ratio[s], above, sv, growth * desk->inverse[s],
                                           rate_part, dividend_part);
        }
    }
}

/* Price up to STRETCH cells of one row, from scenario `from` on. */
static void price_stretch(Desk *desk, const Rows *rows, const Scheme *scheme, const Normal *n,
                          const Solved *solved, Py_ssize_t i, Py_ssize_t from, int count, int ladder)
{
    const double *moves = rows->moves + i * rows->move_step + from;
    double *out = rows->out + i * rows->scenarios + from;
    double spot = rows->spot[i], strike = larger(rows->strike[i], 0.0);
    int padded = (count + 7) / 8 * 8, fallen = 0, s;
    for (s = 0; s < count; s++) {
        double moved = larger(spot * (1.0 + moves[s]), 0.0);
        double top = n->is_call ? strike : moved, bottom = n->is_call ? moved : strike;
        desk->ratio[s] = smaller(top / larger(bottom, SMALLEST), BIGGEST_RATIO);
        desk->log_ratio[s] = logarithm(larger(desk->ratio[s], SMALLEST));
    }
    for (s = 0; s < count; s++) {
        desk->fallen[s] = desk->place[s] < 0 ? 1.0 : 0.0;
        fallen += desk->place[s] < 0;
    }
    for (s = 0; fallen && s < count; s++)
        if (desk->place[s] < 0) {
            to_tree(desk, rows, i, from + s);
            desk->place[s] = 0;
            desk->sigma[s] = 1.0;
            desk->rung[s] = 0.0;
        }
    for (s = count; s < padded; s++) {
        desk->ratio[s] = desk->sigma[s] = 1.0;
        desk->log_ratio[s] = 0.0;
        desk->place[s] = 0;
        desk->rung[s] = 0.0;
    }
    read_solved(desk, scheme, solved, offsetof(Solved, last), desk->last, padded, ladder);
    add_premium(desk, scheme, n, solved, padded, ladder);
    for (s = 0; s < count; s++) {
        double moved = larger(spot * (1.0 + moves[s]), 0.0);
        double unit = n->is_call ? moved : strike, exercised = n->is_call ? moved - strike
                                                                          : strike - moved;
        double value = larger(FMA(unit, larger(desk->added[s], 0.0), out[s]), exercised);
        value = desk->log_ratio[s] <= desk->last[s] ? larger(exercised, 0.0) : value;
        out[s] = desk->fallen[s] > 0.0 ? out[s] : value;
    }
}

static void price_row(Desk *desk, const Rows *rows, const Scheme *scheme, Py_ssize_t i, int first,
                      int problems)
{
    Normal n = normal_of(rows, i);
    const double *factors = rows->factors + i * rows->factor_step;
    int found = distinct_factors(desk, factors, rows->scenarios), ladder = found > MOST_DIRECT;
    int d, s, place = 0;
    double middle = 0.0, half = 1.0;
    Py_ssize_t from;
    if (problems == 0) {
        for (from = 0; from < rows->scenarios; from++)
            to_tree(desk, rows, i, from);
        return;
    }
    for (d = 0; !ladder && d < found; d++)
        desk->distinct_place[d] = inside(&n, n.volatility * desk->distinct[d]) ? place++ : -1;
    if (ladder) {
        ladder_range(&n, factors, rows->scenarios, &middle, &half);
        ladder += half > NARROW;
    }
    for (from = 0; from < rows->scenarios; from += STRETCH) {
        int count = rows->scenarios - from < STRETCH ? (int)(rows->scenarios - from) : STRETCH;
        for (s = 0; s < count; s++)
            desk->sigma[s] = n.volatility * factors[from + s];
        if (ladder)
            place_on_ladder(desk, &n, count, middle, half);
        else
            place_direct(desk, factors + from, count);
        price_stretch(desk, rows, scheme, &n, desk->solved + first, i, from, count, ladder);
    }
}

static void price_pending(Desk *desk, const Rows *rows, const Scheme *scheme)
{
    int w;
    solve_pending(desk, rows, scheme);
    desk->first[desk->waiting] = desk->problems;
    for (w = 0; w < desk->waiting; w++)
        price_row(desk, rows, scheme, desk->rows[w], (int)desk->first[w],
                  (int)(desk->first[w + 1] - desk->first[w]));
    desk->problems = desk->waiting = 0;
}

/* Turn the European values in rows->out into American ones. */
static void american_rows(Desk *desk, const Rows *rows, const Scheme *scheme)
{
    Py_ssize_t i, s;
    for (i = 0; i < rows->options; i++) {
        Normal n = normal_of(rows, i);
        if (never_early(&n))
            continue;
        if (!has_boundary(&n)) {
            for (s = 0; s < rows->scenarios; s++)
                to_tree(desk, rows, i, s);
            continue;
        }
        desk->first[desk->waiting] = desk->problems;
        desk->rows[desk->waiting++] = i;
        ask_for_row(desk, rows, scheme, &n, i);
        if (desk->problems + MOST_DIRECT > PENDING || desk->waiting + 1 >= PENDING)
            price_pending(desk, rows, scheme);
    }
    price_pending(desk, rows, scheme);
    empty_batch(desk, rows);
}

#endif
