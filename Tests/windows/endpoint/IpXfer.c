/* Stands in for IpXfer_x64.exe: what the vendor's page says that it does, in that order, and no more.

   Records what it got; checks the unload password; writes the registry; stops the agent; puts the new certificate in
   its place; starts the agent. */
#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const wchar_t *options[] = {L"-s", L"-p", L"-sp", L"-c", L"-e", L"-pwd"};
enum { SERVER, PORT, SECURE_PORT, AGENT_PORT, CERTIFICATE, PASSWORD, COUNT };
static const wchar_t *values[COUNT];

static void parse(int argc, wchar_t **argv) {
  for (int index = 1; index < argc; index += 2) {
    int option = 0;
    while (option < COUNT && _wcsicmp(argv[index], options[option])) option++;
    if (option == COUNT || index + 1 == argc || values[option]) ExitProcess(87);
    values[option] = argv[index + 1];
  }
  for (int option = SERVER; option <= CERTIFICATE; option++)
    if (!values[option]) ExitProcess(87);
}

static DWORD port(int option) {
  wchar_t *end = NULL;
  unsigned long number = wcstoul(values[option], &end, 10);
  if (!*values[option] || *end || number < 1 || number > 65535) ExitProcess(87);
  return number;
}

/* The agent keeps no password in clear: the stand-in's agent keeps the SHA-256 of its UTF-16. */
static void check_password(void) {
  wchar_t path[MAX_PATH * 2], wanted[128];
  char given[65] = "";
  agent_file(L"ofcscan.ini", path);
  GetPrivateProfileStringW(L"INI_CLIENT_SECTION", L"Unload_Pwd", L"", wanted, 128, path);
  if (values[PASSWORD]) digest(values[PASSWORD], (DWORD)(wcslen(values[PASSWORD]) * sizeof(wchar_t)), given);
  wchar_t expected[128];
  swprintf(expected, 128, L"!CRYPT!%hs", given);
  if (*wanted && _wcsicmp(wanted, expected)) {
    puts("The unload password is not right.");
    fflush(stdout);
    ExitProcess(1);
  }
}

int wmain(int argc, wchar_t **argv) {
  record_arguments(L"ipxfer", argc, argv, L"-pwd");
  parse(argc, argv);
  DWORD size = 0;
  wchar_t place[MAX_PATH * 2];
  unsigned char *certificate = read_whole(values[CERTIFICATE], CERTIFICATE_LIMIT, &size);
  if (!certificate || !size) ExitProcess(2);
  agent_file(L"OfcNTCer.dat", place);
  check_password();
  reached("started");
  set_agent_text(NULL, L"Server", values[SERVER]);
  set_agent_number(L"ServerPort", port(PORT));
  if (values[SECURE_PORT]) set_agent_number(L"ServerSSLPort", port(SECURE_PORT));
  set_agent_number(L"LocalServerPort", port(AGENT_PORT));
  stop_services();
  reached("stopped");
  if (!write_whole(place, certificate, size)) give_up(5, L"can't write", place);
  reached("replaced");
  start_services();
  reached("running");
  return GetPrivateProfileIntW(L"exit", L"ipxfer", 0, RIG L"rig.ini");
}
