/* The agent's services, as far as apexsh looks at them: NTRtScan.exe and TmListen.exe are this program.

   The listener tells the server which certificate it has loaded, by a file on drive S: that is named after the agent's
   GUID. That is how the server's list comes to know, and why a certificate that was only replaced changes nothing. */
#include "standin.h"
#include <stdio.h>
#include <string.h>

static SERVICE_STATUS_HANDLE handle;
static HANDLE ending;

static void report(DWORD state, DWORD hint) {
  SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS, .dwCurrentState = state, .dwWaitHint = hint};
  if (state == SERVICE_RUNNING) status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN;
  SetServiceStatus(handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *data, void *context) {
  (void)type, (void)data, (void)context;
  if (code == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
  if (code != SERVICE_CONTROL_STOP && code != SERVICE_CONTROL_SHUTDOWN) return ERROR_CALL_NOT_IMPLEMENTED;
  report(SERVICE_STOP_PENDING, 2000);
  SetEvent(ending);
  return NO_ERROR;
}

static void tell_server(void) {
  wchar_t guid[64], path[MAX_PATH * 2];
  char text[80] = "none";
  DWORD size = 0;
  agent_file(L"OfcNTCer.dat", path);
  unsigned char *certificate = read_whole(path, CERTIFICATE_LIMIT, &size);
  if (certificate) digest(certificate, size, text);
  strcat(text, "\n");
  if (!agent_text(L"GUID", guid, 64)) return;
  swprintf(path, MAX_PATH * 2, L"S:\\%ls.txt", guid);
  write_whole(path, text, (DWORD)strlen(text));
}

static void WINAPI service_main(DWORD argc, wchar_t **argv) {
  const wchar_t *name = argc ? argv[0] : L"";
  handle = RegisterServiceCtrlHandlerExW(name, control, NULL);
  if (!handle) return;
  report(SERVICE_START_PENDING, 5000);
  Sleep(300);
  if (!_wcsicmp(name, L"tmlisten")) tell_server();
  report(SERVICE_RUNNING, 0);
  WaitForSingleObject(ending, INFINITE);
  Sleep(200);
  report(SERVICE_STOPPED, 0);
}

int wmain(void) {
  SERVICE_TABLE_ENTRYW table[] = {{L"", service_main}, {NULL, NULL}};
  ending = CreateEventW(NULL, TRUE, FALSE, NULL);
  return StartServiceCtrlDispatcherW(table) ? 0 : 1063;
}
