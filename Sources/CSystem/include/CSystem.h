// What Swift's view of the C library leaves out.
#ifndef CSYSTEM_H
#define CSYSTEM_H

/// A pipe whose ends no child inherits by accident, marked in one step: another thread may start a child between two.
/// 0, or -1 with errno.
int cs_pipe(int ends[2]);

/// The program's arguments as it was started with them, the program itself first. Swift reads them from /proc, and has
/// none where that is not mounted. 0 and NULL where the C library doesn't hand them out.
int cs_argc(void);
char *const *cs_argv(void);

#endif
