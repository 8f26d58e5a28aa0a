/* What early exercise adds, cell by cell, once the boundaries of a row are solved.
 *
 *     int_0^T r e^(-rt) N(-d-(t, S/B(T-t))) - q S e^(-qt) N(-d+(t, S/B(T-t))) dt
 *
 * d+ is linear in ln S: slope and start depend on the boundary and the point of the integral only.  Cells
 * of one volatility are priced together, so a register reads one boundary; where a row has too many
 * volatilities for that, each lane reads its own, or a polynomial over the ladder.
 */
#ifndef CROSSMARGIN_PREMIUM_H
#define CROSSMARGIN_PREMIUM_H

#include "exercise.h"
#include "rows.h"

#define MOST_DIRECT 24        /* distinct volatilities of a row solved one by one */
#define STRETCH 192           /* cells priced together: they stay in the fastest cache */
#define ROOM (STRETCH + MOST_DIRECT * LANES + WIDTH)

typedef struct {
    double level[MOST_POINTS], inverse[MOST_POINTS], last;
} Solved;

/* The points of a row's integral. */
typedef struct {
    int count;
    double root[MOST_POINTS], inverse_root[MOST_POINTS], drift[MOST_POINTS], growth[MOST_POINTS],
           rate_part[MOST_POINTS], dividend_part[MOST_POINTS];
} Points;

/* One boundary at every point: -d+ = start - slope ln S, -d- = deviation - d+; growth over B. */
typedef struct {
    double slope[MOST_POINTS], start[MOST_POINTS], deviation[MOST_POINTS], tilt[MOST_POINTS];
} Reading;

typedef struct { Lanes slope, start, deviation, tilt; } Read;

/* Arrays first, each a whole number of cache lines long. */
typedef struct {
    /* By cell. */
    double log_ratio[STRETCH + WIDTH], ratio[STRETCH + WIDTH], sigma[STRETCH + WIDTH],
           added[STRETCH + WIDTH], last[STRETCH + WIDTH], rung[STRETCH + WIDTH],
           fallen[STRETCH + WIDTH], moved[STRETCH + WIDTH], value[STRETCH + WIDTH];
    /* By slot, the order in which cells are priced: its figures; `of` says a register's boundary. */
    double near[ROOM], times[ROOM], gained[ROOM];
    double own[4][MOST_POINTS][WIDTH];
    int slot[STRETCH + WIDTH], place[STRETCH + WIDTH], of[ROOM / LANES + 1];
    Points points;
    Reading reading[MOST_DIRECT];
} Cells;

static void set_points(Points *to, const Scheme *scheme, const Normal *n)
{
    double past[MOST_POINTS + WIDTH] = {0.0}, interest[MOST_POINTS + WIDTH],
           yielded[MOST_POINTS + WIDTH], grown[MOST_POINTS + WIDTH];
    int k;
    to->count = scheme->outer;
    for (k = 0; k < scheme->outer; k++)
        past[k] = n->years * scheme->outer_root[k] * scheme->outer_root[k];
    for (k = 0; k < scheme->outer; k += LANES) {
        Lanes since = lanes_load(past + k);
        lanes_store(interest + k, lanes_bounded_exponential(
            lanes_mul(since, lanes_set(-n->rate))));
        lanes_store(yielded + k, lanes_bounded_exponential(
            lanes_mul(since, lanes_set(-n->dividend))));
        lanes_store(grown + k, lanes_bounded_exponential(lanes_mul(since, lanes_set(n->carry))));
    }
    for (k = 0; k < scheme->outer; k++) {
        double weight = scheme->outer_weight[k] * n->years;
        to->root[k] = n->root * scheme->outer_root[k];
        to->inverse_root[k] = 1.0 / to->root[k];
        to->drift[k] = n->carry * past[k];
        to->growth[k] = grown[k];
        to->rate_part[k] = weight * n->rate * interest[k];
        to->dividend_part[k] = weight * n->dividend * yielded[k];
    }
}

static inline Read read_boundary(const Points *points, int k, Lanes sigma, Lanes steady,
                                 Lanes level, Lanes inverse)
{
    Read read;
    read.slope = lanes_mul(steady, lanes_set(points->inverse_root[k]));
    read.deviation = lanes_mul(sigma, lanes_set(points->root[k]));
    read.start = lanes_msub(lanes_sub(level, lanes_set(points->drift[k])), read.slope,
                            lanes_mul(lanes_set(0.5), read.deviation));
    read.tilt = lanes_mul(lanes_set(points->growth[k]), inverse);
    return read;
}

/* Read one boundary at every point, points in lanes. */
static void read_points(Reading *to, const Points *points, const Solved *solved, double sigma)
{
    int k;
    double steady = 1.0 / sigma;
    for (k = 0; k < points->count; k++) {
        to->slope[k] = steady * points->inverse_root[k];
        to->deviation[k] = sigma * points->root[k];
        to->start[k] = FMA(solved->level[k] - points->drift[k], to->slope[k],
                           -0.5 * to->deviation[k]);
        to->tilt[k] = points->growth[k] * solved->inverse[k];
    }
}

