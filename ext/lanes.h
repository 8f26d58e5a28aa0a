/* One vector of doubles as wide as this build's registers; the same names at every level. */
#ifndef CROSSMARGIN_LANES_H
#define CROSSMARGIN_LANES_H

#if defined(__AVX512F__)
#include <immintrin.h>
typedef __m512d Lanes;
#define LANES 8
#define lanes_load _mm512_loadu_pd
#define lanes_store _mm512_storeu_pd
#define lanes_mul _mm512_mul_pd
#define lanes_max _mm512_max_pd
#define lanes_madd _mm512_fmadd_pd                    /* a b + c */
#define lanes_msub _mm512_fmsub_pd                    /* a b - c */
#elif defined(__AVX2__)
#include <immintrin.h>
typedef __m256d Lanes;
#define LANES 4
#define lanes_load _mm256_loadu_pd
#define lanes_store _mm256_storeu_pd
#define lanes_mul _mm256_mul_pd
#define lanes_max _mm256_max_pd
#define lanes_madd _mm256_fmadd_pd
#define lanes_msub _mm256_fmsub_pd
#elif defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
typedef __m128d Lanes;
#define LANES 2
#define lanes_load _mm_loadu_pd
#define lanes_store _mm_storeu_pd
#define lanes_mul _mm_mul_pd
#define lanes_max _mm_max_pd
#define lanes_madd(a, b, c) _mm_add_pd(_mm_mul_pd((a), (b)), (c))
#define lanes_msub(a, b, c) _mm_sub_pd(_mm_mul_pd((a), (b)), (c))
#elif defined(__aarch64__)
#include <arm_neon.h>
typedef float64x2_t Lanes;
#define LANES 2
#define lanes_load vld1q_f64
#define lanes_store vst1q_f64
#define lanes_mul vmulq_f64
#define lanes_max vmaxq_f64
#define lanes_madd(a, b, c) vfmaq_f64((c), (a), (b))
#define lanes_msub(a, b, c) vfmaq_f64(vnegq_f64(c), (a), (b))
#else
typedef double Lanes;
#define LANES 1
#define lanes_load(p) (*(p))
#define lanes_store(p, a) (*(p) = (a))
#define lanes_mul(a, b) ((a) * (b))
#define lanes_max(a, b) ((a) > (b) ? (a) : (b))
#define lanes_madd(a, b, c) ((a) * (b) + (c))
#define lanes_msub(a, b, c) ((a) * (b) - (c))
#endif

#endif
