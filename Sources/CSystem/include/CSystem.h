// What Swift's view of the C library leaves out.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <stdint.h>

/// A pipe whose ends no child inherits by accident, marked in one step: another thread may start a child between two.
/// 0, or -1 with errno.
int cs_pipe(int ends[2]);

// ---- children.c: processes that we have started ---------------------------------------------------------------------

/// Process groups that are killed when this process ends by `exit` or calls cs_end_groups, which is async-signal-safe.
/// A group is dropped before its leader is waited for: then its number may become somebody else's.
void cs_keep_group(int group);
void cs_drop_group(int group);
void cs_end_groups(void);

// ---- look.c: files -------------------------------------------------------------------------------------------------

/// What stands in a folder under a name; a link is not followed.
struct cs_entry {
  enum { CS_FILE, CS_FOLDER, CS_LINK, CS_OTHER } kind;
  long long size;
  /// How many names it has; 0 for an open file that was removed, or whose name another one took.
  unsigned long long names;
  /// Seconds since 1970.
  long long modified;
};

/// `folder`: a descriptor that a relative path begins at, or AT_FDCWD. 0, or -1 with errno.
int cs_look(int folder, const char *path, struct cs_entry *entry);
int cs_look_at_open(int descriptor, struct cs_entry *entry);

// ---- width.c: columns on a terminal ---------------------------------------------------------------------------------

/// The process counts characters as UTF-8 from now on, whatever the locale is. Later calls do nothing.
void cs_use_utf8(void);

/// Columns that a character takes, as the C library, libedit and tmux count; -1 where it can't be printed.
int cs_width(uint32_t scalar);

// ---- room.c: threads and memory -----------------------------------------------------------------------------------

/// What there is too little of.
enum cs_shortage { CS_NONE, CS_THREADS, CS_MEMORY };

/// Where a limit of threads or of memory is near: tries whether so many threads beside one for each core can be had at
/// once, and so many bytes behind them. Elsewhere it costs next to nothing and finds nothing. `wanted` and `had`: how
/// many threads these were, and how many of them there could be.
enum cs_shortage cs_room(int threads, size_t bytes, int *wanted, int *had);

/// How many threads there can be beside those that the process has and a reserve of so many; `most` at most, and where no
/// limit is near.
int cs_room_for_threads(int reserve, int most);

/// Starts a thread that nobody joins, where there can be one. 0, or an error number. Anybody else who starts a thread
/// gets one: `pthread_create` waits for a while where there can be none, and then ends the process with a sentence and
/// exit code 70, since libraries wait for ever, deaf to signals.
int cs_try_thread(const char *name, size_t stack, void (*body)(void *), void *context);

/// To be done when the process ends so.
void cs_before_end(void (*act)(void));

/// Ends the process as `exit` does, but without the libraries' own ends: threads that are still in one (a connection that
/// was cut) would find it taken down under them.
_Noreturn void cs_leave(int code);

#endif
