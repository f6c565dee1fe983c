// Small questions to the terminal, and the modes for asking one line of it.
#define _GNU_SOURCE
#include "CEditline.h"
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int ce_pipe(int descriptors[2]) {
#ifdef __linux__
  return pipe2(descriptors, O_CLOEXEC | O_NONBLOCK);
#else
  if (pipe(descriptors) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(descriptors[i], F_SETFD, FD_CLOEXEC);
    fcntl(descriptors[i], F_SETFL, O_NONBLOCK);
  }
  return 0;
#endif
}

int ce_window(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return 0;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 1;
}

int ce_waiting(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

static void choose_utf8(void) {
  static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8", "UTF-8"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (setlocale(LC_CTYPE, names[i]) && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
}

void ce_use_utf8(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, choose_utf8);
}

int ce_width(uint32_t scalar) {
  ce_use_utf8();
  return wcwidth((wchar_t)scalar);
}

static struct termios before_asking;

int ce_begin_asking(int descriptor, int echo) {
  if (tcgetattr(descriptor, &before_asking) != 0) return -1;
  if (ce_keep_terminal(descriptor) != 0) return -1;
  struct termios asking = before_asking;
  asking.c_lflag |= ICANON;
  asking.c_lflag &= ~(tcflag_t)(ISIG | ECHO | ECHONL);
  if (echo) asking.c_lflag |= ECHO | ECHOE | ECHOK;
  asking.c_iflag |= ICRNL;
  asking.c_cc[VEOL] = 3;
  ce_arm(1);
  if (tcsetattr(descriptor, TCSAFLUSH, &asking) == 0) return 0;
  ce_arm(0);
  return -1;
}

void ce_end_asking(int descriptor) {
  tcsetattr(descriptor, TCSADRAIN, &before_asking);
  ce_arm(0);
}

void ce_discard_input(int descriptor) { tcflush(descriptor, TCIFLUSH); }
