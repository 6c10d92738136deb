// Eight doubles as one value, in AVX-512, AVX2 or plain C++; every operation gives the same
// bits in each. Included by kernels_source.inl alone, inside its namespace.

#if defined(CUPEL_KERNELS_V4)

struct Lanes {
  __m512d v;
};
inline Lanes load(const double* p) { return {_mm512_loadu_pd(p)}; }
inline void store(double* p, Lanes a) { _mm512_storeu_pd(p, a.v); }
inline Lanes all(double x) { return {_mm512_set1_pd(x)}; }
inline Lanes operator+(Lanes a, Lanes b) { return {_mm512_add_pd(a.v, b.v)}; }
inline Lanes operator-(Lanes a, Lanes b) { return {_mm512_sub_pd(a.v, b.v)}; }
inline Lanes operator*(Lanes a, Lanes b) { return {_mm512_mul_pd(a.v, b.v)}; }
inline Lanes operator/(Lanes a, Lanes b) { return {_mm512_div_pd(a.v, b.v)}; }
inline Lanes fma(Lanes a, Lanes b, Lanes c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
inline Lanes max(Lanes a, Lanes b) { return {_mm512_max_pd(a.v, b.v)}; }
inline Lanes min(Lanes a, Lanes b) { return {_mm512_min_pd(a.v, b.v)}; }
inline Lanes absolute(Lanes a) { return {_mm512_abs_pd(a.v)}; }
/// |magnitude| with the sign of `sign`.
inline Lanes with_sign(Lanes magnitude, Lanes sign) {
  const __m512i mask = _mm512_set1_epi64(INT64_MIN);
  return {_mm512_castsi512_pd(_mm512_or_si512(
      _mm512_andnot_si512(mask, _mm512_castpd_si512(magnitude.v)),
      _mm512_and_si512(mask, _mm512_castpd_si512(sign.v))))};
}
/// a < b ? x : y, lane by lane.
inline Lanes where_less(Lanes a, Lanes b, Lanes x, Lanes y) {
  return {_mm512_mask_blend_pd(_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
}
/// a * 2^n, n in the low bits of t.
inline Lanes scale_by_low_bits(Lanes a, Lanes t) {
  return {_mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(a.v),
                                               _mm512_slli_epi64(_mm512_castpd_si512(t.v), 52)))};
}
inline double sum(Lanes a) {
  const __m256d low = _mm512_castpd512_pd256(a.v), high = _mm512_extractf64x4_pd(a.v, 1);
  const __m256d four = _mm256_add_pd(low, high);
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#elif defined(CUPEL_KERNELS_V3)

struct Lanes {
  __m256d l, h;
};
inline Lanes load(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
inline void store(double* p, Lanes a) {
  _mm256_storeu_pd(p, a.l);
  _mm256_storeu_pd(p + 4, a.h);
}
inline Lanes all(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
inline Lanes operator+(Lanes a, Lanes b) {
  return {_mm256_add_pd(a.l, b.l), _mm256_add_pd(a.h, b.h)};
}
inline Lanes operator-(Lanes a, Lanes b) {
  return {_mm256_sub_pd(a.l, b.l), _mm256_sub_pd(a.h, b.h)};
}
inline Lanes operator*(Lanes a, Lanes b) {
  return {_mm256_mul_pd(a.l, b.l), _mm256_mul_pd(a.h, b.h)};
}
inline Lanes operator/(Lanes a, Lanes b) {
  return {_mm256_div_pd(a.l, b.l), _mm256_div_pd(a.h, b.h)};
}
inline Lanes fma(Lanes a, Lanes b, Lanes c) {
  return {_mm256_fmadd_pd(a.l, b.l, c.l), _mm256_fmadd_pd(a.h, b.h, c.h)};
}
inline Lanes max(Lanes a, Lanes b) { return {_mm256_max_pd(a.l, b.l), _mm256_max_pd(a.h, b.h)}; }
inline Lanes min(Lanes a, Lanes b) { return {_mm256_min_pd(a.l, b.l), _mm256_min_pd(a.h, b.h)}; }
inline Lanes absolute(Lanes a) {
  const __m256d mask = _mm256_set1_pd(-0.0);
  return {_mm256_andnot_pd(mask, a.l), _mm256_andnot_pd(mask, a.h)};
}
inline Lanes with_sign(Lanes magnitude, Lanes sign) {
  const __m256d mask = _mm256_set1_pd(-0.0);
  return {_mm256_or_pd(_mm256_andnot_pd(mask, magnitude.l), _mm256_and_pd(mask, sign.l)),
          _mm256_or_pd(_mm256_andnot_pd(mask, magnitude.h), _mm256_and_pd(mask, sign.h))};
}
inline Lanes where_less(Lanes a, Lanes b, Lanes x, Lanes y) {
  return {_mm256_blendv_pd(y.l, x.l, _mm256_cmp_pd(a.l, b.l, _CMP_LT_OQ)),
          _mm256_blendv_pd(y.h, x.h, _mm256_cmp_pd(a.h, b.h, _CMP_LT_OQ))};
}
inline __m256d scale_four(__m256d a, __m256d t) {
  return _mm256_castsi256_pd(
      _mm256_add_epi64(_mm256_castpd_si256(a), _mm256_slli_epi64(_mm256_castpd_si256(t), 52)));
}
inline Lanes scale_by_low_bits(Lanes a, Lanes t) {
  return {scale_four(a.l, t.l), scale_four(a.h, t.h)};
}
inline double sum(Lanes a) {
  const __m256d four = _mm256_add_pd(a.l, a.h);
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#else

struct Lanes {
  double d[8];
};
inline Lanes load(const double* p) {
  Lanes r;
  for (int k = 0; k < 8; ++k) r.d[k] = p[k];
  return r;
}
inline void store(double* p, Lanes a) {
  for (int k = 0; k < 8; ++k) p[k] = a.d[k];
}
inline Lanes all(double x) { return {{x, x, x, x, x, x, x, x}}; }
template <class Operation>
inline Lanes each(Lanes a, Lanes b, Operation operation) {
  Lanes r;
  for (int k = 0; k < 8; ++k) r.d[k] = operation(a.d[k], b.d[k]);
  return r;
}
inline Lanes operator+(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x + y; });
}
inline Lanes operator-(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x - y; });
}
inline Lanes operator*(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x * y; });
}
inline Lanes operator/(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x / y; });
}
inline Lanes fma(Lanes a, Lanes b, Lanes c) {
  Lanes r;
  for (int k = 0; k < 8; ++k) r.d[k] = __builtin_fma(a.d[k], b.d[k], c.d[k]);
  return r;
}
// As the x86 instructions: the second operand when either is NaN.
inline Lanes max(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x > y ? x : y; });
}
inline Lanes min(Lanes a, Lanes b) {
  return each(a, b, [](double x, double y) { return x < y ? x : y; });
}
inline Lanes absolute(Lanes a) {
  for (double& x : a.d) x = __builtin_fabs(x);
  return a;
}
inline Lanes with_sign(Lanes magnitude, Lanes sign) {
  return each(magnitude, sign, [](double x, double y) { return __builtin_copysign(x, y); });
}
inline Lanes where_less(Lanes a, Lanes b, Lanes x, Lanes y) {
  Lanes r;
  for (int k = 0; k < 8; ++k) r.d[k] = a.d[k] < b.d[k] ? x.d[k] : y.d[k];
  return r;
}
inline Lanes scale_by_low_bits(Lanes a, Lanes t) {
  return each(a, t, [](double x, double low) {
    std::uint64_t bits, shift;
    __builtin_memcpy(&bits, &x, 8);
    __builtin_memcpy(&shift, &low, 8);
    bits += shift << 52;
    __builtin_memcpy(&x, &bits, 8);
    return x;
  });
}
inline double sum(Lanes a) {
  const double four[4] = {a.d[0] + a.d[4], a.d[1] + a.d[5], a.d[2] + a.d[6], a.d[3] + a.d[7]};
  return (four[0] + four[2]) + (four[1] + four[3]);
}

#endif
