// What Swift's view of the C library leaves out.
#ifndef CSYSTEM_H
#define CSYSTEM_H

/// A pipe whose ends no child inherits by accident, marked in one step: another thread may start a child between two.
/// 0, or -1 with errno.
int cs_pipe(int ends[2]);

#endif
