# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Option kernels.  Readable twins: workstation/kernels/{european,american,tree}.py; README.md here."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdlib cimport free

cdef extern from "greeks.h" nogil:
    ctypedef struct Scenarios:
        pass
    ctypedef struct Columns:
        const double *spot
        const double *strike
        const double *years
        const double *rate
        const double *carry
        const double *volatility
        const unsigned char *is_call
    ctypedef struct Option:
        double spot, strike, years, rate, carry, volatility
        int is_call
    Py_ssize_t room_size(Py_ssize_t count)
    void lay_out(Scenarios *scenarios, double *room, Py_ssize_t count)
    void prepare_scenarios(Scenarios *to, const double *moves, const double *factors, int coin)
    void european_options(const Columns *of, Py_ssize_t options, const double *moves,
                          Py_ssize_t move_step, const double *factors, Py_ssize_t factor_step,
                          Scenarios *moved, const double *size, double *out)
    void inverse_options(const Columns *of, Py_ssize_t options, const double *moves,
                         Py_ssize_t move_step, const double *factors, Py_ssize_t factor_step,
                         Scenarios *moved, const double *size, double *out)
    void greeks_row(const Option *option, const Scenarios *moved, double *delta, double *gamma,
                    double *vega, double *theta)
    void bachelier_row(double forward, double strike, double years, double rate,
                       double volatility, int is_call, const double *shifts,
                       const double *factors, double *out, Py_ssize_t count)

cdef extern from "american.h" nogil:
    enum: LANES
    ctypedef struct Dividends:
        Py_ssize_t count
        const double *when
        const double *amount
    ctypedef struct Batch:
        double *price
        Py_ssize_t *cell
    ctypedef struct Scheme:
        int nodes, inner, outer, iterations
        const double *node
        const double *inner_root
        const double *inner_weight
        const double *inner_matrix
        const double *outer_root
        const double *outer_weight
        const double *outer_matrix
        int rungs[2]
        const double *rung[2]
        const double *rung_matrix[2]
    ctypedef struct Rows:
        Py_ssize_t options, scenarios, move_step, factor_step
        const double *spot
        const double *strike
        const double *years
        const double *rate
        const double *carry
        const double *volatility
        const double *moves
        const double *factors
        const unsigned char *is_call
        double *out
    ctypedef struct Desk:
        pass
    void *new_desk(Desk **desk)
    void american_rows(Desk *desk, const Rows *rows, const Scheme *scheme)
    void fill_lane(Batch *batch, int lane, double spot, double strike, double years, double rate,
                   double carry, double volatility, int is_call, Dividends dividends,
                   double held_back, const double *kept)
    double escrow(Dividends dividends, double rate, double now)
    Py_ssize_t work_size(int steps)
    int coarse_steps(int steps)
    void keep_dividends(Dividends dividends, double years, double rate, double strike,
                        int is_call, int steps, double *kept)
    void tree_batch(Batch *batch, int steps, int extrapolate, double *work)


def european_values(const double[::1] spot, const double[::1] strike, const double[::1] years,
                    const double[::1] rate, const double[::1] carry,
                    const double[::1] volatility, is_call,
                    const double[:, :] price_moves, const double[:, :] volatility_factors,
                    double[:, ::1] out):
    """Write the value of one unit of option i in scenario s to out[i, s]."""
    _formula(False, spot, strike, years, rate, carry, volatility, is_call, None, price_moves,
             volatility_factors, out)


def european_pnl(const double[::1] spot, const double[::1] strike, const double[::1] years,
                 const double[::1] rate, const double[::1] carry,
                 const double[::1] volatility, is_call, const double[::1] size,
                 const double[:, :] price_moves, const double[:, :] volatility_factors,
                 double[:, ::1] out):
    """Write size times (value less the unmoved value) of option i in scenario s to out[i, s]."""
    _formula(False, spot, strike, years, rate, carry, volatility, is_call, size, price_moves,
             volatility_factors, out)


def inverse_values(const double[::1] spot, const double[::1] strike, const double[::1] years,
                   const double[::1] rate, const double[::1] carry,
                   const double[::1] volatility, is_call,
                   const double[:, :] price_moves, const double[:, :] volatility_factors,
                   double[:, ::1] out):
    """Write the value in coin (value over moved spot) of option i in scenario s to out[i, s]."""
    _formula(True, spot, strike, years, rate, carry, volatility, is_call, None, price_moves,
             volatility_factors, out)


def inverse_pnl(const double[::1] spot, const double[::1] strike, const double[::1] years,
                const double[::1] rate, const double[::1] carry,
                const double[::1] volatility, is_call, const double[::1] size,
                const double[:, :] price_moves, const double[:, :] volatility_factors,
                double[:, ::1] out):
    """Write size times (value in coin less the unmoved one) of option i to out[i, s]."""
    _formula(True, spot, strike, years, rate, carry, volatility, is_call, size, price_moves,
             volatility_factors, out)


