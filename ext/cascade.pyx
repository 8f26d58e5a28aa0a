# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Drawn paths of the dynamic cascade.  Readable twin: workstation/kernels/cascade.py."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

cdef extern from "cascade.h" nogil:
    enum:
        LINE

    double *lanes_aligned(double *p)

    ctypedef struct Plan:
        Py_ssize_t accounts, lanes, assets, columns, breakers, recalls
        const double *holdings
        const double *cash
        const double *offset
        const double *scale
        const double *fixed
        const double *reaction
        const double *free
        const double *lends
        const double *frozen
        const double *credit
        const double *price
        const double *volatility
        const double *adv
        const double *correlation
        const double *root
        const double *level
        const double *worth
        const Py_ssize_t *owner
        const Py_ssize_t *firm
        const Py_ssize_t *watched
        const Py_ssize_t *lent
        const int64_t *lasting
        const int64_t *delay
        const uint8_t *covers
        double impact, decay, cap, participation, maintenance, buffer, converge_from, converge_to
        double floor, steps_a_day, shock_days, depth_deviation, noticed, lowest
        Py_ssize_t most_steps, arrival, freedom
        uint64_t key

    ctypedef struct Work:
        const double *kept
        const double *before
        const int64_t *first_call
        const int64_t *first_sale
        uint8_t *selling

    void cascade_prepare(Plan *plan)
    Py_ssize_t cascade_doubles(const Plan *plan)
    Py_ssize_t cascade_wholes(const Plan *plan)
    void cascade_lay_out(Work *work, const Plan *plan, double *space, int64_t *whole)
    int64_t cascade_path(const Plan *plan, Work *work, uint32_t path)

cdef Py_ssize_t EIGHT = 8, ROWS = 9, MARKET = 3


def cascade_paths(const double[:, ::1] positions, const double[:, ::1] rows,
                  const Py_ssize_t[::1] owner, const Py_ssize_t[::1] firm,
                  const double[:, ::1] market, const double[:, ::1] correlation,
                  const double[:, ::1] root, const double[::1] level,
                  const Py_ssize_t[::1] watched, const int64_t[::1] lasting, covers,
                  const Py_ssize_t[::1] lent, const double[::1] worth, const int64_t[::1] delay,
                  const double[::1] rules, double[:, ::1] equity, int64_t[:, ::1] first_call,
                  int64_t[:, ::1] first_sale, double[:, ::1] price, int64_t[::1] steps,
                  uint64_t key, Py_ssize_t first):
    """Play paths first, first + 1, ... out and write what became of every account."""
    cdef Py_ssize_t accounts = positions.shape[0], assets = positions.shape[1]
    cdef Py_ssize_t i, k, path
    cdef Plan plan
    cdef Work work
    cdef double *space = NULL
    cdef double *kept = NULL
    cdef int64_t *whole = NULL
    cdef uint8_t *selling = NULL
    cdef const uint8_t[:, ::1] mask = covers.view("uint8")
    if accounts == 0 or assets == 0 or equity.shape[0] == 0:
        return
    plan.accounts, plan.assets = accounts, assets
    plan.lanes, plan.columns = _eights(accounts), _eights(assets)
    plan.breakers, plan.recalls = level.shape[0], lent.shape[0]
    _read(&plan, rules)
    plan.key = key
    plan.correlation = &correlation[0, 0]
    plan.owner, plan.firm = &owner[0], &firm[0]
    if plan.breakers:
        plan.level, plan.watched, plan.lasting = &level[0], &watched[0], &lasting[0]
        plan.covers = &mask[0, 0]
    if plan.recalls:
        plan.lent, plan.worth, plan.delay = &lent[0], &worth[0], &delay[0]
    try:
        kept = <double *> PyMem_Calloc(_kept(&plan) + LINE, sizeof(double))
        space = <double *> PyMem_Calloc(cascade_doubles(&plan), sizeof(double))
        whole = <int64_t *> PyMem_Calloc(cascade_wholes(&plan), sizeof(int64_t))
        selling = <uint8_t *> PyMem_Calloc(plan.lanes // EIGHT, 1)
        if kept == NULL or space == NULL or whole == NULL or selling == NULL:
            raise MemoryError()
        _lay_out(&plan, lanes_aligned(kept), positions, rows, market, root)
        cascade_prepare(&plan)
        cascade_lay_out(&work, &plan, space, whole)
        work.selling = selling
        with nogil:
            for path in range(equity.shape[0]):
                steps[path] = cascade_path(&plan, &work, <uint32_t> (first + path))
                for i in range(accounts):
                    equity[path, i] = work.kept[i]
                    first_call[path, i] = work.first_call[i]
                    first_sale[path, i] = work.first_sale[i]
                for k in range(assets):
                    price[path, k] = work.before[k]
    finally:
        PyMem_Free(kept)
        PyMem_Free(space)
        PyMem_Free(whole)
        PyMem_Free(selling)


cdef Py_ssize_t _eights(Py_ssize_t count) noexcept nogil:
    return EIGHT * ((count + EIGHT - 1) // EIGHT)


cdef Py_ssize_t _kept(const Plan *plan) noexcept nogil:
    """Doubles of what all paths share, padded to eights."""
    return plan.lanes * (plan.columns + ROWS) + plan.columns * (plan.assets + MARKET)


cdef void _lay_out(Plan *plan, double *kept, const double[:, ::1] positions,
                   const double[:, ::1] rows, const double[:, ::1] market,
                   const double[:, ::1] root) noexcept:
    """Turn what all paths share into rows of accounts and of assets, padded with nothing."""
    cdef Py_ssize_t i, k, lanes = plan.lanes, columns = plan.columns
    for k in range(plan.assets):
        for i in range(plan.accounts):
            kept[k * lanes + i] = positions[i, k]
    plan.holdings = kept
    kept += lanes * columns
    for k in range(ROWS):
        for i in range(plan.accounts):
            kept[k * lanes + i] = rows[k, i]
    plan.cash, plan.offset, plan.scale = kept, kept + lanes, kept + 2 * lanes
    plan.fixed, plan.reaction, plan.free = kept + 3 * lanes, kept + 4 * lanes, kept + 5 * lanes
    plan.lends, plan.frozen, plan.credit = kept + 6 * lanes, kept + 7 * lanes, kept + 8 * lanes
    kept += ROWS * lanes
    for k in range(MARKET):
        for i in range(columns):  # a price that nobody holds still has to be above zero
            kept[k * columns + i] = market[k, i] if i < plan.assets else 1.0 if k == 0 else 0.0
    plan.price, plan.volatility, plan.adv = kept, kept + columns, kept + 2 * columns
    kept += MARKET * columns
    plan.root = kept
    for k in range(plan.assets):
        for i in range(plan.assets):  # transposed: a row of what one normal draw does to all
            kept[k * columns + i] = root[i, k]


cdef void _read(Plan *plan, const double[::1] rules):
    """Read the rules in the order of the twin's `RULES`."""
    plan.impact, plan.decay, plan.cap = rules[0], rules[1], rules[2]
    plan.participation, plan.maintenance, plan.buffer = rules[3], rules[4], rules[5]
    plan.converge_from, plan.converge_to, plan.floor = rules[6], rules[7], rules[8]
    plan.steps_a_day, plan.most_steps = rules[9], <Py_ssize_t> rules[10]
    plan.shock_days, plan.arrival = rules[11], <Py_ssize_t> rules[12]
    plan.freedom, plan.depth_deviation = <Py_ssize_t> rules[13], rules[14]
    plan.noticed, plan.lowest = rules[15], rules[16]
