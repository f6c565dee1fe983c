/* Starts many command lines as Windows' OpenSSH server would, one after the other, and says what each wrote.

   Standard input: a record a line, UTF-8, "MODE LINE". MODE: "cmd" (the default shell), "powershell" (argv.exe stands
   in for it, so that the outer line can be seen), "program" (no shell). Standard output: a record a line, "CODE HEX
   HEX": the exit code, what was written to standard output and to standard error. */
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define LONGEST 40000
static wchar_t line[LONGEST], text[LONGEST];
static char record[LONGEST * 4];

/* `"`: one backslash before it, and those that stand before it doubled, as the server escapes for every shell but cmd. */
static void escaped(wchar_t *out, const wchar_t *in) {
  size_t slashes = 0;
  for (; *in; in++) {
    if (*in == L'\\') { slashes++; continue; }
    for (size_t n = *in == L'"' ? 2 * slashes + 1 : slashes; n; n--) *out++ = L'\\';
    slashes = 0;
    *out++ = *in;
  }
  for (size_t n = 2 * slashes; n; n--) *out++ = L'\\';
  *out = 0;
}

static int build(const char *mode) {
  static wchar_t inner[LONGEST * 2];
  if (!strcmp(mode, "program")) return swprintf(line, LONGEST, L"%ls", text);
  if (!strcmp(mode, "cmd")) return swprintf(line, LONGEST, L"\"C:\\windows\\system32\\cmd.exe\" /c \"%ls\"", text);
  escaped(inner, text);
  return swprintf(line, LONGEST, L"\"C:\\apexsh\\argv.exe\" -c \"%ls\"", inner);
}

static HANDLE fresh(const wchar_t *name) {
  SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
  return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit, CREATE_ALWAYS, 0, NULL);
}

static void report(HANDLE file) {
  unsigned char bytes[4096];
  DWORD count = 0, all = 0;
  SetFilePointer(file, 0, NULL, FILE_BEGIN);
  putchar(' ');
  while (ReadFile(file, bytes, sizeof bytes, &count, NULL) && count) {
    for (DWORD index = 0; index < count; index++) printf("%02x", bytes[index]);
    all += count;
  }
  if (!all) putchar('-');
  CloseHandle(file);
}

static void run(HANDLE null) {
  HANDLE output = fresh(L"C:\\apexsh\\output"), errors = fresh(L"C:\\apexsh\\errors");
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = null, .hStdOutput = output, .hStdError = errors};
  PROCESS_INFORMATION child;
  DWORD code = 0xFFFFFFFE;
  if (CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, L"C:\\apexsh", &start, &child)) {
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
  }
  printf("%lu", code);
  report(output);
  report(errors);
  putchar('\n');
  fflush(stdout);
}

int main(void) {
  SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
  HANDLE null = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ, &inherit, OPEN_EXISTING, 0, NULL);
  _setmode(0, _O_BINARY);
  while (fgets(record, sizeof record, stdin)) {
    record[strcspn(record, "\n")] = 0;
    char *rest = strchr(record, ' ');
    if (!rest) continue;
    *rest++ = 0;
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, rest, -1, text, LONGEST) || build(record) < 0) {
      puts("4294967293 - -");
      continue;
    }
    run(null);
  }
  return 0;
}
