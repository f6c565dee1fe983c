#include "standin.h"
#include <shellapi.h>
#include <wincrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGENT L"SOFTWARE\\TrendMicro\\PC-cillinNTCorp\\CurrentVersion"
static const wchar_t *const services[] = {L"tmlisten", L"ntrtscan"};

/* Without this mingw's runtime would replace * and ? by names of files, which Microsoft's does not. */
int _dowildcard = 0;

void give_up(int code, const wchar_t *what, const wchar_t *which) {
  fwprintf(stderr, L"%ls: %ls (%lu)\n", what, which ? which : L"", GetLastError());
  ExitProcess(code);
}

unsigned char *read_whole(const wchar_t *path, DWORD limit, DWORD *size) {
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return NULL;
  DWORD length = GetFileSize(file, NULL);
  unsigned char *bytes = length <= limit ? malloc(length + 1) : NULL;
  BOOL is_read = bytes && ReadFile(file, bytes, length, size, NULL) && *size == length;
  CloseHandle(file);
  if (is_read) bytes[length] = 0;
  return is_read ? bytes : NULL;
}

BOOL write_whole(const wchar_t *path, const void *bytes, DWORD size) {
  wchar_t beside[MAX_PATH * 2];
  swprintf(beside, MAX_PATH * 2, L"%ls.%lu", path, GetCurrentProcessId());
  HANDLE file = CreateFileW(beside, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return FALSE;
  DWORD written = 0;
  BOOL is_written = WriteFile(file, bytes, size, &written, NULL) && written == size;
  CloseHandle(file);
  return is_written && MoveFileExW(beside, path, MOVEFILE_REPLACE_EXISTING);
}

void append_text(const wchar_t *path, const char *text) {
  HANDLE file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
  DWORD written = 0;
  if (file == INVALID_HANDLE_VALUE || !WriteFile(file, text, (DWORD)strlen(text), &written, NULL))
    give_up(2, L"can't write", path);
  CloseHandle(file);
}

void digest(const void *bytes, DWORD size, char hex[65]) {
  HCRYPTPROV provider = 0;
  HCRYPTHASH hash = 0;
  BYTE value[32];
  DWORD length = sizeof value;
  if (!CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT) ||
      !CryptCreateHash(provider, CALG_SHA_256, 0, 0, &hash) || !CryptHashData(hash, bytes, size, 0) ||
      !CryptGetHashParam(hash, HP_HASHVAL, value, &length, 0))
    give_up(70, L"no SHA-256", NULL);
  for (int index = 0; index < 32; index++) sprintf(hex + 2 * index, "%02x", value[index]);
  CryptDestroyHash(hash);
  CryptReleaseContext(provider, 0);
}

static HKEY agent_key(const wchar_t *sub, REGSAM rights) {
  wchar_t path[256];
  HKEY key = NULL;
  swprintf(path, 256, sub ? AGENT L"\\%ls" : AGENT, sub);
  if (rights & KEY_WRITE & ~KEY_READ)
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, rights | KEY_WOW64_32KEY, NULL, &key, NULL);
  else
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, rights | KEY_WOW64_32KEY, &key);
  return key;
}

BOOL agent_text(const wchar_t *name, wchar_t *text, DWORD limit) {
  HKEY key = agent_key(NULL, KEY_READ);
  DWORD size = (limit - 1) * sizeof *text;
  BOOL is_there = key && !RegQueryValueExW(key, name, NULL, NULL, (BYTE *)text, &size);
  if (is_there) text[size / sizeof *text] = 0;
  if (key) RegCloseKey(key);
  return is_there;
}

static void set_value(const wchar_t *sub, const wchar_t *name, DWORD type, const void *bytes, DWORD size) {
  HKEY key = agent_key(sub, KEY_WRITE);
  if (!key || RegSetValueExW(key, name, 0, type, bytes, size)) give_up(5, L"can't set", name);
  RegCloseKey(key);
}

void set_agent_text(const wchar_t *sub, const wchar_t *name, const wchar_t *text) {
  set_value(sub, name, REG_SZ, text, (DWORD)(wcslen(text) + 1) * sizeof *text);
}

