// libssh and libarchive, loaded when something of them is first needed. Some twenty libraries hang on the two, and a
// program that is linked to them maps and relocates all of these at each start: half of its way to the first prompt.
//
// The functions that we use of them are here again, by their own names and hidden from other libraries: each goes on to
// the library's. What they look like is said by the libraries' own headers; one that isn't here doesn't link. Elsewhere
// than on Linux nothing is here, and the program is linked to the libraries.
#ifndef CLATELIBRARIES_H
#define CLATELIBRARIES_H

// Loads the library, once. NULL, or why it can't be used, in words that stay.
//
// A function of a library that can't be used ends the process with those words, as the system's loader would have done
// at the start: ask first.
const char *late_libssh(void);
const char *late_libarchive(void);

#endif
