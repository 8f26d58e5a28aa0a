/* Eight doubles at once, the same sums in the same order on every machine.
 *
 * Additive kernels keep eight partial sums whatever the registers are wide and multiply and add apart,
 * so all builds give the same bits.  gcc and clang split an Octet over what registers there are.
 */
#ifndef CROSSMARGIN_OCTETS_H
#define CROSSMARGIN_OCTETS_H

#include <string.h>

#if defined(__AVX512F__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#define OCTET 8

/* Before a loop whose columns never overlap: without it compilers give up on many columns. */
#if defined(__clang__)
#define APART _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define APART _Pragma("GCC ivdep")
#elif defined(_MSC_VER)
#define APART __pragma(loop(ivdep))
#else
#define APART
#endif

#if defined(__GNUC__)
/* One register of doubles, and as many of them as make eight. Wider vectors and memcpy go through
 * the stack in smaller pieces, which stalls every load. */
#if defined(__AVX512F__)
#define PART 8
#elif defined(__AVX__)
#define PART 4
#else
#define PART 2
#endif
typedef double Register __attribute__((vector_size(PART * 8)));
typedef double Unaligned __attribute__((vector_size(PART * 8), aligned(8), may_alias));
typedef long long RegisterBits __attribute__((vector_size(PART * 8)));
typedef struct { Register of[OCTET / PART]; } Octet;
#define OCTET_EACH(expression) \
    Octet found; int l; for (l = 0; l < OCTET / PART; l++) found.of[l] = (expression); return found

static inline Octet octet_load(const double *from)
{
    OCTET_EACH(((const Unaligned *)from)[l]);
}
static inline void octet_store(double *to, Octet a)
{
    int l;
    for (l = 0; l < OCTET / PART; l++)
        ((Unaligned *)to)[l] = a.of[l];
}
static inline Octet octet_of(double x) { OCTET_EACH(x - (Register){0.0}); }
static inline Octet octet_times(Octet a, Octet b) { OCTET_EACH(a.of[l] * b.of[l]); }
static inline Octet octet_plus(Octet a, Octet b) { OCTET_EACH(a.of[l] + b.of[l]); }
static inline Octet octet_minus(Octet a, Octet b) { OCTET_EACH(a.of[l] - b.of[l]); }
static inline Octet octet_size(Octet a)
{
    OCTET_EACH((Register)((RegisterBits)a.of[l] & (0x7fffffffffffffffLL - (RegisterBits){0})));
}
#else
typedef struct { double of[OCTET]; } Octet;
#define OCTET_EACH(expression) \
    Octet found; int l; for (l = 0; l < OCTET; l++) found.of[l] = (expression); return found

static inline Octet octet_load(const double *from) { OCTET_EACH(from[l]); }
static inline void octet_store(double *to, Octet a) { memcpy(to, a.of, sizeof a.of); }
static inline Octet octet_of(double x) { OCTET_EACH(x); }
static inline Octet octet_times(Octet a, Octet b) { OCTET_EACH(a.of[l] * b.of[l]); }
static inline Octet octet_plus(Octet a, Octet b) { OCTET_EACH(a.of[l] + b.of[l]); }
static inline Octet octet_minus(Octet a, Octet b) { OCTET_EACH(a.of[l] - b.of[l]); }
static inline Octet octet_size(Octet a) { OCTET_EACH(a.of[l] < 0.0 ? -a.of[l] : a.of[l]); }
#endif

static inline double octet_sum(Octet a)
{
    double part[OCTET];
    octet_store(part, a);
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

/* The sums of a few octets, each in the order of `octet_sum`. */
static inline void octets_sum(double *to, const Octet *a, const int count)
{
    int n;
#if defined(__AVX512F__) && defined(__GNUC__)
#define HALVES(x, y) \
    _mm512_add_pd(_mm512_shuffle_f64x2((x), (y), 0x44), _mm512_shuffle_f64x2((x), (y), 0xEE))
#define QUARTERS(x, y) \
    _mm512_add_pd(_mm512_shuffle_f64x2((x), (y), 0x88), _mm512_shuffle_f64x2((x), (y), 0xDD))
    if (count == OCTET) {
        __m512d even = QUARTERS(HALVES((__m512d)a[0].of[0], (__m512d)a[2].of[0]),
                                HALVES((__m512d)a[4].of[0], (__m512d)a[6].of[0]));
        __m512d odd = QUARTERS(HALVES((__m512d)a[1].of[0], (__m512d)a[3].of[0]),
                               HALVES((__m512d)a[5].of[0], (__m512d)a[7].of[0]));
        _mm512_storeu_pd(to, _mm512_add_pd(_mm512_unpacklo_pd(even, odd), _mm512_unpackhi_pd(even, odd)));
        return;
    }
#undef HALVES
#undef QUARTERS
#endif
    for (n = 0; n < count; n++)
        to[n] = octet_sum(a[n]);
}

#endif
