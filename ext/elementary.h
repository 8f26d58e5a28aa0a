/* Elementary functions without table, branch or libm, of one number and of a register of them.
 *
 * Only + - * / sqrt, comparisons and bit patterns, so every machine gives the same digits. A form of
 * one number and its form in lanes take the same steps and give the same bits.  FMA is written out
 * where it pays; builds without the instruction use multiply and add.
 */
#ifndef CROSSMARGIN_ELEMENTARY_H
#define CROSSMARGIN_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "lanes.h"

#if defined(__FMA__) || defined(__AVX2__) || defined(__ARM_FEATURE_FMA)
#define FMA(a, b, c) fma((a), (b), (c))
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

#define SMALLEST 1e-300
#define LARGEST_EXPONENT 700.0
#define FURTHEST 36.0         /* standard deviations beyond which N is 0 or 1 in double precision */
#define MAGIC 6755399441055744.0 /* 1.5 * 2^52: adding it leaves an integer in the low bits */
#define LOG2_E 1.4426950408889634074
#define LN2 6.93147180559945309417e-01
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define PER_ROOT_TWO_PI 0.39894228040143267794

/* e^r on |r| <= ln2/2, rising powers: relative error 2e-16. */
static const double EXPONENTIAL[11] = {
    1.0, 1.0000000000000067423, 0.50000000000000056169, 0.16666666666554404471,
    0.041666666666573142611, 0.0083333333856877824706, 0.0013888888932488598181,
    0.00019841170270440068401, 0.000024801504346997687255, 2.764018079620985113e-6,
    2.7626357241447222855e-7};
/* e^(-u/2) on |u| <= ln2, rising powers: relative error 1.4e-14. */
static const double BELL[10] = {
    1.000000000000012889, -0.49999999999994583939, 0.12499999999863414701,
    -0.020833333334795295293, 0.0026041666896655651918, -0.00026041665627632011242,
    0.000021701253884172543588, -1.5501248202006452578e-6, 9.7203805864002341443e-8,
    -5.3675856687773626208e-9};
/* N(-x) e^(x^2/2) = P/Q for x >= 0, rising powers: absolute error in N below 5e-15. */
static const double TAIL_P[6] = {
    0.4999999999999948117, 0.43954220796439037418, 0.1944423280822811856,
    0.048812761260460146015, 0.006898133949409999515, 0.00043714576800206241891};
static const double TAIL_Q[7] = {
    1.0, 1.6769689767297155688, 1.2269123117033303323, 0.50403694465307100123,
    0.12351263138431060782, 0.017287268981356081939, 0.0010958764899216261388};

/* The same three for what early exercise adds, which is interest on part of the strike: relative
 * error 3e-9, absolute error in N below 1e-9; e^0 = 1 and P(0) = 1/2, so that N has no step at 0. */
static const double QUICK_BELL[7] = {
    1.0, -0.5000000160826601, 0.1249999855225375, -0.020833039076628777,
    0.0026042501273813266, -0.00026169235709103133, 2.1630708954845433e-05};
static const double QUICK_P[4] = {
    0.5, 0.2973112280214639, 0.08624660439091592, 0.009893171234639134};
static const double QUICK_Q[5] = {
    1.0, 1.3925069784694692, 0.7835538265735904, 0.21467427840689002, 0.02488093094209176};

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

/* e^x for |x| <= 700: x = k ln2 + r, a polynomial in r, k added to the exponent. */
static inline double exponential(double x)
{
    double t = FMA(x, LOG2_E, MAGIC), k = t - MAGIC;
    double r = FMA(-k, LN2_LOW, FMA(-k, LN2_HIGH, x)), p = EXPONENTIAL[10];
    int i;
    for (i = 9; i >= 0; i--)
        p = FMA(p, r, EXPONENTIAL[i]);
    return from_bits(to_bits(p) + (to_bits(t) << 52));
}

static inline Lanes lanes_exponential(Lanes x)
{
    Lanes magic = lanes_set(MAGIC), t = lanes_madd(x, lanes_set(LOG2_E), magic);
    Lanes k = lanes_sub(t, magic), p = lanes_set(EXPONENTIAL[10]);
    Lanes r = lanes_nmadd(k, lanes_set(LN2_LOW), lanes_nmadd(k, lanes_set(LN2_HIGH), x));
    int i;
    for (i = 9; i >= 0; i--)
        p = lanes_madd(p, r, lanes_set(EXPONENTIAL[i]));
    return lanes_scale(p, t);
}

/* The same for any finite argument: held to |x| <= 700. */
static inline double bounded_exponential(double x)
{
    return exponential(larger(smaller(x, LARGEST_EXPONENT), -LARGEST_EXPONENT));
}

static inline Lanes lanes_bounded_exponential(Lanes x)
{
    return lanes_exponential(lanes_held(x, lanes_set(LARGEST_EXPONENT)));
}

