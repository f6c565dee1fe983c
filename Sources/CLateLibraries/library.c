// Loading a library late.
#include "library.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// Finds all functions or none: what is missing must show before the first is called, not in the middle of the work.
static void find(struct late_library *library) {
  // Its own functions first (the names are here too), and nobody else's business.
  void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    snprintf(library->failure, sizeof library->failure, "can't load %s; install it (Debian's %s)", dlerror(), library->package);
    return;
  }
  for (size_t i = 0; i < library->count; i++) {
    library->addresses[i] = dlsym(handle, library->names[i]);
    if (library->addresses[i] == NULL) {
      snprintf(library->failure, sizeof library->failure, "%s is another version: it has no %s", library->file,
               library->names[i]);
      dlclose(handle);
      return;
    }
  }
  atomic_store_explicit(&library->is_ready, true, memory_order_release);
}

const char *late_load(struct late_library *library) {
  if (atomic_load_explicit(&library->is_ready, memory_order_acquire)) return NULL;
  pthread_mutex_lock(&library->lock);
  if (library->failure[0] == 0 && !library->is_ready) find(library);
  pthread_mutex_unlock(&library->lock);
  return library->failure[0] ? library->failure : NULL;
}

void late_need(struct late_library *library) {
  const char *failure = late_load(library);
  if (failure == NULL) return;
  fprintf(stderr, "apexsh: %s\n", failure);
  exit(127);
}
