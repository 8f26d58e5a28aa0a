/* Counter-based random numbers: Philox 4x32-10 and the inverse normal (readable twin: philox.py).
 *
 * A number depends on its key and counter alone, so any part of a run can be drawn by itself, on any
 * thread.  Salmon, Moraes, Dror, Shaw: Parallel random numbers, SC11; Wichura: algorithm AS 241.
 */
#ifndef CROSSMARGIN_PHILOX_H
#define CROSSMARGIN_PHILOX_H

#include "lanes.h"
#include "octets.h"

/* Products and sums apart, so that every build gives the same bits: see octets.h. */
#pragma push_macro("__FMA__")
#pragma push_macro("__AVX2__")
#pragma push_macro("__ARM_FEATURE_FMA")
#undef __FMA__
#undef __AVX2__
#undef __ARM_FEATURE_FMA
#include "elementary.h"
#pragma pop_macro("__ARM_FEATURE_FMA")
#pragma pop_macro("__AVX2__")
#pragma pop_macro("__FMA__")

#define PHILOX_ROUNDS 10

/* A number in (0, 1) from 52 bits, never 0 or 1. */
static inline double unit_interval(uint32_t high, uint32_t low)
{
    uint64_t bits = (((uint64_t)high << 32) | low) >> 12;
    return ((double)bits + 0.5) * (1.0 / 4503599627370496.0);
}

static inline double rational(double x, const double p[8], const double q[8])
{
    double above = p[7], below = q[7];
    int n;
    for (n = 6; n >= 0; n--) {
        above = above * x + p[n];
        below = below * x + q[n];
    }
    return above / below;
}

static const double QUANTILE_CENTRE_P[8] = {
    3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
static const double QUANTILE_CENTRE_Q[8] = {
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
static const double QUANTILE_TAIL_P[8] = {
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
    7.74545014278341407640e-4};
static const double QUANTILE_TAIL_Q[8] = {
    1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9};
static const double QUANTILE_FAR_P[8] = {
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7};
static const double QUANTILE_FAR_Q[8] = {
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15};

/* The normal quantile, to a relative 1e-16. */
static inline double normal_quantile(double u)
{
    double q = u - 0.5, r;
    if (q >= -0.425 && q <= 0.425)
        return q * rational(0.180625 - q * q, QUANTILE_CENTRE_P, QUANTILE_CENTRE_Q);
    r = sqrt(-logarithm(q < 0.0 ? u : 1.0 - u));
    r = r <= 5.0 ? rational(r - 1.6, QUANTILE_TAIL_P, QUANTILE_TAIL_Q) : rational(r - 5.0, QUANTILE_FAR_P, QUANTILE_FAR_Q);
    return q < 0.0 ? -r : r;
}

#define QUANTILES 64

/* The same of many numbers in place: the forms for the middle and the tail side by side, the rare far tail
 * one by one. */
static void normal_quantiles(double *u, Py_ssize_t count)
{
    Py_ssize_t start, n;
    for (start = 0; start < count; start += QUANTILES) {
        double r[QUANTILES], z[QUANTILES], *restrict from = u + start;
        Py_ssize_t most = count - start < QUANTILES ? count - start : QUANTILES;
        int64_t far = 0;
        APART
        for (n = 0; n < most; n++) {
            double q = from[n] - 0.5, size = q < 0.0 ? -q : q, tail, middle;
            r[n] = sqrt(-logarithm(q < 0.0 ? from[n] : 1.0 - from[n]));
            tail = rational(r[n] - 1.6, QUANTILE_TAIL_P, QUANTILE_TAIL_Q);
            middle = q * rational(0.180625 - q * q, QUANTILE_CENTRE_P, QUANTILE_CENTRE_Q);
            tail = q < 0.0 ? -tail : tail;
            z[n] = size <= 0.425 ? middle : tail;
        }
        for (n = 0; n < most; n++)
            far |= r[n] > 5.0;
        if (far)
            for (n = 0; n < most; n++)
                if (r[n] > 5.0)
                    z[n] = normal_quantile(from[n]);
        memcpy(from, z, most * sizeof(double));
    }
}

#define BLOCKS 8

/* `count` numbers in (0, 1): two a block, eight blocks side by side. */
static void uniforms(double *out, Py_ssize_t count, uint64_t key, uint32_t path, uint32_t step,
                     uint32_t stream)
{
    Py_ssize_t start, n;
    for (start = 0; 2 * start < count; start += BLOCKS) {
        uint64_t word[4][BLOCKS], low = (uint32_t)key, high = (uint32_t)(key >> 32);
        double unit[2 * BLOCKS];
        Py_ssize_t most = count - 2 * start < 2 * BLOCKS ? count - 2 * start : 2 * BLOCKS;
        int round;
        for (n = 0; n < BLOCKS; n++) {
            word[0][n] = (uint32_t)(start + n);
            word[1][n] = step;
            word[2][n] = path;
            word[3][n] = stream;
        }
        for (round = 0; round < PHILOX_ROUNDS; round++) {
            for (n = 0; n < BLOCKS; n++) {
                uint64_t a = (uint64_t)0xD2511F53u * (uint32_t)word[0][n];
                uint64_t b = (uint64_t)0xCD9E8D57u * (uint32_t)word[2][n];
                uint64_t first = (b >> 32) ^ word[1][n] ^ low, third = (a >> 32) ^ word[3][n] ^ high;
                word[1][n] = (uint32_t)b;
                word[3][n] = (uint32_t)a;
                word[0][n] = first;
                word[2][n] = third;
            }
            low = (uint32_t)(low + 0x9E3779B9u);
            high = (uint32_t)(high + 0xBB67AE85u);
        }
        for (n = 0; n < BLOCKS; n++) {
            unit[2 * n] = unit_interval((uint32_t)word[0][n], (uint32_t)word[1][n]);
            unit[2 * n + 1] = unit_interval((uint32_t)word[2][n], (uint32_t)word[3][n]);
        }
        memcpy(out + 2 * start, unit, most * sizeof(double));
    }
}

#endif
