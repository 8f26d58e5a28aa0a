# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Optimal pairing.  Readable twin: workstation/kernels/pairing.py; README.md beside this."""

from libc.stdint cimport int64_t
from libc.stdlib cimport free

cdef extern from "pairing.h" nogil:
    ctypedef struct Network:
        int64_t *flow
        int64_t *price
    Network *paired(Py_ssize_t supplies, Py_ssize_t demands, Py_ssize_t pairs,
                    const int64_t *supply, const int64_t *demand, const int64_t *of_supply,
                    const int64_t *of_demand, const int64_t *saving)


def best_pairs(const int64_t[::1] supply, const int64_t[::1] demand,
               const int64_t[::1] of_supply, const int64_t[::1] of_demand,
               const int64_t[::1] saving, int64_t[::1] units, int64_t[::1] supply_price,
               int64_t[::1] demand_price):
    """Write the units of each pair that save most, and what one more of each leg would save."""
    cdef Py_ssize_t i, supplies = supply.shape[0], demands = demand.shape[0]
    cdef Py_ssize_t pairs = saving.shape[0]
    cdef Network *network
    supply_price[:] = 0
    demand_price[:] = 0
    if supplies == 0 or demands == 0 or pairs == 0:
        return
    with nogil:
        network = paired(supplies, demands, pairs, &supply[0], &demand[0], &of_supply[0],
                         &of_demand[0], &saving[0])
        if network != NULL:
            for i in range(pairs):
                units[i] = network.flow[i]
            for i in range(supplies):
                supply_price[i] = network.price[i + 1]
            for i in range(demands):
                demand_price[i] = -network.price[i + supplies + 1]
    if network == NULL:
        raise MemoryError()
    free(network)
