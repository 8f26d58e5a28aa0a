/* Elementary functions in forms every compiler can vectorise: no table, no branch, no libm.
 *
 * Only + - * / sqrt, comparisons and bit patterns, so every machine gives the same digits.  FMA
 * is written out where it pays; builds without the instruction use multiply and add.
 */
#ifndef CROSSMARGIN_ELEMENTARY_H
#define CROSSMARGIN_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define FMA(a, b, c) fma((a), (b), (c))
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

#define SMALLEST 1e-300
#define LARGEST_EXPONENT 700.0

static inline double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }

/* e^x for |x| <= 700: x = k ln2 + r, polynomial of degree 10 in r, k added to the exponent. */
static inline double exponential(double x)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: rounds to an integer in the low bits */
    double t = FMA(x, 1.4426950408889634074, magic);
    double k = t - magic;
    double r = FMA(-k, 6.93147180369123816490e-01, x);
    double p = 2.7626357241447222855e-7;
    r = FMA(-k, 1.90821492927058770002e-10, r);
    p = FMA(p, r, 2.764018079620985113e-6);
    p = FMA(p, r, 0.000024801504346997687255);
    p = FMA(p, r, 0.00019841170270440068401);
    p = FMA(p, r, 0.0013888888932488598181);
    p = FMA(p, r, 0.0083333333856877824706);
    p = FMA(p, r, 0.041666666666573142611);
    p = FMA(p, r, 0.16666666666554404471);
    p = FMA(p, r, 0.50000000000000056169);
    p = FMA(p, r, 1.0000000000000067423);
    p = FMA(p, r, 1.0);
    return from_bits(to_bits(p) + (to_bits(t) << 52));
}

/* The same for any finite argument: held to |x| <= 700. */
static inline double bounded_exponential(double x)
{
    return exponential(larger(smaller(x, LARGEST_EXPONENT), -LARGEST_EXPONENT));
}

/* ln x for normal x > 0: x = 2^k m with m in [1/sqrt 2, sqrt 2), odd series in (m-1)/(m+1). */
static inline double logarithm(double x)
{
    const uint64_t split = 0x3fe6a09e667f3bcdULL; /* 1/sqrt(2) */
    uint64_t shifted = to_bits(x) + (0x3ff0000000000000ULL - split);
    double k = from_bits((shifted >> 52) | 0x4330000000000000ULL) - (4503599627370496.0 + 1023.0);
    double f = from_bits((shifted & 0x000fffffffffffffULL) + split) - 1.0;
    double s = f / (2.0 + f);
    double z = s * s;
    double p = 1.0 / 19.0;
    p = FMA(p, z, 1.0 / 17.0);
    p = FMA(p, z, 1.0 / 15.0);
    p = FMA(p, z, 1.0 / 13.0);
    p = FMA(p, z, 1.0 / 11.0);
    p = FMA(p, z, 1.0 / 9.0);
    p = FMA(p, z, 1.0 / 7.0);
    p = FMA(p, z, 1.0 / 5.0);
    p = FMA(p, z, 1.0 / 3.0);
    p = FMA(2.0 * s * z, p, 2.0 * s);
    return FMA(k, 6.93147180369123816490e-01, FMA(k, 1.90821492927058770002e-10, p));
}

/* Numerator and denominator of N(-x) e^(x^2/2) for x >= 0: absolute error in N below 5e-15. */
static inline double tail_numerator(double x)
{
    double p = 0.00043714576800206241891;
    p = FMA(p, x, 0.006898133949409999515);
    p = FMA(p, x, 0.048812761260460146015);
    p = FMA(p, x, 0.1944423280822811856);
    p = FMA(p, x, 0.43954220796439037418);
    return FMA(p, x, 0.4999999999999948117);
}

static inline double tail_denominator(double x)
{
    double q = 0.0010958764899216261388;
    q = FMA(q, x, 0.017287268981356081939);
    q = FMA(q, x, 0.12351263138431060782);
    q = FMA(q, x, 0.50403694465307100123);
    q = FMA(q, x, 1.2269123117033303323);
    q = FMA(q, x, 1.6769689767297155688);
    return FMA(q, x, 1.0);
}

#endif
