/* Keeps a wine prefix alive: without a process in it, wine's services end, and each call would start them anew.

   Its first argument is the machine's name: wine gives all machines that of the computer it runs on. Says `ready` in a
   file as soon as the services named in the others run. */
#include "standin.h"

/* What Windows would have there of this name, whole and cut to 15 characters in capitals. */
static void take_name(const wchar_t *name) {
  wchar_t cut[16] = {0};
  HKEY key = NULL;
  for (int index = 0; index < 15 && name[index]; index++) cut[index] = towupper(name[index]);
  if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Services\\Tcpip\\Parameters", 0, NULL, 0,
                      KEY_SET_VALUE, NULL, &key, NULL) ||
      RegSetValueExW(key, L"Hostname", 0, REG_SZ, (const BYTE *)name, (DWORD)((wcslen(name) + 1) * sizeof *name)))
    give_up(1, L"can't name", name);
  RegCloseKey(key);
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName", 0,
                    KEY_SET_VALUE, &key) ||
      RegSetValueExW(key, L"ComputerName", 0, REG_SZ, (const BYTE *)cut, (DWORD)((wcslen(cut) + 1) * sizeof *cut)))
    give_up(1, L"can't name", name);
  RegCloseKey(key);
}

int wmain(int argc, wchar_t **argv) {
  SC_HANDLE manager = NULL;
  if (argc < 2) give_up(64, L"no name", L"keep NAME [SERVICE ...]");
  while (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT))) Sleep(100);
  /* What wine does at the start of a prefix is done now. */
  take_name(argv[1]);
  for (int index = 2; index < argc; index++) {
    SC_HANDLE service = OpenServiceW(manager, argv[index], SERVICE_QUERY_STATUS);
    SERVICE_STATUS status = {0};
    if (!service) give_up(1, L"no service", argv[index]);
    while (QueryServiceStatus(service, &status) && status.dwCurrentState != SERVICE_RUNNING) Sleep(50);
    CloseServiceHandle(service);
  }
  CloseServiceHandle(manager);
  if (!write_whole(RIG L"ready", "ready\n", 6)) give_up(1, L"can't write", L"ready");
  Sleep(INFINITE);
  return 0;
}
