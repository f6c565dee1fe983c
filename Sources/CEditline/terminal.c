// Small questions to the terminal, and the modes for asking one line of it.
#define _GNU_SOURCE
#include "CEditline.h"
#include <fcntl.h>
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
