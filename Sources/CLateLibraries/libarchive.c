// libarchive's functions, as far as archives are written and read.
#ifdef __linux__
#include <archive.h>
#include <archive_entry.h>
#include "CLateLibraries.h"
#include "library.h"

typedef struct archive archive;
typedef struct archive_entry entry;

#define FUNCTIONS(F)                                                                                               \
  F(archive *, archive_write_new, (void), ())                                                                      \
  F(int, archive_write_free, (archive * to), (to))                                                                 \
  F(int, archive_write_set_format_zip, (archive * to), (to))                                                       \
  F(int, archive_write_set_format_option, (archive * to, const char *module, const char *name, const char *value), \
    (to, module, name, value))                                                                                     \
  F(int, archive_write_set_bytes_in_last_block, (archive * to, int count), (to, count))                            \
  F(int, archive_write_open_fd, (archive * to, int descriptor), (to, descriptor))                                  \
  F(int, archive_write_header, (archive * to, entry * header), (to, header))                                       \
  F(la_ssize_t, archive_write_data, (archive * to, const void *bytes, size_t count), (to, bytes, count))           \
  F(int, archive_write_finish_entry, (archive * to), (to))                                                         \
  F(int, archive_write_close, (archive * to), (to))                                                                \
  F(archive *, archive_read_new, (void), ())                                                                       \
  F(int, archive_read_free, (archive * from), (from))                                                              \
  F(int, archive_read_support_format_zip, (archive * from), (from))                                                \
  F(int, archive_read_open_fd, (archive * from, int descriptor, size_t block), (from, descriptor, block))          \
  F(int, archive_read_next_header, (archive * from, entry * *header), (from, header))                              \
  F(la_ssize_t, archive_read_data, (archive * from, void *bytes, size_t count), (from, bytes, count))              \
  F(const char *, archive_error_string, (archive * of), (of))                                                      \
  F(entry *, archive_entry_new, (void), ())                                                                        \
  F(void, archive_entry_free, (entry * header), (header))                                                          \
  F(const char *, archive_entry_pathname, (entry * header), (header))                                              \
  F(__LA_MODE_T, archive_entry_filetype, (entry * header), (header))                                               \
  F(void, archive_entry_set_pathname, (entry * header, const char *name), (header, name))                          \
  F(void, archive_entry_set_filetype, (entry * header, unsigned int type), (header, type))                         \
  F(void, archive_entry_set_perm, (entry * header, __LA_MODE_T mode), (header, mode))                              \
  F(void, archive_entry_set_mtime, (entry * header, time_t seconds, long nanoseconds),                             \
    (header, seconds, nanoseconds))                                                                                \
  F(void, archive_entry_set_size, (entry * header, la_int64_t size), (header, size))

LATE_LIBRARY(late_libarchive, "libarchive.so.13", "libarchive13", FUNCTIONS)
#else
#include "CLateLibraries.h"
#include <stddef.h>

const char *late_libarchive(void) { return NULL; }
#endif
