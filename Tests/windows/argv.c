/* Says what a Windows program gets: its folder, its arguments as the C runtime splits them, and as CommandLineToArgvW
   does. Texts are UTF-16 in hex, so that no code page is in the way. With the exit code of the variable ARGV_EXIT. */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <wchar.h>

/* Without this mingw's runtime would replace * and ? by names of files, which Microsoft's does not. */
int _dowildcard = 0;

static void say(const char *label, wchar_t **words, int count) {
  fputs(label, stdout);
  for (int index = 0; index < count; index++) {
    putchar(' ');
    if (!*words[index]) putchar('-');
    for (const wchar_t *unit = words[index]; *unit; unit++) printf("%04x", *unit);
  }
  putchar('\n');
}

int wmain(int argc, wchar_t **argv) {
  wchar_t folder[MAX_PATH * 2] = L"", *place = folder, code[16] = L"";
  GetCurrentDirectoryW(MAX_PATH * 2, folder);
  say("folder", &place, 1);
  say("crt", argv, argc);
  int count = 0;
  wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
  say("api", words, count);
  GetEnvironmentVariableW(L"ARGV_EXIT", code, 16);
  return (int)wcstoul(code, NULL, 0);
}
