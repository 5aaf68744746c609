// What the product of BF16 pairs (VDPBF16PS) brings over fused multiply-adds: multiply-adds a second of both, in turn.
//
//   cc -O2 -mavx512f -mavx512bf16 Benchmarks/bf16_dot.c -o bf16_dot && ./bf16_dot

#include <immintrin.h>
#include <stdio.h>
#include <time.h>

enum { turns = 20000000, rounds = 5 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

// Twelve sums in registers, so that none waits for itself; one block of instructions, so that nothing comes between them.
#define TWELVE(instruction) \
  instruction " %12, %13, %0\n" instruction " %12, %13, %1\n" instruction " %12, %13, %2\n" \
  instruction " %12, %13, %3\n" instruction " %12, %13, %4\n" instruction " %12, %13, %5\n" \
  instruction " %12, %13, %6\n" instruction " %12, %13, %7\n" instruction " %12, %13, %8\n" \
  instruction " %12, %13, %9\n" instruction " %12, %13, %10\n" instruction " %12, %13, %11\n"

#define RATE(name, instruction, inputs, x, w)                                                                       \
  static double name(void) {                                                                                        \
    __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;    \
    double start = now();                                                                                           \
    for (int turn = 0; turn < turns; turn++)                                                                        \
      __asm__ volatile(TWELVE(instruction)                                                                          \
                       : "+v"(a), "+v"(b), "+v"(c), "+v"(d), "+v"(e), "+v"(f), "+v"(g), "+v"(h), "+v"(i), "+v"(j),  \
                         "+v"(k), "+v"(l)                                                                           \
                       : "v"(x), "v"(w));                                                                           \
    return inputs * 12.0 * turns / (now() - start) / 1e9;                                                           \
  }

RATE(fused, "vfmadd231ps", 16, _mm512_set1_ps(0x1p-20f), _mm512_set1_ps(0.5f))
RATE(pairs, "vdpbf16ps", 32, _mm512_set1_epi16(0x3580), _mm512_set1_epi16(0x3f00))

int main(void) {
  if (!__builtin_cpu_supports("avx512bf16")) {
    fprintf(stderr, "bf16_dot: this processor has no AVX512_BF16\n");
    return 69;
  }
  double best[2] = {0, 0};
  for (int round = 0; round < rounds; round++) {
    double rates[2] = {fused(), pairs()};
    for (int i = 0; i < 2; i++)
      if (rates[i] > best[i]) best[i] = rates[i];
  }
  printf("billions of multiply-adds a second, one thread, the best of %d rounds\n", rounds);
  printf("VFMADD231PS  %6.1f\nVDPBF16PS    %6.1f  (%.2f of it)\n", best[0], best[1], best[1] / best[0]);
  return 0;
}
