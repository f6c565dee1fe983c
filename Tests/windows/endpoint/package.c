/* Stands in for an .exe that the Agent Packager made: installs the agent, or installs it over an agent that is there.

   What it brings stands behind the program in its own file: parts of a line `NAME SIZE` and the bytes, and at the very
   end 16 digits that say where the first part begins. `setup.ini` is for us, the others go to the agent's folder;
   `service.exe` goes there twice, as the agent's two services. */
#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER L"C:\\Program Files (x86)\\Trend Micro\\Security Agent"
static const wchar_t *const services[][2] = {{L"tmlisten", L"TmListen.exe"}, {L"ntrtscan", L"NTRtScan.exe"}};
static char setup[2048];

static void make_folders(const wchar_t *path) {
  wchar_t part[MAX_PATH];
  for (const wchar_t *end = path; (end = wcschr(end + 1, L'\\'));) {
    swprintf(part, MAX_PATH, L"%.*ls", (int)(end - path), path);
    CreateDirectoryW(part, NULL);
  }
  CreateDirectoryW(path, NULL);
}

static void put(const wchar_t *name, const void *bytes, DWORD size) {
  wchar_t path[MAX_PATH * 2];
  agent_file(name, path);
  if (!write_whole(path, bytes, size)) give_up(1603, L"can't write", path);
}

static void unpack(const unsigned char *part, const unsigned char *end) {
  while (part < end) {
    char name[64];
    int size = 0, length = 0;
    if (sscanf((const char *)part, "%63s %d%n", name, &size, &length) != 2) give_up(1620, L"no package", NULL);
    part += length + 1;
    if (!strcmp(name, "setup.ini")) {
      memcpy(setup, part, min(size, (int)sizeof setup - 1));
    } else if (!strcmp(name, "service.exe")) {
      for (int index = 0; index < 2; index++) put(services[index][1], part, size);
    } else {
      wchar_t wide[64];
      swprintf(wide, 64, L"%hs", name);
      put(wide, part, size);
    }
    part += size;
  }
}

/* The value of `NAME=` in setup.ini. */
static const wchar_t *setting(const char *name, wchar_t text[128]) {
  char *found = strstr(setup, name);
  if (!found) give_up(1620, L"setup.ini lacks something", NULL);
  found += strlen(name) + 1;
  swprintf(text, 128, L"%.*hs", (int)strcspn(found, "\r\n"), found);
  return text;
}

static void write_registry(void) {
  wchar_t text[128];
  set_agent_text(NULL, L"Server", setting("Server", text));
  set_agent_number(L"ServerPort", wcstoul(setting("HTTP", text), NULL, 10));
  set_agent_number(L"ServerSSLPort", wcstoul(setting("HTTPS", text), NULL, 10));
  set_agent_number(L"LocalServerPort", wcstoul(setting("Listening", text), NULL, 10));
  set_agent_text(L"Misc.", L"ProgramVer", setting("Version", text));
  if (!agent_text(L"GUID", text, 128)) set_agent_text(NULL, L"GUID", setting("GUID", text));
}

static void create_services(void) {
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  for (int index = 0; index < 2; index++) {
    wchar_t path[MAX_PATH * 2], quoted[MAX_PATH * 2 + 2];
    agent_file(services[index][1], path);
    swprintf(quoted, MAX_PATH * 2 + 2, L"\"%ls\"", path);
    SC_HANDLE service = CreateServiceW(
        manager, services[index][0], NULL, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
        SERVICE_ERROR_NORMAL, quoted, NULL, NULL, NULL, NULL, NULL);
    if (service) CloseServiceHandle(service);
    else if (GetLastError() != ERROR_SERVICE_EXISTS) give_up(1603, L"can't create", services[index][0]);
  }
  CloseServiceHandle(manager);
}

int wmain(int argc, wchar_t **argv) {
  wchar_t own[MAX_PATH * 2], folder[MAX_PATH];
  DWORD size = 0;
  record_arguments(L"package", argc, argv, NULL);
  GetModuleFileNameW(NULL, own, MAX_PATH * 2);
  unsigned char *file = read_whole(own, 64 << 20, &size);
  long first = file && size > 16 ? strtol((const char *)file + size - 16, NULL, 10) : 0;
  if (first <= 0 || first > (long)size - 16) give_up(1620, L"no package", NULL);

  BOOL is_there = agent_text(L"Application Path", folder, MAX_PATH);
  if (is_there) stop_services();
  reached("stopped");
  make_folders(is_there ? folder : FOLDER);
  if (!is_there) set_agent_text(NULL, L"Application Path", FOLDER);
  unpack(file + first, file + size - 16);
  write_registry();
  create_services();
  reached("installed");
  start_services();
  return 0;
}
