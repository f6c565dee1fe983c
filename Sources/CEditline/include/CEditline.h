// libedit's variadic functions with fixed arguments, for Swift, which can't call variadic C.
#ifndef CEDITLINE_H
#define CEDITLINE_H
typedef struct editline ce_editor;
int ce_bind(ce_editor *editor, const char *key, const char *function);
#endif
