# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Drawn paths of the dynamic cascade.  Readable twin: workstation/kernels/cascade.py."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

cdef extern from "cascade.h" nogil:
    ctypedef struct Plan:
        Py_ssize_t accounts, lanes, assets, breakers
        const double *holdings
        const double *cash
        const double *offset
        const double *scale
        const double *fixed
        const double *reaction
        const double *free
        const double *lends
        const double *price
        const double *volatility
        const double *adv
        const double *correlation
        const double *root
        const double *level
        const Py_ssize_t *owner
        const Py_ssize_t *firm
        const Py_ssize_t *watched
        const int64_t *lasting
        const uint8_t *covers
        double impact, decay, cap, participation, maintenance, buffer, converge_from, converge_to
        double floor, steps_a_day, shock_days, depth_deviation, noticed, lowest
        Py_ssize_t most_steps, arrival, freedom
        uint64_t key

    ctypedef struct Work:
        double *q

    void cascade_prepare(Plan *plan)
    Py_ssize_t cascade_doubles(const Plan *plan)
    void cascade_lay_out(Work *work, const Plan *plan, double *space, int64_t *whole)
    int64_t cascade_path(const Plan *plan, Work *work, uint8_t *selling, uint32_t path,
                         double *equity, int64_t *first_call, int64_t *first_sale, double *price)

cdef Py_ssize_t EIGHT = 8


def cascade_paths(const double[:, ::1] positions, const double[:, ::1] rows,
                  const Py_ssize_t[::1] owner, const Py_ssize_t[::1] firm,
                  const double[:, ::1] market, const double[:, ::1] correlation,
                  const double[:, ::1] root, const double[::1] level,
                  const Py_ssize_t[::1] watched, const int64_t[::1] lasting, covers,
                  const double[::1] rules, double[:, ::1] equity, int64_t[:, ::1] first_call,
                  int64_t[:, ::1] first_sale, double[:, ::1] price, int64_t[::1] steps,
                  uint64_t key, Py_ssize_t first):
    """Play paths first, first + 1, ... out and write what became of every account."""
    cdef Py_ssize_t accounts = positions.shape[0], assets = positions.shape[1]
    cdef Py_ssize_t lanes = EIGHT * ((accounts + EIGHT - 1) // EIGHT)
    cdef Py_ssize_t i, k, path, breakers = level.shape[0]
    cdef Plan plan
    cdef Work work
    cdef double *space = NULL
    cdef double *kept = NULL
    cdef int64_t *whole = NULL
    cdef uint8_t *selling = NULL
    cdef const uint8_t[:, ::1] mask = covers.view("uint8")
    if accounts == 0 or assets == 0 or equity.shape[0] == 0:
        return
    plan.accounts, plan.lanes, plan.assets, plan.breakers = accounts, lanes, assets, breakers
    _read(&plan, rules)
    plan.key = key
    try:
        kept = <double *> PyMem_Calloc(lanes * (assets + 7) + assets * assets, sizeof(double))
        space = <double *> PyMem_Calloc(cascade_doubles(&plan), sizeof(double))
        whole = <int64_t *> PyMem_Calloc(assets + breakers + 1, sizeof(int64_t))
        selling = <uint8_t *> PyMem_Calloc(lanes // EIGHT + 1, 1)
        if kept == NULL or space == NULL or whole == NULL or selling == NULL:
            raise MemoryError()
        for k in range(assets):
            for i in range(accounts):
                kept[k * lanes + i] = positions[i, k]
        for k in range(7):
            for i in range(accounts):
                kept[lanes * (assets + k) + i] = rows[k, i]
        for k in range(assets):
            for i in range(assets):  # transposed: a row of what one normal draw does to all
                kept[lanes * (assets + 7) + k * assets + i] = root[i, k]
        plan.holdings, plan.cash = kept, kept + lanes * assets
        plan.offset, plan.scale = plan.cash + lanes, plan.cash + 2 * lanes
        plan.fixed, plan.reaction = plan.cash + 3 * lanes, plan.cash + 4 * lanes
        plan.free, plan.lends = plan.cash + 5 * lanes, plan.cash + 6 * lanes
        plan.root = plan.cash + 7 * lanes
        plan.price, plan.volatility, plan.adv = &market[0, 0], &market[1, 0], &market[2, 0]
        plan.correlation = &correlation[0, 0]
        plan.owner, plan.firm = &owner[0], &firm[0]
        if breakers:
            plan.level, plan.watched, plan.lasting = &level[0], &watched[0], &lasting[0]
            plan.covers = &mask[0, 0]
        cascade_prepare(&plan)
        cascade_lay_out(&work, &plan, space, whole)
        with nogil:
            for path in range(equity.shape[0]):
                steps[path] = cascade_path(
                    &plan, &work, selling, <uint32_t> (first + path), &equity[path, 0],
                    &first_call[path, 0], &first_sale[path, 0], &price[path, 0])
    finally:
        PyMem_Free(kept)
        PyMem_Free(space)
        PyMem_Free(whole)
        PyMem_Free(selling)


cdef void _read(Plan *plan, const double[::1] rules):
    """Read the rules in the order of the twin's `RULES`."""
    plan.impact, plan.decay, plan.cap = rules[0], rules[1], rules[2]
    plan.participation, plan.maintenance, plan.buffer = rules[3], rules[4], rules[5]
    plan.converge_from, plan.converge_to, plan.floor = rules[6], rules[7], rules[8]
    plan.steps_a_day, plan.most_steps = rules[9], <Py_ssize_t> rules[10]
    plan.shock_days, plan.arrival = rules[11], <Py_ssize_t> rules[12]
    plan.freedom, plan.depth_deviation = <Py_ssize_t> rules[13], rules[14]
    plan.noticed, plan.lowest = rules[15], rules[16]
