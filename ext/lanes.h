/* One vector of doubles as wide as this build's registers; the same names at every level.
 *
 * Every operation works lane by lane and rounds as the scalar one does, so the width of the register
 * never shows in a result; `lanes_madd` rounds once where the processor can and twice where it cannot.
 */
#ifndef CROSSMARGIN_LANES_H
#define CROSSMARGIN_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
typedef __m512d Lanes;
#define LANES 8
#define lanes_load _mm512_loadu_pd
#define lanes_store _mm512_storeu_pd
#define lanes_set _mm512_set1_pd
#define lanes_add _mm512_add_pd
#define lanes_sub _mm512_sub_pd
#define lanes_mul _mm512_mul_pd
#define lanes_div _mm512_div_pd
#define lanes_sqrt _mm512_sqrt_pd
#define lanes_max _mm512_max_pd                       /* the second where one is no number */
#define lanes_min _mm512_min_pd
#define lanes_madd _mm512_fmadd_pd                    /* a b + c */
#define lanes_msub _mm512_fmsub_pd                    /* a b - c */
#define lanes_nmadd _mm512_fnmadd_pd                  /* c - a b */
#define LANES_BITS(a) _mm512_castpd_si512(a)
#define LANES_OF(a) _mm512_castsi512_pd(a)

static inline Lanes lanes_size(Lanes x) { return _mm512_abs_pd(x); }

/* min(|x|, most) */
static inline Lanes lanes_near(Lanes x, Lanes most) { return _mm512_range_pd(x, most, 0x0A); }

/* x > 0 ? a : b */
static inline Lanes lanes_choose(Lanes x, Lanes a, Lanes b)
{
    return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_GT_OQ), b, a);
}

/* x > 0 ? whole - part : part */
static inline Lanes lanes_rest(Lanes x, Lanes whole, Lanes part)
{
    __mmask8 positive = _mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_GT_OQ);
    return _mm512_mask_sub_pd(part, positive, whole, part);
}

/* p 2^n, n in the low bits of t (see `exponential`). */
static inline Lanes lanes_scale(Lanes p, Lanes t)
{
    return LANES_OF(_mm512_add_epi64(LANES_BITS(p), _mm512_slli_epi64(LANES_BITS(t), 52)));
}

/* x = 2^k m with m in [1/sqrt 2, sqrt 2): k, and m by reference. */
static inline Lanes lanes_split(Lanes x, Lanes *m)
{
    __m512i half = _mm512_set1_epi64(0x3fe6a09e667f3bcdLL);
    __m512i shifted = _mm512_add_epi64(LANES_BITS(x), _mm512_sub_epi64(
        _mm512_set1_epi64(0x3ff0000000000000LL), half));
    *m = LANES_OF(_mm512_add_epi64(
        _mm512_and_si512(shifted, _mm512_set1_epi64(0x000fffffffffffffLL)), half));
    return lanes_sub(LANES_OF(_mm512_or_si512(_mm512_srli_epi64(shifted, 52),
                                              _mm512_set1_epi64(0x4330000000000000LL))),
                     lanes_set(4503599627370496.0 + 1023.0));
}
static inline int lanes_any_above(Lanes x, Lanes y)
{
    return _mm512_cmp_pd_mask(x, y, _CMP_GT_OQ) != 0;
}
/* Write the lanes of x above those of y to `to` (room for all), in order; returns how many. */
static inline int lanes_keep(double *to, Lanes x, Lanes y)
{
    __mmask8 above = _mm512_cmp_pd_mask(x, y, _CMP_GT_OQ);
    _mm512_storeu_pd(to, _mm512_maskz_compress_pd(above, x));
    return (int)_mm_popcnt_u32(above);
}
#define LANES_KEEP
#elif defined(__AVX2__)
#include <immintrin.h>
typedef __m256d Lanes;
#define LANES 4
#define lanes_load _mm256_loadu_pd
#define lanes_store _mm256_storeu_pd
#define lanes_set _mm256_set1_pd
#define lanes_add _mm256_add_pd
#define lanes_sub _mm256_sub_pd
#define lanes_mul _mm256_mul_pd
#define lanes_div _mm256_div_pd
#define lanes_sqrt _mm256_sqrt_pd
#define lanes_max _mm256_max_pd
#define lanes_min _mm256_min_pd
#define lanes_madd _mm256_fmadd_pd
#define lanes_msub _mm256_fmsub_pd
#define lanes_nmadd _mm256_fnmadd_pd
#define LANES_BITS(a) _mm256_castpd_si256(a)
#define LANES_OF(a) _mm256_castsi256_pd(a)

