#include "CSystem.h"

#include <stddef.h>

#if defined(__APPLE__)
#include <crt_externs.h>

int cs_argc(void) { return *_NSGetArgc(); }
char *const *cs_argv(void) { return *_NSGetArgv(); }
#elif defined(__GLIBC__) || defined(__linux__)
#include <features.h>

static int count;
static char **values;

#if defined(__GLIBC__)
// glibc hands a program's arguments to its constructors; no other library on Linux does.
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  values = argv;
}
#endif

int cs_argc(void) { return count; }
char *const *cs_argv(void) { return values; }
#endif
