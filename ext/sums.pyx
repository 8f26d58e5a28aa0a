# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Sums, tails and buckets.  Readable twins: workstation/kernels/sums.py; README.md beside this."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport uint32_t

cdef extern from "sums.h" nogil:
    double worst_without(const double *gain, const double *total, Py_ssize_t count)
    double shortfall_without(const double *gain, const double *total, Py_ssize_t count,
                             Py_ssize_t k, double *work)
    void add_rows(const double *rows, const double *quantity, Py_ssize_t count,
                  Py_ssize_t scenarios, double *total)
    uint32_t *rising_order(const double *value, Py_ssize_t count, uint32_t *work)
    double bucket_square(const double *weighted, const double *risk, const uint32_t *order,
                         Py_ssize_t count, double rho)
    enum: LANES


def aggregate(const double[:, ::1] unit_pnl, const double[::1] quantity,
              const Py_ssize_t[::1] first, double[:, ::1] out):
    """Add quantity * unit_pnl of each group's positions into out[group]."""
    cdef Py_ssize_t group, scenarios = unit_pnl.shape[1]
    if scenarios == 0 or unit_pnl.shape[0] == 0:
        return
    with nogil:
        for group in range(out.shape[0]):
            add_rows(&unit_pnl[0, 0] + first[group] * scenarios, &quantity[0] + first[group],
                     first[group + 1] - first[group], scenarios, &out[group, 0])


def offset_gains(const double[:, ::1] group_pnl, const double[::1] recognised,
                 const Py_ssize_t[::1] first, double[:, ::1] out):
    """Add group rows into their parents: losses in full, gains times what is recognised."""
    cdef Py_ssize_t parent, group, s
    cdef double share, gain
    with nogil:
        for parent in range(out.shape[0]):
            for group in range(first[parent], first[parent + 1]):
                share = recognised[group]
                for s in range(group_pnl.shape[1]):
                    gain = group_pnl[group, s]
                    out[parent, s] += gain * share if gain > 0.0 else gain


def worst_without_each(const double[:, ::1] pnl, const double[::1] total, double[::1] out):
    """Write the worst loss of the total without position i to out[i]."""
    cdef Py_ssize_t i
    if pnl.shape[1] == 0:
        return
    with nogil:
        for i in range(pnl.shape[0]):
            out[i] = worst_without(&pnl[i, 0], &total[0], pnl.shape[1])


def shortfall_without_each(const double[:, ::1] pnl, const double[::1] total, double[::1] out,
                           Py_ssize_t worst):
    """Write the mean of the `worst` largest losses of the total without position i to out[i]."""
    cdef Py_ssize_t i, count = pnl.shape[1]
    cdef double *work
    if not 1 <= worst <= count:
        raise ValueError(f"worst must lie in 1 to {count} (the scenarios), not {worst}")
    work = <double *> PyMem_Malloc((2 * count + LANES) * sizeof(double))
    if work == NULL:
        raise MemoryError()
    with nogil:
        for i in range(pnl.shape[0]):
            out[i] = shortfall_without(&pnl[i, 0], &total[0], count, worst, work)
    PyMem_Free(work)


def tail_contributions(const double[:, ::1] pnl, const Py_ssize_t[::1] tail, double[::1] out):
    """Write each position's mean loss over the tail scenarios to out[i]."""
    cdef Py_ssize_t i, s
    cdef double lost
    if tail.shape[0] == 0:
        raise ValueError("tail must name at least one scenario")
    with nogil:
        for i in range(pnl.shape[0]):
            lost = 0.0
            for s in range(tail.shape[0]):
                lost -= pnl[i, tail[s]]
            out[i] = lost / tail.shape[0]


def bucket_squares(const double[::1] weighted, const double[::1] risk,
                   const Py_ssize_t[::1] first, const double[::1] correlation, double[::1] out):
    """Write K squared of each bucket to out[bucket]; its factors may stand in any order."""
    cdef Py_ssize_t b, count
    cdef uint32_t *work
    if weighted.shape[0] == 0:
        out[:] = 0.0
        return
    work = <uint32_t *> PyMem_Malloc(2 * weighted.shape[0] * sizeof(uint32_t))
    if work == NULL:
        raise MemoryError()
    with nogil:
        for b in range(out.shape[0]):
            count = first[b + 1] - first[b]
            out[b] = 0.0
            if count:
                out[b] = bucket_square(&weighted[0] + first[b], &risk[0] + first[b],
                                       rising_order(&risk[0] + first[b], count, work), count,
                                       correlation[b])
    PyMem_Free(work)
