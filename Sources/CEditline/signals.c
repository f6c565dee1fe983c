// Everything that happens inside a signal handler: only async-signal-safe calls, only static data.
#define _GNU_SOURCE
#include "CEditline.h"
#include "CSystem.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array[0]))

static const int endings[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS,  SIGFPE,  SIGSYS,
                              SIGINT, SIGQUIT, SIGTERM, SIGHUP,  SIGALRM, SIGUSR1, SIGUSR2};
static struct sigaction before_endings[COUNT(endings)];

static struct termios kept;
static int kept_descriptor = -1;
static volatile sig_atomic_t armed, resized, continued, wake_descriptor = -1;

static pthread_mutex_t interrupts_lock = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t interrupt_descriptor = -1;
// SIGXCPU: the soft limit of processor time is used up, and its hard one is near.
static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
static struct sigaction before_watched[COUNT(watched)];

static void put_back(void) {
  static const char paste_off[] = "\033[?2004l";
  int state = armed;
  if (state == 0 || kept_descriptor < 0) return;
  armed = 0;
  tcsetattr(kept_descriptor, TCSANOW, &kept);
  if (state == 2) (void)!write(kept_descriptor, paste_off, sizeof paste_off - 1);
}

// The process is about to end: the terminal first, then whatever would have happened without us.
static void on_ending(int number) {
  put_back();
  cs_end_groups();
  for (size_t i = 0; i < COUNT(endings); i++)
    if (endings[i] == number) sigaction(number, &before_endings[i], NULL);
  raise(number);
}

int ce_keep_terminal(int descriptor) {
  if (kept_descriptor >= 0) return 0;
  if (tcgetattr(descriptor, &kept) != 0) return -1;
  kept_descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  atexit(put_back);
  cs_before_end(put_back);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_ending;
  action.sa_flags = (int)SA_RESETHAND | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGTTOU);  // else tcsetattr would stop us when we are in the background
  for (size_t i = 0; i < COUNT(endings); i++) {
    sigaction(endings[i], NULL, &before_endings[i]);
    // A signal that is ignored (nohup) ends nothing.
    if (before_endings[i].sa_handler != SIG_IGN) sigaction(endings[i], &action, NULL);
  }
  return 0;
}

void ce_arm(int state) { armed = state; }

void ce_end_by_signal(int number) {
  struct sigaction action;
  sigset_t set;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigaction(number, &action, NULL);
  sigemptyset(&set);
  sigaddset(&set, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  put_back();
  if (kept_descriptor >= 0) tcsetattr(kept_descriptor, TCSANOW, &kept);
  cs_end_groups();
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), number);
  _exit(128 + number);
}

void ce_restore_terminal(void) {
  if (kept_descriptor >= 0) tcsetattr(kept_descriptor, TCSADRAIN, &kept);
}

static void on_wake(int number) {
  int saved = errno, descriptor = wake_descriptor;
  if (number == SIGWINCH) resized = 1;
  if (number == SIGCONT) continued = 1;
  if (descriptor >= 0) (void)!write(descriptor, "s", 1);
  errno = saved;
}

void ce_wake_on_signals(int descriptor) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = descriptor >= 0 ? on_wake : SIG_DFL;
  action.sa_flags = SA_RESTART;
  wake_descriptor = descriptor;
  sigaction(SIGWINCH, &action, NULL);
  sigaction(SIGCONT, &action, NULL);
}

int ce_take_resized(void) {
  int answer = resized;
  resized = 0;
  return answer;
}

int ce_take_continued(void) {
  int answer = continued;
  continued = 0;
  return answer;
}

void ce_suspend(void) { kill(0, SIGTSTP); }

static void on_interrupt(int number) {
  int saved = errno, descriptor = interrupt_descriptor;
  // The system sends it every second: the process is told to end once, as by SIGTERM.
  static volatile sig_atomic_t is_out_of_time = 0;
  if (number == SIGXCPU && is_out_of_time) return;
  if (number == SIGXCPU) is_out_of_time = 1;
  unsigned char byte = (unsigned char)(number == SIGXCPU ? SIGTERM : number);
  if (descriptor >= 0) (void)!write(descriptor, &byte, 1);
  errno = saved;
}

void ce_watch_interrupts(int descriptor) {
  pthread_mutex_lock(&interrupts_lock);
  int previous = interrupt_descriptor;
  interrupt_descriptor = descriptor;
  if (previous < 0 && descriptor >= 0) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < COUNT(watched); i++) {
      sigaction(watched[i], &action, &before_watched[i]);
      // Whoever started us with nohup wants no end when the terminal goes.
      if (watched[i] == SIGHUP && before_watched[i].sa_handler == SIG_IGN) signal(SIGHUP, SIG_IGN);
    }
  } else if (previous >= 0 && descriptor < 0) {
    for (size_t i = 0; i < COUNT(watched); i++) sigaction(watched[i], &before_watched[i], NULL);
  }
  pthread_mutex_unlock(&interrupts_lock);
}
