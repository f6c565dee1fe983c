#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <sys/stat.h>

static void describe(const struct stat *status, struct cs_entry *entry) {
  switch (status->st_mode & S_IFMT) {
    case S_IFREG: entry->kind = CS_FILE; break;
    case S_IFDIR: entry->kind = CS_FOLDER; break;
    case S_IFLNK: entry->kind = CS_LINK; break;
    default: entry->kind = CS_OTHER;
  }
  entry->size = status->st_size;
  entry->names = status->st_nlink;
  entry->modified = status->st_mtime;
}

int cs_look(int folder, const char *path, struct cs_entry *entry) {
  struct stat status;
  if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0) return -1;
  describe(&status, entry);
  return 0;
}

int cs_look_at_open(int descriptor, struct cs_entry *entry) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return -1;
  describe(&status, entry);
  return 0;
}