static inline Lanes lanes_size(Lanes x) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x); }

static inline Lanes lanes_near(Lanes x, Lanes most)
{
    return _mm256_min_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), x), most);
}

static inline Lanes lanes_choose(Lanes x, Lanes a, Lanes b)
{
    return _mm256_blendv_pd(b, a, _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_GT_OQ));
}

static inline Lanes lanes_rest(Lanes x, Lanes whole, Lanes part)
{
    return lanes_choose(x, lanes_sub(whole, part), part);
}

static inline Lanes lanes_scale(Lanes p, Lanes t)
{
    return LANES_OF(_mm256_add_epi64(LANES_BITS(p), _mm256_slli_epi64(LANES_BITS(t), 52)));
}

static inline Lanes lanes_split(Lanes x, Lanes *m)
{
    __m256i half = _mm256_set1_epi64x(0x3fe6a09e667f3bcdLL);
    __m256i shifted = _mm256_add_epi64(LANES_BITS(x), _mm256_sub_epi64(
        _mm256_set1_epi64x(0x3ff0000000000000LL), half));
    *m = LANES_OF(_mm256_add_epi64(
        _mm256_and_si256(shifted, _mm256_set1_epi64x(0x000fffffffffffffLL)), half));
    return lanes_sub(LANES_OF(_mm256_or_si256(_mm256_srli_epi64(shifted, 52),
                                              _mm256_set1_epi64x(0x4330000000000000LL))),
                     lanes_set(4503599627370496.0 + 1023.0));
}

static inline int lanes_any_above(Lanes x, Lanes y)
{
    return _mm256_movemask_pd(_mm256_cmp_pd(x, y, _CMP_GT_OQ)) != 0;
}
#elif defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
typedef __m128d Lanes;
#define LANES 2
#define lanes_load _mm_loadu_pd
#define lanes_store _mm_storeu_pd
#define lanes_set _mm_set1_pd
#define lanes_add _mm_add_pd
#define lanes_sub _mm_sub_pd
#define lanes_mul _mm_mul_pd
#define lanes_div _mm_div_pd
#define lanes_sqrt _mm_sqrt_pd
#define lanes_max _mm_max_pd
#define lanes_min _mm_min_pd
#define lanes_madd(a, b, c) _mm_add_pd(_mm_mul_pd((a), (b)), (c))
#define lanes_msub(a, b, c) _mm_sub_pd(_mm_mul_pd((a), (b)), (c))
#define lanes_nmadd(a, b, c) _mm_sub_pd((c), _mm_mul_pd((a), (b)))
#define LANES_BITS(a) _mm_castpd_si128(a)
#define LANES_OF(a) _mm_castsi128_pd(a)

static inline Lanes lanes_size(Lanes x) { return _mm_andnot_pd(_mm_set1_pd(-0.0), x); }

static inline Lanes lanes_near(Lanes x, Lanes most)
{
    return _mm_min_pd(_mm_andnot_pd(_mm_set1_pd(-0.0), x), most);
}

static inline Lanes lanes_choose(Lanes x, Lanes a, Lanes b)
{
    __m128d positive = _mm_cmpgt_pd(x, _mm_setzero_pd());
    return _mm_or_pd(_mm_and_pd(positive, a), _mm_andnot_pd(positive, b));
}

static inline Lanes lanes_rest(Lanes x, Lanes whole, Lanes part)
{
    return lanes_choose(x, lanes_sub(whole, part), part);
}

static inline Lanes lanes_scale(Lanes p, Lanes t)
{
    return LANES_OF(_mm_add_epi64(LANES_BITS(p), _mm_slli_epi64(LANES_BITS(t), 52)));
}

