// What Swift can't reach by itself: libedit's variadic functions with fixed arguments, and the few things that must be
// C because they run inside a signal handler. libedit's own header stays out of this one, its types are opaque.
#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

typedef struct editline ce_editor;
typedef struct history ce_history;

// What a key function answers.
enum { CE_NORMAL = 0, CE_NEWLINE = 1, CE_REFRESH = 4, CE_ERROR = 6, CE_REDISPLAY = 8 };

typedef char *(*ce_prompt_function)(ce_editor *);
typedef int (*ce_read_function)(ce_editor *, wchar_t *);
typedef unsigned char (*ce_key_function)(ce_editor *, int);

// ---- editor.c: all of it belongs to the one thread that made the editor -------------------------------------------

// An editor on duplicates of two descriptors, or NULL. `data` comes back from ce_data in every callback.
ce_editor *ce_open(const char *program, int input, int output, void *data);
// Ends it without discarding what was typed ahead.
void ce_close(ce_editor *editor);
void *ce_data(ce_editor *editor);

// `marker` brackets parts of the prompt that take no columns. The text must outlive the call.
int ce_set_prompt(ce_editor *editor, ce_prompt_function function, char marker);
int ce_set_read(ce_editor *editor, ce_read_function function);
// Reads the user's ~/.editrc.
int ce_source(ce_editor *editor);
int ce_add_function(ce_editor *editor, const char *name, const char *help, ce_key_function function);
int ce_bind(ce_editor *editor, const char *key, const char *function);
// The same for vi's command mode.
int ce_bind_alternate(ce_editor *editor, const char *key, const char *function);
int ce_has_vi_keys(ce_editor *editor);
// Changes a terminal mode that holds while editing, such as "-isig".
int ce_set_mode(ce_editor *editor, const char *mode);

// Reads a line. The text is the editor's; count is 0 at the end of input and -1 after an error.
const char *ce_read_line(ce_editor *editor, int *count);
// The line being edited as UTF-8; cursor and length in bytes. 0 if there is none.
int ce_line(ce_editor *editor, const char **text, size_t *cursor, size_t *length);
int ce_insert(ce_editor *editor, const char *text);
// Deletes `count` characters (not bytes) before the cursor.
void ce_delete_before(ce_editor *editor, int count);
void ce_refresh(ce_editor *editor);
void ce_resize(ce_editor *editor);
// 1: the terminal as the editor needs it, 0: as it was.
void ce_prepare(ce_editor *editor, int editing);

ce_history *ce_history_open(ce_editor *editor, int size);
void ce_history_add(ce_history *history, const char *line);
void ce_history_close(ce_history *history);

// ---- signals.c: process-wide, safe from any thread ----------------------------------------------------------------

// Remembers the terminal as it is now and restores it when `exit` or a signal ends the process while `ce_arm` holds.
// Later calls do nothing.
int ce_keep_terminal(int descriptor);
// 1 while the terminal is not as the user left it; 2 when bracketed paste is on too; 0 when all is as it was.
void ce_arm(int state);
// The terminal as ce_keep_terminal found it.
void ce_restore_terminal(void);
// SIGWINCH and SIGCONT write a byte to `descriptor` and set a flag; -1 stops it.
void ce_wake_on_signals(int descriptor);
// Whether the window changed, or the process was continued, since the last question.
int ce_take_resized(void);
int ce_take_continued(void);
// SIGTSTP to the foreground process group, as the terminal would send it.
void ce_suspend(void);

// Ends the process by a signal, as if nothing had ever caught it, the terminal as ce_keep_terminal found it.
void ce_end_by_signal(int number) __attribute__((noreturn));

// From now on SIGINT, SIGTERM and SIGHUP write their number to `descriptor` instead of ending the process; -1: they do
// again what they did before.
void ce_watch_interrupts(int descriptor);

// ---- terminal.c ---------------------------------------------------------------------------------------------------

// A pipe that no child inherits and that never blocks.
int ce_pipe(int descriptors[2]);
// Columns and rows of the window; 0 if it has none.
int ce_window(int descriptor, int *columns, int *rows);
// Bytes that can be read without waiting.
int ce_waiting(int descriptor);

// Lines are the kernel's to edit, but ^C ends one instead of sending a signal, so that it can be told from an answer.
// What was typed before is thrown away. The old modes are kept for ce_end_asking.
int ce_begin_asking(int descriptor, int echo);
void ce_end_asking(int descriptor);
void ce_discard_input(int descriptor);

#endif
