// What we have started ends with us, also where nobody can ask it to: only async-signal-safe calls.
#include "CSystem.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MOST = 4096 };

static _Atomic int groups[MOST];
static atomic_flag is_watched = ATOMIC_FLAG_INIT;

void cs_keep_group(int group) {
  if (!atomic_flag_test_and_set(&is_watched)) atexit(cs_end_groups);
  for (int i = 0; i < MOST; i++) {
    int none = 0;
    if (atomic_compare_exchange_strong(&groups[i], &none, group)) return;
  }
}

void cs_drop_group(int group) {
  for (int i = 0; i < MOST; i++) {
    int own = group;
    if (atomic_compare_exchange_strong(&groups[i], &own, 0)) return;
  }
}

void cs_end_groups(void) {
  for (int i = 0; i < MOST; i++) {
    int group = atomic_exchange(&groups[i], 0);
    if (group > 0) kill(-group, SIGKILL);
  }
}
