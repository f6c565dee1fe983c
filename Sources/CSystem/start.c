// What must be so before anything of Swift's runs: standard streams that are streams, room for a stack and for files.
#define _GNU_SOURCE
#include "CSystem.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/// A run of a few agents holds so many files: the journal's, the lab's or a connection's, pipes of signals and timers.
enum { FEWEST_FILES = 32, SMALLEST_STACK = 48 << 10, THREAD_STACK = 2 << 20 };

static _Noreturn void refuse(const char *sentence) {
  (void)!write(2, sentence, strlen(sentence));
  _exit(70);
}

/// A standard stream that was closed (`>&-`) is kept shut: the next file that is opened would get its number, and notes
/// would be written into the journal. Reading and writing there fail, as they would have.
static void keep_shut(int stream) {
  if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) return;
  int flags = stream == 0 ? O_WRONLY : O_RDONLY;
  int found = open("/dev/null", flags);
  // Where there is no /dev, the root folder can be opened, and neither read nor written.
  if (found < 0) found = open("/", O_RDONLY);
  if (found != stream) _exit(70);
}

#if defined(__GLIBC__)
/// Threads get a stack of the size of the main one's limit: too small a limit for them is raised, where they are.
static void give_threads_room(rlim_t limit) {
  pthread_attr_t attributes;
  if (limit >= THREAD_STACK || pthread_getattr_default_np(&attributes) != 0) return;
  pthread_attr_setstacksize(&attributes, THREAD_STACK);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}
#else
static void give_threads_room(rlim_t limit) { (void)limit; }
#endif

__attribute__((constructor)) static void prepare(void) {
  // In this order: each gets the lowest number that is free.
  for (int stream = 0; stream <= 2; stream++) keep_shut(stream);
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) == 0) {
    if (limit.rlim_cur < SMALLEST_STACK) refuse("apexsh: too small a stack; raise its limit (ulimit -s)\n");
    give_threads_room(limit.rlim_cur);
  }
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < FEWEST_FILES)
    refuse("apexsh: too few open files are allowed: 32 are needed at least; raise their limit (ulimit -n)\n");
}
