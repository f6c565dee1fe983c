#include "CEditline.h"
#include <histedit.h>

int ce_bind(ce_editor *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}
