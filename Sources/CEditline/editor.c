// libedit with fixed arguments. The narrow calls take and give UTF-8; only the read function is wide, always.
#define _GNU_SOURCE
#include "CEditline.h"
#include "CSystem.h"
#include <fcntl.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *stream(int descriptor, const char *mode) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return NULL;
  FILE *file = fdopen(copy, mode);
  if (file == NULL) close(copy);
  return file;
}

ce_editor *ce_open(const char *program, int input, int output, void *data) {
  cs_use_utf8();
  FILE *in = stream(input, "r"), *out = stream(output, "w"), *err = stream(output, "w");
  EditLine *editor = in && out && err ? el_init(program, in, out, err) : NULL;
  if (editor == NULL) {
    if (in) fclose(in);
    if (out) fclose(out);
    if (err) fclose(err);
    return NULL;
  }
  el_set(editor, EL_SIGNAL, 0);
  el_set(editor, EL_CLIENTDATA, data);
  el_set(editor, EL_EDITOR, "emacs");
  return editor;
}

void ce_close(ce_editor *editor) {
  FILE *in = NULL, *out = NULL, *err = NULL;
  el_get(editor, EL_GETFP, 0, &in);
  el_get(editor, EL_GETFP, 1, &out);
  el_get(editor, EL_GETFP, 2, &err);
  // With edit mode on, el_end would flush what was typed for the program after us.
  el_set(editor, EL_EDITMODE, 0);
  el_end(editor);
  if (in) fclose(in);
  if (out) fclose(out);
  if (err) fclose(err);
}

void *ce_data(ce_editor *editor) {
  void *data = NULL;
  el_get(editor, EL_CLIENTDATA, &data);
  return data;
}

int ce_set_prompt(ce_editor *editor, ce_prompt_function function, char marker) {
  return el_set(editor, EL_PROMPT_ESC, function, marker);
}

int ce_set_read(ce_editor *editor, ce_read_function function) { return el_set(editor, EL_GETCFN, function); }

int ce_source(ce_editor *editor) { return el_source(editor, NULL); }

int ce_add_function(ce_editor *editor, const char *name, const char *help, ce_key_function function) {
  return el_set(editor, EL_ADDFN, name, help, function);
}

int ce_bind(ce_editor *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}

int ce_bind_alternate(ce_editor *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, "-a", key, function, NULL);
}

int ce_has_vi_keys(ce_editor *editor) {
  const char *keys = NULL;
  return el_get(editor, EL_EDITOR, &keys) == 0 && keys != NULL && strcmp(keys, "vi") == 0;
}

int ce_set_mode(ce_editor *editor, const char *mode) { return el_set(editor, EL_SETTY, "-d", mode, NULL); }

const char *ce_read_line(ce_editor *editor, int *count) { return el_gets(editor, count); }

int ce_line(ce_editor *editor, const char **text, size_t *cursor, size_t *length) {
  const LineInfo *line = el_line(editor);
  // Without a terminal libedit hands out a cursor that is not in the buffer.
  if (line == NULL || line->buffer == NULL || line->cursor < line->buffer || line->lastchar < line->cursor) return 0;
  *text = line->buffer;
  *cursor = (size_t)(line->cursor - line->buffer);
  *length = (size_t)(line->lastchar - line->buffer);
  return 1;
}

int ce_insert(ce_editor *editor, const char *text) { return el_insertstr(editor, text); }

void ce_delete_before(ce_editor *editor, int count) { el_deletestr(editor, count); }

void ce_refresh(ce_editor *editor) { el_set(editor, EL_REFRESH); }

void ce_resize(ce_editor *editor) { el_resize(editor); }

void ce_prepare(ce_editor *editor, int editing) { el_set(editor, EL_PREP_TERM, editing); }

ce_history *ce_history_open(ce_editor *editor, int size) {
  History *lines = history_init();
  HistEvent event;
  if (lines == NULL) return NULL;
  history(lines, &event, H_SETSIZE, size);
  history(lines, &event, H_SETUNIQUE, 1);
  el_set(editor, EL_HIST, history, lines);
  return lines;
}

void ce_history_add(ce_history *lines, const char *line) {
  HistEvent event;
  history(lines, &event, H_ENTER, line);
}

void ce_history_close(ce_history *lines) { history_end(lines); }
