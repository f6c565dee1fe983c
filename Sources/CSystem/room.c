// Threads and memory that may not be there. libdispatch tries again for ever where it gets no thread, Foundation takes
// no notice, and what was to run on it never does.
#define _GNU_SOURCE
#include "CSystem.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/// How long a thread is waited for: others that use up the account's or the container's threads may end.
enum { PATIENCE_MS = 15000, PAUSE_MS = 50 };

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static _Atomic(void (*)(void)) before_end;

void cs_before_end(void (*act)(void)) { before_end = act; }

static void say(const char *text) { (void)!write(2, text, strlen(text)); }

static void act_before_end(void) {
  void (*act)(void) = before_end;
  if (act != NULL) act();
}

static _Noreturn void end(const char *sentence) {
  act_before_end();
  say(sentence);
  cs_end_groups();
  _exit(70);
}

_Noreturn void cs_leave(int code) {
  act_before_end();
  cs_end_groups();
  fflush(NULL);
  _exit(code);
}

// The thread sanitizer's own pthread_create must stand first, or it doesn't know the threads.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CS_SANITIZED 1
#endif
#endif
#if defined(__linux__) && !defined(CS_SANITIZED)
#define CS_STANDS_BEFORE 1
#endif

static create_function *system_create(void) {
#ifdef CS_STANDS_BEFORE
  static _Atomic(create_function *) known;
  create_function *found = known;
  if (found == NULL) {
    found = (create_function *)dlsym(RTLD_NEXT, "pthread_create");
    if (found == NULL) end("apexsh: this system's library has no pthread_create\n");
    known = found;
  }
  return found;
#else
  return pthread_create;
#endif
}

static int is_shortage(int code) { return code == EAGAIN || code == ENOMEM; }

#ifdef CS_STANDS_BEFORE
// Stands before the C library's for all that is linked with the program.
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
  for (int waited = 0;; waited += PAUSE_MS) {
    int code = system_create()(thread, attributes, body, context);
    if (!is_shortage(code)) return code;
    if (waited >= PATIENCE_MS) break;
    nanosleep(&(struct timespec){0, PAUSE_MS * 1000000L}, NULL);
  }
  end("apexsh: no more threads can be started: the limit of processes (ulimit -u), of the container's tasks (pids.max) or "
      "of memory (ulimit -v) is used up; raise it. A run that was under way stands in the journal: resume carries it on\n");
}
#endif

struct start {
  char name[16];
  void (*body)(void *);
  void *context;
};

static void *run(void *pointer) {
  struct start start = *(struct start *)pointer;
  free(pointer);
#ifdef __APPLE__
  pthread_setname_np(start.name);
#else
  pthread_setname_np(pthread_self(), start.name);
#endif
  start.body(start.context);
  return NULL;
}

int cs_try_thread(const char *name, size_t stack, void (*body)(void *), void *context) {
  struct start *start = malloc(sizeof *start);
  if (start == NULL) return ENOMEM;
  *start = (struct start){"", body, context};
  strncpy(start->name, name, sizeof start->name - 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int code = system_create()(&thread, &attributes, run, start);
  pthread_attr_destroy(&attributes);
  if (code != 0) free(start);
  return code;
}

// ---- limits -------------------------------------------------------------------------------------------------------

static int is_below(int resource, rlim_t bound) {
  struct rlimit limit;
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur <= bound;
}

static int memory_is_limited(void) { return is_below(RLIMIT_AS, RLIM_INFINITY - 1) || is_below(RLIMIT_DATA, RLIM_INFINITY - 1); }

#ifdef __linux__
/// A number in a file of the control group file system; -1 where there is none ("max" is none).
static long number_in(const char *folder, const char *path, const char *name) {
  char place[1200], text[32];
  snprintf(place, sizeof place, "%s%s/%s", folder, path, name);
  FILE *file = fopen(place, "re");
  if (file == NULL) return -1;
  char *end = text;
  long number = fgets(text, sizeof text, file) == NULL ? -1 : strtol(text, &end, 10);
  fclose(file);
  return end == text ? -1 : number;
}

/// Whether the process's control group, or one above it, leaves fewer than so many tasks.
static int group_is_below(long bound) {
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (file == NULL) return 0;
  char line[1024];
  int is_near = 0;
  while (!is_near && fgets(line, sizeof line, file) != NULL) {
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL) continue;
    path[strcspn(path, "\n")] = 0;
    *path++ = 0;
    const char *folder = controllers[1] == 0 ? "/sys/fs/cgroup" : strcmp(controllers + 1, "pids") == 0 ? "/sys/fs/cgroup/pids" : NULL;
    while (folder != NULL) {
      if (strcmp(path, "/") == 0) *path = 0;
      long most = number_in(folder, path, "pids.max");
      if (most >= 0 && most - number_in(folder, path, "pids.current") < bound) is_near = 1;
      char *last = strrchr(path, '/');
      if (is_near || last == NULL) break;
      *last = 0;
    }
  }
  fclose(file);
  return is_near;
}
#else
static int group_is_below(long bound) { return 0; }
#endif

/// A usual account has tens of thousands of processes; looking is quicker than trying.
static int threads_are_limited(int wanted) { return is_below(RLIMIT_NPROC, 4096) || memory_is_limited() || group_is_below(wanted + 64); }

static void *wait_for_end(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

static int can_map(size_t bytes) {
  void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return 0;
  munmap(place, bytes);
  return 1;
}

/// How many threads there can be at once, up to `most`; and whether there are so many bytes behind them.
static int try_threads(int most, size_t bytes, int *has_bytes) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_t *threads = calloc((size_t)most, sizeof *threads);
  int count = 0;
  if (threads != NULL) {
    pthread_mutex_lock(&gate);
    while (count < most && system_create()(&threads[count], NULL, wait_for_end, &gate) == 0) count++;
  }
  *has_bytes = threads != NULL && can_map(bytes);
  if (threads != NULL) pthread_mutex_unlock(&gate);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  free(threads);
  return count;
}

/// Where memory is limited a fault is most likely its end: nothing in a program of ours can go on without.
static void on_fault(int number) {
  (void)number;
  end("\napexsh: the session ended by a fault; most likely its memory is used up (ulimit -v): raise it. A run that was "
      "under way stands in the journal: resume carries it on\n");
}

enum cs_shortage cs_room(int threads, size_t bytes, int *wanted, int *had) {
  *wanted = *had = threads;
  if (!threads_are_limited(threads)) return CS_NONE;
  *wanted = threads + (int)sysconf(_SC_NPROCESSORS_ONLN);
  int has_bytes = 1;
  *had = try_threads(*wanted, bytes, &has_bytes);
  if (memory_is_limited()) {
    static const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) signal(faults[i], on_fault);
  }
  if (!has_bytes) return CS_MEMORY;
  return *had < *wanted ? CS_THREADS : CS_NONE;
}

int cs_room_for_threads(int reserve, int most) {
  if (!threads_are_limited(reserve + most)) return most;
  int has_bytes;
  int count = try_threads(reserve + most, 1, &has_bytes) - reserve;
  return count < 1 ? 1 : count;
}
