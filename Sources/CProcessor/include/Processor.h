#ifndef RSD_PROCESSOR_H
#define RSD_PROCESSOR_H

#include <stdbool.h>

/// Whether the processor, and the operating system, have AVX2 and FMA: the level x86-64-v3.
static inline bool rsd_processor_has_v3(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v3");
#else
  return false;
#endif
}

/// Whether they have AVX-512 (F, BW, CD, DQ, VL): the level x86-64-v4.
static inline bool rsd_processor_has_v4(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4");
#else
  return false;
#endif
}

/// Whether they have the instructions of AVX-512 VNNI.
static inline bool rsd_processor_has_vnni(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

/// Tells the processor that the thread waits in a loop for another one.
static inline void rsd_processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Asks for the line of memory at an address, which need not be valid, to be brought near.
static inline void rsd_processor_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

#endif