cdef _formula(bint coin, const double[::1] spot, const double[::1] strike,
              const double[::1] years, const double[::1] rate, const double[::1] carry,
              const double[::1] volatility, is_call, const double[::1] size,
              const double[:, :] price_moves, const double[:, :] volatility_factors,
              double[:, ::1] out):
    cdef const unsigned char[::1] call = is_call.view("u1")
    cdef Py_ssize_t count = price_moves.shape[1], options = price_moves.shape[0]
    cdef Py_ssize_t move_step = price_moves.strides[0] // <Py_ssize_t> sizeof(double)
    cdef Py_ssize_t factor_step = volatility_factors.strides[0] // <Py_ssize_t> sizeof(double)
    cdef const double *held = NULL
    cdef double *room
    cdef Columns columns
    cdef Scenarios scenarios
    if options == 0 or count == 0:
        return
    _check_rows(price_moves, volatility_factors)
    columns = Columns(&spot[0], &strike[0], &years[0], &rate[0], &carry[0], &volatility[0],
                      &call[0])
    if size is not None:
        held = &size[0]
    room = <double *> PyMem_Malloc(room_size(count) * sizeof(double))
    if room == NULL:
        raise MemoryError()
    lay_out(&scenarios, room, count)
    with nogil:
        if coin:
            inverse_options(&columns, options, &price_moves[0, 0], move_step,
                            &volatility_factors[0, 0], factor_step, &scenarios, held, &out[0, 0])
        else:
            european_options(&columns, options, &price_moves[0, 0], move_step,
                             &volatility_factors[0, 0], factor_step, &scenarios, held,
                             &out[0, 0])
    PyMem_Free(room)


def european_greeks(const double[::1] spot, const double[::1] strike, const double[::1] years,
                    const double[::1] rate, const double[::1] carry,
                    const double[::1] volatility, is_call,
                    const double[:, :] price_moves, const double[:, :] volatility_factors,
                    double[:, :, ::1] out):
    """Write delta, gamma, vega and theta of option i in scenario s to out[0:4, i, s]."""
    cdef const unsigned char[::1] call = is_call.view("u1")
    cdef Py_ssize_t i, count = price_moves.shape[1], options = price_moves.shape[0]
    cdef Scenarios scenarios
    cdef Option option
    cdef double *room
    if options == 0 or count == 0:
        return
    _check_rows(price_moves, volatility_factors)
    room = <double *> PyMem_Malloc(room_size(count) * sizeof(double))
    if room == NULL:
        raise MemoryError()
    lay_out(&scenarios, room, count)
    with nogil:
        for i in range(options):
            prepare_scenarios(&scenarios, &price_moves[i, 0], &volatility_factors[i, 0], 0)
            option = Option(spot[i], strike[i], years[i], rate[i], carry[i], volatility[i],
                            call[i])
            greeks_row(&option, &scenarios, &out[0, i, 0], &out[1, i, 0], &out[2, i, 0],
                       &out[3, i, 0])
    PyMem_Free(room)


def bachelier_values(const double[::1] forward, const double[::1] strike,
                     const double[::1] years, const double[::1] rate,
                     const double[::1] volatility, is_call, const double[:, :] price_shifts,
                     const double[:, :] volatility_factors, double[:, ::1] out):
    """Write values under absolute moves of a forward that may be negative to out[i, s]."""
    cdef const unsigned char[::1] call = is_call.view("u1")
    cdef Py_ssize_t i, count = price_shifts.shape[1], options = price_shifts.shape[0]
    if options == 0 or count == 0:
        return
    _check_rows(price_shifts, volatility_factors)
    with nogil:
        for i in range(options):
            bachelier_row(forward[i], strike[i], years[i], rate[i], volatility[i], call[i],
                          &price_shifts[i, 0], &volatility_factors[i, 0], &out[i, 0], count)


def american_values(const double[::1] spot, const double[::1] strike, const double[::1] years,
                    const double[::1] rate, const double[::1] carry,
                    const double[::1] volatility, is_call,
                    const double[:, :] price_moves, const double[:, :] volatility_factors,
                    double[:, ::1] out, bint audit=False):
    """Write the American value of one unit of option i in scenario s to out[i, s]."""
    cdef const unsigned char[::1] call = is_call.view("u1")
    cdef Rows rows
    cdef Scheme tables
    cdef Desk *desk = NULL
    cdef void *room
    if price_moves.shape[0] == 0 or price_moves.shape[1] == 0:
        return
    _formula(False, spot, strike, years, rate, carry, volatility, is_call, None, price_moves,
             volatility_factors, out)
    rows.options, rows.scenarios = price_moves.shape[0], price_moves.shape[1]
    rows.move_step = price_moves.strides[0] // <Py_ssize_t> sizeof(double)
    rows.factor_step = volatility_factors.strides[0] // <Py_ssize_t> sizeof(double)
    rows.spot, rows.strike, rows.years, rows.rate = &spot[0], &strike[0], &years[0], &rate[0]
    rows.carry, rows.volatility, rows.is_call = &carry[0], &volatility[0], &call[0]
    rows.moves, rows.factors, rows.out = (&price_moves[0, 0], &volatility_factors[0, 0],
                                          &out[0, 0])
    kept = _tables(audit, &tables)
    room = new_desk(&desk)
    if room == NULL:
        raise MemoryError()
    with nogil:
        american_rows(desk, &rows, &tables)
    free(room)


