// One library that is loaded late, and what its functions are made of.
#ifndef LATE_LIBRARY_H
#define LATE_LIBRARY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct late_library {
  const char *file;     // as the loader is asked for it
  const char *package;  // Debian's, for the advice
  const char *const *names;
  void **addresses;  // of the functions of these names, once all are there
  size_t count;
  atomic_bool is_ready;
  pthread_mutex_t lock;
  char failure[512];
};

// NULL, or why the library can't be used.
const char *late_load(struct late_library *library);

// The same, where there is no way back: ends the process.
void late_need(struct late_library *library);

// A library and its functions, from a list of F(result, name, (parameters), (arguments)).
#define LATE_LIBRARY(opening, library_file, debian_package, FUNCTIONS)                                     \
  enum { FUNCTIONS(LATE_PLACE) late_count };                                                               \
  static const char *const names[] = {FUNCTIONS(LATE_NAME)};                                               \
  static void *addresses[late_count];                                                                      \
  static struct late_library library = {                                                                   \
      library_file, debian_package, names, addresses, late_count, 0, PTHREAD_MUTEX_INITIALIZER, ""};       \
  const char *opening(void) { return late_load(&library); }                                                \
  static inline void *address(size_t place) {                                                              \
    if (!atomic_load_explicit(&library.is_ready, memory_order_acquire)) late_need(&library);               \
    return addresses[place];                                                                               \
  }                                                                                                        \
  FUNCTIONS(LATE_FUNCTION)

#define LATE_PLACE(result, name, parameters, arguments) place_of_##name,
#define LATE_NAME(result, name, parameters, arguments) #name,
// Hidden, or the library's own calls among its functions could come through here.
#define LATE_FUNCTION(result, name, parameters, arguments) \
  __asm__(".hidden " #name);                               \
  result name parameters { return ((result(*) parameters)address(place_of_##name)) arguments; }

#endif