/* Add one point of the integral: both normals from one exponential and one division. */
static inline void add_point(const Points *points, int k, const Lanes log_ratio[PAIR],
                             const Lanes ratio[PAIR], const Read read[PAIR], Lanes bonds[PAIR],
                             Lanes stocks[PAIR])
{
    Lanes one = lanes_set(1.0), most = lanes_set(FURTHEST);
    Lanes d1[PAIR], d2[PAIR], x1[PAIR], x2[PAIR], bell[PAIR]; /* d+ and d- with their signs turned */
    Tails tails[PAIR];
    int w;
    BOTH(w) {
        d1[w] = lanes_nmadd(log_ratio[w], read[w].slope, read[w].start);
        d2[w] = lanes_add(d1[w], read[w].deviation);
        x1[w] = lanes_near(d1[w], most);
        x2[w] = lanes_size(d2[w]);
    }
    lanes_quick_bells(x1, bell);
    lanes_quick_tails(x1, x2, tails);
    BOTH(w) {
        Tails of = tails[w];
        Lanes shared = lanes_div(bell[w], lanes_mul(of.q1, of.q2));
        Lanes stock = lanes_mul(lanes_mul(of.p1, of.q2), shared);
        Lanes bond = lanes_mul(lanes_mul(lanes_mul(of.p2, of.q1), shared),
                               lanes_mul(ratio[w], read[w].tilt));
        bonds[w] = lanes_madd(lanes_set(points->rate_part[k]), lanes_rest(d2[w], one, bond),
                              bonds[w]);
        stocks[w] = lanes_madd(lanes_set(points->dividend_part[k]), lanes_rest(d1[w], one, stock),
                               stocks[w]);
    }
}

/* Load the figures of two registers of cells. */
static inline void begin_cells(const double *near, const double *times, Lanes log_ratio[PAIR],
                               Lanes ratio[PAIR], Lanes bonds[PAIR], Lanes stocks[PAIR])
{
    int w;
    BOTH(w) {
        log_ratio[w] = lanes_load(near + w * LANES);
        ratio[w] = lanes_load(times + w * LANES);
        bonds[w] = stocks[w] = lanes_set(0.0);
    }
}

static inline void end_cells(double *added, const Lanes ratio[PAIR], const Lanes bonds[PAIR],
                             const Lanes stocks[PAIR])
{
    int w;
    BOTH(w) lanes_store(added + w * LANES, lanes_nmadd(ratio[w], stocks[w], bonds[w]));
}

/* Put cells in the order of their boundary, each boundary's in whole registers; returns the slots
 * taken, or -1 where more than half of them would stand empty. Cells past their boundary take the last
 * slot of all, which nobody prices: they are worth what exercise pays. */
static int sort_cells(Cells *cells, int count, int boundaries)
{
    int held[MOST_DIRECT] = {0}, from[MOST_DIRECT], d, s, taken = 0;
    for (s = 0; s < count; s++)
        held[cells->place[s]] += cells->log_ratio[s] > cells->last[s];
    for (d = 0; d < boundaries; d++) {
        int whole = (held[d] + LANES - 1) / LANES * LANES;
        from[d] = taken;
        for (s = 0; s < whole; s += LANES)
            cells->of[(taken + s) / LANES] = d;
        taken += whole;
        for (s = from[d] + held[d]; s < taken; s++) {
            cells->near[s] = 0.0;
            cells->times[s] = 1.0;
        }
    }
    if (taken > 2 * count + WIDTH)
        return -1;
    for (s = 0; s < count; s++) {
        int alive = cells->log_ratio[s] > cells->last[s];
        int at = alive ? from[cells->place[s]] : ROOM - 1;
        from[cells->place[s]] += alive;
        cells->slot[s] = at;
        cells->near[at] = cells->log_ratio[s];
        cells->times[at] = cells->ratio[s];
    }
    cells->gained[ROOM - 1] = 0.0;
    return taken;
}

/* Cells of one boundary side by side: its figures are read once for a register. */
static void add_sorted(Cells *cells, int taken, int count)
{
    const Points *points = &cells->points;
    int s, k, w;
    for (s = 0; s < taken; s += WIDTH) {
        const Reading *of[PAIR];
        Lanes log_ratio[PAIR], ratio[PAIR], bonds[PAIR], stocks[PAIR];
        BOTH(w) {
            int at = s + w * LANES < taken ? s + w * LANES : s;
            of[w] = cells->reading + cells->of[at / LANES];
        }
        begin_cells(cells->near + s, cells->times + s, log_ratio, ratio, bonds, stocks);
        for (k = 0; k < points->count; k++) {
            Read read[PAIR];
            BOTH(w) {
                read[w].slope = lanes_set(of[w]->slope[k]);
                read[w].start = lanes_set(of[w]->start[k]);
                read[w].deviation = lanes_set(of[w]->deviation[k]);
                read[w].tilt = lanes_set(of[w]->tilt[k]);
            }
            add_point(points, k, log_ratio, ratio, read, bonds, stocks);
        }
        end_cells(cells->gained + s, ratio, bonds, stocks);
    }
    for (s = 0; s < count; s++)
        cells->added[s] = cells->gained[cells->slot[s]];
}