cdef _tables(bint audit, Scheme *tables):
    """Fill in the collocation tables; what is returned keeps them alive."""
    from workstation.kernels.exercise import scheme

    chosen = scheme(audit)
    cdef const double[::1] node = chosen.node
    cdef const double[::1] inner_root = chosen.inner_root
    cdef const double[::1] inner_weight = chosen.inner_weight
    cdef const double[:, :, ::1] inner_matrix = chosen.inner_matrix
    cdef const double[::1] outer_root = chosen.outer_root
    cdef const double[::1] outer_weight = chosen.outer_weight
    cdef const double[:, ::1] outer_matrix = chosen.outer_matrix
    cdef const double[::1] rung
    cdef const double[:, ::1] rung_matrix
    cdef int i
    tables.nodes, tables.inner = node.shape[0], inner_root.shape[0]
    tables.outer, tables.iterations = outer_root.shape[0], chosen.iterations
    tables.node, tables.inner_root = &node[0], &inner_root[0]
    tables.inner_weight, tables.inner_matrix = &inner_weight[0], &inner_matrix[0, 0, 0]
    tables.outer_root, tables.outer_weight = &outer_root[0], &outer_weight[0]
    tables.outer_matrix = &outer_matrix[0, 0]
    for i in range(2):
        rung, rung_matrix = chosen.rungs[i], chosen.rung_matrices[i]
        tables.rungs[i] = rung.shape[0]
        tables.rung[i], tables.rung_matrix[i] = &rung[0], &rung_matrix[0, 0]
    return chosen


def tree_values(const double[::1] spot, const double[::1] strike, const double[::1] years,
                const double[::1] rate, const double[::1] carry, const double[::1] volatility,
                is_call, const double[:, :] price_moves, const double[:, :] volatility_factors,
                const Py_ssize_t[::1] first, const double[::1] dividend_years,
                const double[::1] dividend_amounts, double[:, ::1] out, int steps=101,
                bint extrapolate=True):
    """Write American values with escrowed cash dividends, by a tree of `steps`, to out[i, s]."""
    cdef const unsigned char[::1] call = is_call.view("u1")
    cdef Py_ssize_t i, s, count = price_moves.shape[1], options = price_moves.shape[0]
    cdef Py_ssize_t table = steps + coarse_steps(steps) + 2, tables = 0
    cdef int lane = 0, used
    cdef double held_back
    cdef Batch batch
    cdef Dividends paid
    cdef double *work
    cdef double *kept
    cdef double *flat
    if options == 0 or count == 0:
        return
    if steps < 9 or steps % 2 == 0:
        raise ValueError(f"steps must be odd and at least 9, not {steps}")
    _check_rows(price_moves, volatility_factors)
    # A batch holds cells of up to LANES options: one table more, and none is overwritten too early.
    work = <double *> PyMem_Malloc((work_size(steps) + (LANES + 1) * table) * sizeof(double))
    if work == NULL:
        raise MemoryError()
    flat = &out[0, 0]
    with nogil:
        for i in range(options):
            paid.count = first[i + 1] - first[i]
            paid.when = NULL
            paid.amount = NULL
            held_back = 0.0
            kept = work + work_size(steps) + tables * table
            if paid.count:
                paid.when, paid.amount = &dividend_years[first[i]], &dividend_amounts[first[i]]
                held_back = escrow(paid, rate[i], 0.0)
                keep_dividends(paid, years[i], rate[i], strike[i], call[i], coarse_steps(steps),
                               kept)
                keep_dividends(paid, years[i], rate[i], strike[i], call[i], steps,
                               kept + coarse_steps(steps) + 1)
                tables = (tables + 1) % (LANES + 1)
            for s in range(count):
                fill_lane(&batch, lane, spot[i] * (1.0 + price_moves[i, s]), strike[i], years[i],
                          rate[i], carry[i], volatility[i] * volatility_factors[i, s], call[i],
                          paid, held_back, kept)
                batch.cell[lane] = i * count + s
                lane += 1
                if lane == LANES:
                    tree_batch(&batch, steps, extrapolate, work)
                    for lane in range(LANES):
                        flat[batch.cell[lane]] = batch.price[lane]
                    lane = 0
        used = lane
        if used:
            paid.count = 0
            for lane in range(used, LANES):
                fill_lane(&batch, lane, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1, paid, 0.0, NULL)
            tree_batch(&batch, steps, extrapolate, work)
            for lane in range(used):
                flat[batch.cell[lane]] = batch.price[lane]
    PyMem_Free(work)


cdef _check_rows(const double[:, :] price_moves, const double[:, :] volatility_factors):
    cdef Py_ssize_t step = sizeof(double)
    if price_moves.shape[1] > 1 and (price_moves.strides[1] != step
                                     or volatility_factors.strides[1] != step):
        raise ValueError("the scenarios of one row must lie next to each other in memory")
