/* American options over rows of scenarios: boundaries where they are safe, trees elsewhere.
 *
 * A boundary is solved for each distinct volatility of a row; a row with more than MOST_DIRECT of them
 * solves a ladder of Chebyshev volatilities instead and interpolates ln B between them. Readable twins:
 * workstation/kernels/american.py and tree.py.
 */
#ifndef CROSSMARGIN_AMERICAN_H
#define CROSSMARGIN_AMERICAN_H

#include <stdlib.h>

#include "premium.h"
#include "tree.h"

#define PENDING 192           /* problems solved before their rows are priced */
#define FALLBACK_STEPS 151
#define NARROW 0.45           /* half the range of ln volatility a narrow ladder may span */
#define WIDEST 0.05           /* lowest of the volatilities on a ladder to the highest */
#define BIGGEST_RATIO 1e200

typedef struct {
    Batch batch;
    Boundary boundary;
    Cells cells;
    Ladder ladder;
    Solved solved[PENDING];
    Py_ssize_t row_of[PENDING], rows[PENDING], first[PENDING];
    double sigma_of[PENDING], middle[PENDING], half[PENDING]; /* of a waiting row's ladder */
    int problems, waiting, lane;
    const double *seen;
    int found, distinct_place[MOST_DIRECT];
    double distinct[MOST_DIRECT];
    double tree[1]; /* work_size(FALLBACK_STEPS) numbers */
} Desk;

/* What malloc returned, and within it the desk on a line of the cache. */
static void *new_desk(Desk **desk)
{
    void *room = malloc(sizeof(Desk) + (size_t)work_size(FALLBACK_STEPS) * sizeof(double) + 64);
    if (room != NULL) {
        *desk = (Desk *)(((uintptr_t)room + 63) / 64 * 64);
        (*desk)->problems = (*desk)->waiting = (*desk)->lane = 0;
        (*desk)->seen = NULL;
    }
    return room;
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
    double low = 1e300, high = 0.0, lows[LANES], highs[LANES];
    Lanes least = lanes_set(low), most = lanes_set(high);
    Py_ssize_t s;
    int l;
    for (s = 0; s + LANES <= count; s += LANES) {
        Lanes sigma = lanes_mul(lanes_set(n->volatility), lanes_load(factors + s));
        Lanes outside = lanes_outside(n, sigma);
        least = lanes_min(least, lanes_choose(outside, lanes_set(1e300), sigma));
        most = lanes_max(most, lanes_choose(outside, lanes_set(0.0), sigma));
    }
    for (; s < count; s++) {
        double sigma = n->volatility * factors[s];
        if (inside(n, sigma)) {
            low = smaller(low, sigma);
            high = larger(high, sigma);
        }
    }
    lanes_store(lows, least);
    lanes_store(highs, most);
    for (l = 0; l < LANES; l++) {
        low = smaller(low, lows[l]);
        high = larger(high, highs[l]);
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
        double *middle = &desk->middle[desk->waiting], *half = &desk->half[desk->waiting];
        if (ladder_range(n, factors, rows->scenarios, middle, half))
            for (d = 0; d < scheme->rungs[*half > NARROW]; d++)
                ask(desk, row, bounded_exponential(
                        FMA(*half, scheme->rung[*half > NARROW][d], *middle)));
    }
}