/* Cells in their own order, each lane reading its own boundary. */
static void add_mixed(Cells *cells, int count)
{
    const Points *points = &cells->points;
    int s, k, l, w;
    for (s = 0; s < count; s += WIDTH) {
        Lanes log_ratio[PAIR], ratio[PAIR], bonds[PAIR], stocks[PAIR];
        for (l = 0; l < WIDTH; l++) {
            const Reading *of = cells->reading + cells->place[s + l < count ? s + l : s];
            for (k = 0; k < points->count; k++) {
                cells->own[0][k][l] = of->slope[k];
                cells->own[1][k][l] = of->start[k];
                cells->own[2][k][l] = of->deviation[k];
                cells->own[3][k][l] = of->tilt[k];
            }
        }
        begin_cells(cells->log_ratio + s, cells->ratio + s, log_ratio, ratio, bonds, stocks);
        for (k = 0; k < points->count; k++) {
            Read read[PAIR];
            BOTH(w) {
                read[w].slope = lanes_load(cells->own[0][k] + w * LANES);
                read[w].start = lanes_load(cells->own[1][k] + w * LANES);
                read[w].deviation = lanes_load(cells->own[2][k] + w * LANES);
                read[w].tilt = lanes_load(cells->own[3][k] + w * LANES);
            }
            add_point(points, k, log_ratio, ratio, read, bonds, stocks);
        }
        end_cells(cells->added + s, ratio, bonds, stocks);
    }
}

/* Coefficients, in rising powers of the rung, of ln B and 1/B at every point and of the last ln B. */
typedef struct {
    int rungs;
    double level[MOST_POINTS][MOST_DIRECT], inverse[MOST_POINTS][MOST_DIRECT], last[MOST_DIRECT];
} Ladder;

static void build_ladder(Ladder *to, const Scheme *scheme, const Solved *solved, int kind)
{
    int rungs = scheme->rungs[kind], d, e, k;
    to->rungs = rungs;
    for (d = 0; d < rungs; d++) {
        const double *row = scheme->rung_matrix[kind] + d * rungs;
        to->last[d] = 0.0;
        for (e = 0; e < rungs; e++)
            to->last[d] = FMA(row[e], solved[e].last, to->last[d]);
        for (k = 0; k < scheme->outer; k++) {
            double level = 0.0, inverse = 0.0;
            for (e = 0; e < rungs; e++) {
                level = FMA(row[e], solved[e].level[k], level);
                inverse = FMA(row[e], solved[e].inverse[k], inverse);
            }
            to->level[k][d] = level;
            to->inverse[k][d] = inverse;
        }
    }
}

/* Cells that stand anywhere on a ladder of volatilities: polynomials give each its boundary. */
static void add_on_ladder(Cells *cells, const Ladder *ladder, int count)
{
    const Points *points = &cells->points;
    int s, k, d, w;
    for (s = 0; s < count; s += WIDTH) {
        Lanes log_ratio[PAIR], ratio[PAIR], bonds[PAIR], stocks[PAIR];
        Lanes sigma[PAIR], steady[PAIR], rung[PAIR], last[PAIR];
        begin_cells(cells->log_ratio + s, cells->ratio + s, log_ratio, ratio, bonds, stocks);
        BOTH(w) {
            sigma[w] = lanes_load(cells->sigma + s + w * LANES);
            steady[w] = lanes_div(lanes_set(1.0), sigma[w]);
            rung[w] = lanes_load(cells->rung + s + w * LANES);
            last[w] = lanes_set(ladder->last[ladder->rungs - 1]);
        }
        for (d = ladder->rungs - 2; d >= 0; d--)
            BOTH(w) last[w] = lanes_madd(last[w], rung[w], lanes_set(ladder->last[d]));
        BOTH(w) lanes_store(cells->last + s + w * LANES, last[w]);
        for (k = 0; k < points->count; k++) {
            const double *levels = ladder->level[k], *inverses = ladder->inverse[k];
            Lanes level[PAIR], inverse[PAIR];
            Read read[PAIR];
            BOTH(w) {
                level[w] = lanes_set(levels[ladder->rungs - 1]);
                inverse[w] = lanes_set(inverses[ladder->rungs - 1]);
            }
            for (d = ladder->rungs - 2; d >= 0; d--)
                BOTH(w) {
                    level[w] = lanes_madd(level[w], rung[w], lanes_set(levels[d]));
                    inverse[w] = lanes_madd(inverse[w], rung[w], lanes_set(inverses[d]));
                }
            BOTH(w) read[w] = read_boundary(points, k, sigma[w], steady[w], level[w], inverse[w]);
            add_point(points, k, log_ratio, ratio, read, bonds, stocks);
        }
        end_cells(cells->added + s, ratio, bonds, stocks);
    }
}

#endif
