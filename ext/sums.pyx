# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Sums, tails and pair sums.  Readable twins: workstation/kernels/sums.py; README.md beside this."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.math cimport ceil
from libc.stdint cimport uint32_t

cdef extern from "sums.h" nogil:
    double worst_without(const double *gain, const double *total, Py_ssize_t count)
    double shortfall_without(const double *gain, const double *total, Py_ssize_t count,
                             const Py_ssize_t *tail, double worst, double *chosen)
    void select_tail(const double *total, Py_ssize_t count, Py_ssize_t k, double *work,
                     Py_ssize_t *tail)
    void add_rows(const double *rows, const double *quantity, const Py_ssize_t *group,
                  Py_ssize_t count, Py_ssize_t scenarios, double *totals)
    void add_gains(const double *rows, const double *recognised, const Py_ssize_t *parent,
                   Py_ssize_t count, Py_ssize_t scenarios, double *totals)
    uint32_t *rising_order(const double *value, Py_ssize_t count, uint32_t *work)
    void sum_pairs(const double *value, const double *risk, const uint32_t *order,
                   Py_ssize_t count, double *others, double *slope)
    enum: LANES


def aggregate(const double[:, ::1] unit_pnl, const double[::1] quantity,
              const Py_ssize_t[::1] group, double[:, ::1] out):
    """Add quantity * unit_pnl of each position into out[group of the position]."""
    if unit_pnl.shape[0] and unit_pnl.shape[1]:
        with nogil:
            add_rows(&unit_pnl[0, 0], &quantity[0], &group[0], unit_pnl.shape[0],
                     unit_pnl.shape[1], &out[0, 0])


def offset_gains(const double[:, ::1] group_pnl, const double[::1] recognised,
                 const Py_ssize_t[::1] group, double[:, ::1] out):
    """Add rows into out[group of the row]: losses in full, gains times what is recognised."""
    if group_pnl.shape[0] and group_pnl.shape[1]:
        with nogil:
            add_gains(&group_pnl[0, 0], &recognised[0], &group[0], group_pnl.shape[0],
                      group_pnl.shape[1], &out[0, 0])


def worst_without_each(const double[:, ::1] pnl, const double[::1] total, double[::1] out):
    """Write the worst loss of the total without position i to out[i]."""
    cdef Py_ssize_t i
    if pnl.shape[1] == 0:
        return
    with nogil:
        for i in range(pnl.shape[0]):
            out[i] = worst_without(&pnl[i, 0], &total[0], pnl.shape[1])


def shortfall_without_each(const double[:, ::1] pnl, const double[::1] total, double[::1] out,
                           double worst):
    """Write the mean of the `worst` largest losses of the total without position i to out[i]."""
    cdef Py_ssize_t i, count = pnl.shape[1], k
    cdef double *chosen
    cdef Py_ssize_t *tail
    if not 1 <= worst <= count:
        raise ValueError(f"worst must lie in 1 to {count} (the scenarios), not {worst:g}")
    k = <Py_ssize_t> ceil(worst)
    chosen = <double *> PyMem_Malloc((count + LANES) * sizeof(double))
    tail = <Py_ssize_t *> PyMem_Malloc(k * sizeof(Py_ssize_t))
    if chosen == NULL or tail == NULL:
        PyMem_Free(chosen)
        PyMem_Free(tail)
        raise MemoryError()
    with nogil:
        select_tail(&total[0], count, k, chosen, tail)
        for i in range(pnl.shape[0]):
            out[i] = shortfall_without(&pnl[i, 0], &total[0], count, tail, worst, chosen)
    PyMem_Free(chosen)
    PyMem_Free(tail)


def pair_sums(const double[::1] value, const double[::1] risk, const Py_ssize_t[::1] first,
              double[::1] others, double[::1] slope):
    """Write the damped sums over the other members of each segment, and their slopes by risk."""
    cdef Py_ssize_t b, start
    cdef uint32_t *work
    if value.shape[0] == 0:
        return
    work = <uint32_t *> PyMem_Malloc(2 * value.shape[0] * sizeof(uint32_t))
    if work == NULL:
        raise MemoryError()
    with nogil:
        for b in range(first.shape[0] - 1):
            start = first[b]
            if first[b + 1] > start:
                sum_pairs(&value[0] + start, &risk[0] + start,
                          rising_order(&risk[0] + start, first[b + 1] - start, work),
                          first[b + 1] - start, &others[0] + start, &slope[0] + start)
    PyMem_Free(work)