static void solve_pending(Desk *desk, const Rows *rows, const Scheme *scheme)
{
    Boundary *b = &desk->boundary;
    int from, l, k;
    for (from = 0; from < desk->problems; from += PROBLEMS) {
        int left = desk->problems - from;
        for (l = 0; l < PROBLEMS; l++) {
            int p = from + (l < left ? l : 0);
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
            solved->last = b->last[l];
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
        fill_lane(batch, lane, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1, none, 0.0, NULL);
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
              none, 0.0, NULL);
    desk->batch.cell[desk->lane++] = i * rows->scenarios + s;
    if (desk->lane == LANES)
        empty_batch(desk, rows);
}

/* Say which boundary each cell reads: the place of its problem, or its height on the ladder. */
static void place_direct(Desk *desk, const double *factors, int count)
{
    int s, d = 0;
    for (s = 0; s < count; s++) {
        if (desk->distinct[d] != factors[s]) /* most often the one before */
            for (d = 0; desk->distinct[d] != factors[s]; d++)
                ;
        desk->cells.place[s] = desk->distinct_place[d];
    }
}

static void place_on_ladder(Cells *cells, const Normal *n, int count, double middle, double half)
{
    Lanes lowest = lanes_set(-1.0 - 1e-9), zero = lanes_set(0.0), worst = zero;
    int s;
    for (s = 0; s < count; s += LANES) {
        Lanes sigma = lanes_load(cells->sigma + s);
        Lanes rung = lanes_mul(lanes_sub(lanes_logarithm(lanes_max(sigma, lanes_set(SMALLEST))),
                                         lanes_set(middle)), lanes_set(1.0 / half));
        lanes_store(cells->rung + s, rung);
        worst = lanes_max(worst, lanes_max(lanes_outside(n, sigma), lanes_sub(lowest, rung)));
    }
    memset(cells->place, 0, sizeof(int) * (size_t)count);
    for (s = 0; s < count && lanes_any_above(worst, zero); s++)
        cells->place[s] = inside(n, cells->sigma[s]) && cells->rung[s] >= -1.0 - 1e-9 ? 0 : -1;
}

/* Send cells without a boundary to the tree; in the arrays they become harmless ones. */
static void let_fall(Desk *desk, const Rows *rows, Py_ssize_t i, Py_ssize_t from, int count)
{
    Cells *cells = &desk->cells;
    int s, signs = 0;
    for (s = 0; s < count; s++)
        signs |= cells->place[s];
    memset(cells->fallen, 0, sizeof(double) * (size_t)count);
    for (s = signs < 0 ? 0 : count; s < count; s++) {
        if (cells->place[s] < 0) {
            cells->fallen[s] = 1.0;
            to_tree(desk, rows, i, from + s);
            cells->place[s] = 0;
            cells->sigma[s] = 1.0;
            cells->rung[s] = 0.0;
        }
    }
    for (; s < (count + WIDTH - 1) / WIDTH * WIDTH; s++) {
        cells->sigma[s] = 1.0;
        cells->rung[s] = 0.0;
    }
}

/* Spot over strike (calls: strike over spot) of each cell, and its logarithm. */
static void set_ratios(Cells *cells, const Normal *n, double spot, double strike,
                       const double *moves, int count)
{
    Lanes least = lanes_set(SMALLEST), zero = lanes_set(0.0), struck = lanes_set(strike);
    int s;
    for (s = 0; s < count; s++)
        cells->ratio[s] = spot * (1.0 + moves[s]);
    for (; s < (count + WIDTH - 1) / WIDTH * WIDTH; s++)
        cells->ratio[s] = strike;
    for (s = 0; s < count; s += LANES) {
        Lanes moved = lanes_max(lanes_load(cells->ratio + s), zero);
        lanes_store(cells->moved + s, moved);
        Lanes ratio = lanes_min(n->is_call ? lanes_div(struck, lanes_max(moved, least))
                                           : lanes_div(moved, lanes_max(struck, least)),
                                lanes_set(BIGGEST_RATIO));
        lanes_store(cells->ratio + s, ratio);
        lanes_store(cells->log_ratio + s, lanes_logarithm(lanes_max(ratio, least)));
    }
}

/* European value and premium, or what exercise pays; fallen cells keep what they have. */
static void add_up(Cells *cells, const Normal *n, double strike, double *out, int count)
{
    Lanes zero = lanes_set(0.0), struck = lanes_set(strike);
    int s;
    memcpy(cells->value, out, sizeof(double) * (size_t)count);
    for (s = 0; s < count; s += LANES) {
        Lanes moved = lanes_load(cells->moved + s), european = lanes_load(cells->value + s);
        Lanes unit = n->is_call ? moved : struck;
        Lanes exercised = n->is_call ? lanes_sub(moved, struck) : lanes_sub(struck, moved);
        Lanes value = lanes_max(lanes_madd(unit, lanes_max(
            lanes_load(cells->added + s), zero), european), exercised);
        value = lanes_choose(lanes_sub(lanes_load(cells->log_ratio + s),
                                       lanes_load(cells->last + s)),
                             value, lanes_max(exercised, zero));
        lanes_store(cells->value + s, lanes_choose(lanes_load(cells->fallen + s), european, value));
    }
    memcpy(out, cells->value, sizeof(double) * (size_t)count);
}

/* Price up to STRETCH cells of one row, from scenario `from` on. */
static void price_stretch(Desk *desk, const Rows *rows, const Normal *n, const Solved *solved,
                          Py_ssize_t i, Py_ssize_t from, int count, int ladder)
{
    Cells *cells = &desk->cells;
    const double *moves = rows->moves + i * rows->move_step + from;
    double *out = rows->out + i * rows->scenarios + from;
    double spot = rows->spot[i], strike = larger(rows->strike[i], 0.0);
    int s, taken;
    let_fall(desk, rows, i, from, count);
    set_ratios(cells, n, spot, strike, moves, count);
    if (ladder)
        add_on_ladder(cells, &desk->ladder, count);
    else {
        for (s = 0; s < count; s++)
            cells->last[s] = solved[cells->place[s]].last;
        taken = sort_cells(cells, count, MOST_DIRECT);
        if (taken >= 0)
            add_sorted(cells, taken, count);
        else
            add_mixed(cells, count);
    }
    add_up(cells, n, strike, out, count);
}

static void price_row(Desk *desk, const Rows *rows, const Scheme *scheme, int waiting)
{
    Py_ssize_t i = desk->rows[waiting], first = desk->first[waiting];
    Normal n = normal_of(rows, i);
    const double *factors = rows->factors + i * rows->factor_step;
    const Solved *solved = desk->solved + first;
    int found = distinct_factors(desk, factors, rows->scenarios), ladder = found > MOST_DIRECT;
    int d, s, place = 0;
    double middle = desk->middle[waiting], half = desk->half[waiting];
    Py_ssize_t from;
    if (first == desk->first[waiting + 1]) {
        for (from = 0; from < rows->scenarios; from++)
            to_tree(desk, rows, i, from);
        return;
    }
    set_points(&desk->cells.points, scheme, &n);
    if (ladder)
        build_ladder(&desk->ladder, scheme, solved, half > NARROW);
    for (d = 0; !ladder && d < found; d++) {
        double sigma = n.volatility * desk->distinct[d];
        desk->distinct_place[d] = inside(&n, sigma) ? place : -1;
        if (inside(&n, sigma)) {
            read_points(desk->cells.reading + place, &desk->cells.points, solved + place, sigma);
            place++;
        }
    }
    for (from = 0; from < rows->scenarios; from += STRETCH) {
        int count = rows->scenarios - from < STRETCH ? (int)(rows->scenarios - from) : STRETCH;
        for (s = 0; s < count; s++)
            desk->cells.sigma[s] = n.volatility * factors[from + s];
        for (; s < (count + WIDTH - 1) / WIDTH * WIDTH; s++)
            desk->cells.sigma[s] = 1.0;
        if (ladder)
            place_on_ladder(&desk->cells, &n, count, middle, half);
        else
            place_direct(desk, factors + from, count);
        price_stretch(desk, rows, &n, solved, i, from, count, ladder);
    }
}

static void price_pending(Desk *desk, const Rows *rows, const Scheme *scheme)
{
    int w;
    solve_pending(desk, rows, scheme);
    desk->first[desk->waiting] = desk->problems;
    for (w = 0; w < desk->waiting; w++)
        price_row(desk, rows, scheme, w);
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
        desk->rows[desk->waiting] = i;
        ask_for_row(desk, rows, scheme, &n, i);
        desk->waiting++;
        if (desk->problems + MOST_DIRECT > PENDING || desk->waiting + 1 >= PENDING)
            price_pending(desk, rows, scheme);
    }
    price_pending(desk, rows, scheme);
    empty_batch(desk, rows);
}

#endif