void set_agent_number(const wchar_t *name, DWORD number) { set_value(NULL, name, REG_DWORD, &number, sizeof number); }

void agent_file(const wchar_t *name, wchar_t path[MAX_PATH * 2]) {
  wchar_t folder[MAX_PATH];
  if (!agent_text(L"Application Path", folder, MAX_PATH)) give_up(3, L"no agent is installed", NULL);
  size_t length = wcslen(folder);
  swprintf(path, MAX_PATH * 2, length && folder[length - 1] == L'\\' ? L"%ls%ls" : L"%ls\\%ls", folder, name);
}

static void wait_for(SC_HANDLE service, DWORD state, const wchar_t *name) {
  SERVICE_STATUS status;
  for (int tries = 0; tries < 1200; tries++) {
    if (!QueryServiceStatus(service, &status)) give_up(5, L"can't look at", name);
    if (status.dwCurrentState == state) return;
    Sleep(50);
  }
  give_up(5, L"does not come to the state it should", name);
}

static void each_service(BOOL shall_run) {
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
  SC_HANDLE handles[2];
  if (!manager) give_up(5, L"no service control manager", NULL);
  for (int index = 0; index < 2; index++) {
    SERVICE_STATUS status;
    handles[index] = OpenServiceW(manager, services[index], SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (!handles[index]) give_up(5, L"can't open the service", services[index]);
    BOOL is_done = shall_run ? StartServiceW(handles[index], 0, NULL)
                             : ControlService(handles[index], SERVICE_CONTROL_STOP, &status);
    DWORD error = is_done ? 0 : GetLastError();
    if (error && error != ERROR_SERVICE_NOT_ACTIVE && error != ERROR_SERVICE_ALREADY_RUNNING)
      give_up(5, shall_run ? L"can't start" : L"can't stop", services[index]);
  }
  for (int index = 0; index < 2; index++) {
    wait_for(handles[index], shall_run ? SERVICE_RUNNING : SERVICE_STOPPED, services[index]);
    CloseServiceHandle(handles[index]);
  }
  CloseServiceHandle(manager);
}

void stop_services(void) { each_service(FALSE); }
void start_services(void) { each_service(TRUE); }

void reached(const char *word) {
  wchar_t name[32];
  char line[64];
  sprintf(line, "%s\n", word);
  append_text(RIG L"reached.txt", line);
  swprintf(name, 32, L"%hs", word);
  Sleep(1000 * GetPrivateProfileIntW(L"wait", name, 0, RIG L"rig.ini"));
}

static void append_line(const wchar_t *path, const char *label, const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *line = malloc(size + strlen(label) + 3);
  int length = sprintf(line, "%s ", label);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, line + length, size, NULL, NULL);
  strcat(line, "\n");
  append_text(path, line);
  free(line);
}

void record_arguments(const wchar_t *name, int argc, wchar_t **argv, const wchar_t *secret) {
  wchar_t path[MAX_PATH], folder[MAX_PATH * 2];
  swprintf(path, MAX_PATH, RIG L"%ls.txt", name);
  int count = 0;
  wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
  BOOL is_same = words && count == argc;
  for (int index = 0; is_same && index < argc; index++) is_same = !wcscmp(words[index], argv[index]);
  GetCurrentDirectoryW(MAX_PATH * 2, folder);
  append_line(path, "folder", folder);
  append_line(path, "program", argv[0]);
  for (int index = 1; index < argc; index++) {
    if (secret && index > 1 && !_wcsicmp(argv[index - 1], secret)) {
      char line[80] = "secret ";
      digest(argv[index], (DWORD)(wcslen(argv[index]) * sizeof(wchar_t)), line + 7);
      strcat(line, "\n");
      append_text(path, line);
    } else {
      append_line(path, "argument", argv[index]);
    }
  }
  /* The launcher's variable holds the whole line: it must not have come this far. */
  BOOL leaks = GetEnvironmentVariableW(L"SSH_ORIGINAL_COMMAND", NULL, 0) != 0;
  append_text(path, is_same && !leaks ? "end same\n" : leaks ? "end leaked\n" : "end differs\n");
}