static inline Lanes lanes_split(Lanes x, Lanes *m)
{
    __m128i half = _mm_set1_epi64x(0x3fe6a09e667f3bcdLL);
    __m128i shifted = _mm_add_epi64(LANES_BITS(x), _mm_sub_epi64(
        _mm_set1_epi64x(0x3ff0000000000000LL), half));
    *m = LANES_OF(_mm_add_epi64(
        _mm_and_si128(shifted, _mm_set1_epi64x(0x000fffffffffffffLL)), half));
    return lanes_sub(LANES_OF(_mm_or_si128(_mm_srli_epi64(shifted, 52),
                                           _mm_set1_epi64x(0x4330000000000000LL))),
                     lanes_set(4503599627370496.0 + 1023.0));
}

static inline int lanes_any_above(Lanes x, Lanes y)
{
    return _mm_movemask_pd(_mm_cmpgt_pd(x, y)) != 0;
}
#else
typedef double Lanes; /* one lane: the compiler's own vectors, or none (NEON has two) */
#define LANES 1
#define lanes_load(p) (*(p))
#define lanes_store(p, a) (*(p) = (a))
#define lanes_set(a) (a)
#define lanes_add(a, b) ((a) + (b))
#define lanes_sub(a, b) ((a) - (b))
#define lanes_mul(a, b) ((a) * (b))
#define lanes_div(a, b) ((a) / (b))
#define lanes_sqrt(a) sqrt(a)
#define lanes_max(a, b) ((a) > (b) ? (a) : (b))
#define lanes_min(a, b) ((a) < (b) ? (a) : (b))
#if defined(__ARM_FEATURE_FMA)
#define lanes_madd(a, b, c) fma((a), (b), (c))
#define lanes_msub(a, b, c) fma((a), (b), -(c))
#define lanes_nmadd(a, b, c) fma(-(a), (b), (c))
#else
#define lanes_madd(a, b, c) ((a) * (b) + (c))
#define lanes_msub(a, b, c) ((a) * (b) - (c))
#define lanes_nmadd(a, b, c) ((c) - (a) * (b))
#endif

static inline uint64_t lanes_bits(Lanes a)
{
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    return bits;
}

static inline Lanes lanes_of(uint64_t bits)
{
    Lanes a;
    memcpy(&a, &bits, sizeof a);
    return a;
}

static inline Lanes lanes_size(Lanes x) { return fabs(x); }
static inline Lanes lanes_near(Lanes x, Lanes most) { return fabs(x) < most ? fabs(x) : most; }
static inline Lanes lanes_choose(Lanes x, Lanes a, Lanes b) { return x > 0.0 ? a : b; }
static inline Lanes lanes_rest(Lanes x, Lanes whole, Lanes part)
{
    return x > 0.0 ? whole - part : part;
}
static inline Lanes lanes_scale(Lanes p, Lanes t)
{
    return lanes_of(lanes_bits(p) + (lanes_bits(t) << 52));
}
static inline Lanes lanes_split(Lanes x, Lanes *m)
{
    const uint64_t half = 0x3fe6a09e667f3bcdULL;
    uint64_t shifted = lanes_bits(x) + (0x3ff0000000000000ULL - half);
    *m = lanes_of((shifted & 0x000fffffffffffffULL) + half);
    return lanes_of((shifted >> 52) | 0x4330000000000000ULL) - (4503599627370496.0 + 1023.0);
}
static inline int lanes_any_above(Lanes x, Lanes y) { return x > y; }
#endif

#ifndef LANES_KEEP
static inline int lanes_keep(double *to, Lanes x, Lanes y)
{
    double from[LANES], least[LANES];
    int l, found = 0;
    if (!lanes_any_above(x, y))
        return 0;
    lanes_store(from, x);
    lanes_store(least, y);
    for (l = 0; l < LANES; l++) {
        to[found] = from[l];
        found += from[l] > least[l];
    }
    return found;
}
#endif

/* The first place of a line of the cache at or after p: registers read there are not split in two. */
#define LINE 64
static inline double *lanes_aligned(double *p)
{
    return (double *)(((uintptr_t)p + LINE - 1) / LINE * LINE);
}

/* Two registers are worked on by turns: while one waits for its last result the other goes on. */
#define PAIR 2
#define BOTH(w) for ((w) = 0; (w) < PAIR; (w)++)

static inline Lanes lanes_held(Lanes x, Lanes most)
{
    return lanes_max(lanes_min(x, most), lanes_sub(lanes_set(0.0), most));
}

#endif