/* ln x for normal x > 0: x = 2^k m with m in [1/sqrt 2, sqrt 2), odd series in (m-1)/(m+1). */
static inline double logarithm(double x)
{
    const uint64_t split = 0x3fe6a09e667f3bcdULL; /* 1/sqrt(2) */
    uint64_t shifted = to_bits(x) + (0x3ff0000000000000ULL - split);
    double k = from_bits((shifted >> 52) | 0x4330000000000000ULL) - (4503599627370496.0 + 1023.0);
    double f = from_bits((shifted & 0x000fffffffffffffULL) + split) - 1.0;
    double s = f / (2.0 + f), z = s * s, p = 1.0 / 19.0;
    int i;
    for (i = 17; i >= 3; i -= 2)
        p = FMA(p, z, 1.0 / i);
    p = FMA(2.0 * s * z, p, 2.0 * s);
    return FMA(k, LN2_HIGH, FMA(k, LN2_LOW, p));
}

static inline Lanes lanes_logarithm(Lanes x)
{
    Lanes m, k = lanes_split(x, &m), two = lanes_set(2.0), f = lanes_sub(m, lanes_set(1.0));
    Lanes s = lanes_div(f, lanes_add(two, f)), z = lanes_mul(s, s), p = lanes_set(1.0 / 19.0);
    Lanes double_s = lanes_mul(two, s);
    int i;
    for (i = 17; i >= 3; i -= 2)
        p = lanes_madd(p, z, lanes_set(1.0 / i));
    p = lanes_madd(lanes_mul(double_s, z), p, double_s);
    return lanes_madd(k, lanes_set(LN2_HIGH), lanes_madd(k, lanes_set(LN2_LOW), p));
}

/* Numerator and denominator of N(-x) e^(x^2/2) for x >= 0. */
static inline double tail_numerator(double x)
{
    double p = TAIL_P[5];
    int i;
    for (i = 4; i >= 0; i--)
        p = FMA(p, x, TAIL_P[i]);
    return p;
}

static inline double tail_denominator(double x)
{
    double q = TAIL_Q[6];
    int i;
    for (i = 5; i >= 0; i--)
        q = FMA(q, x, TAIL_Q[i]);
    return q;
}

/* e^(-x^2/2) in two registers, |x| <= FURTHEST, by the polynomial given. */
static inline void lanes_bells_by(const double *rising, int degree, const Lanes x[PAIR],
                                  Lanes bell[PAIR])
{
    Lanes magic = lanes_set(MAGIC), t[PAIR], r[PAIR];
    int i, w;
    BOTH(w) {
        Lanes square = lanes_mul(x[w], x[w]);
        t[w] = lanes_madd(square, lanes_set(-0.5 * LOG2_E), magic);
        r[w] = lanes_madd(lanes_sub(t[w], magic), lanes_set(2.0 * LN2), square);
        bell[w] = lanes_madd(lanes_set(rising[degree]), r[w], lanes_set(rising[degree - 1]));
    }
    for (i = degree - 2; i >= 0; i--)
        BOTH(w) bell[w] = lanes_madd(bell[w], r[w], lanes_set(rising[i]));
    BOTH(w) bell[w] = lanes_scale(bell[w], t[w]);
}

static inline void lanes_bells(const Lanes x[PAIR], Lanes bell[PAIR])
{
    lanes_bells_by(BELL, 9, x, bell);
}

static inline void lanes_quick_bells(const Lanes x[PAIR], Lanes bell[PAIR])
{
    lanes_bells_by(QUICK_BELL, 6, x, bell);
}

/* P and Q of both normals of a value at 0 <= x1, x2 <= FURTHEST, a step of each chain by turns. */
typedef struct { Lanes p1, q1, p2, q2; } Tails;

static inline void lanes_tails_by(const double *above, const double *below, int degree,
                                  const Lanes x1[PAIR], const Lanes x2[PAIR], Tails to[PAIR])
{
    int i, w;
    BOTH(w) {
        Lanes first = lanes_set(below[degree + 1]), second = lanes_set(below[degree]);
        to[w].p1 = to[w].p2 = lanes_set(above[degree]);
        to[w].q1 = lanes_madd(first, x1[w], second);
        to[w].q2 = lanes_madd(first, x2[w], second);
    }
    for (i = degree - 1; i >= 0; i--)
        BOTH(w) {
            to[w].p1 = lanes_madd(to[w].p1, x1[w], lanes_set(above[i]));
            to[w].q1 = lanes_madd(to[w].q1, x1[w], lanes_set(below[i]));
            to[w].p2 = lanes_madd(to[w].p2, x2[w], lanes_set(above[i]));
            to[w].q2 = lanes_madd(to[w].q2, x2[w], lanes_set(below[i]));
        }
}

static inline void lanes_tails(const Lanes x1[PAIR], const Lanes x2[PAIR], Tails to[PAIR])
{
    lanes_tails_by(TAIL_P, TAIL_Q, 5, x1, x2, to);
}

static inline void lanes_quick_tails(const Lanes x1[PAIR], const Lanes x2[PAIR], Tails to[PAIR])
{
    lanes_tails_by(QUICK_P, QUICK_Q, 3, x1, x2, to);
}

#endif
