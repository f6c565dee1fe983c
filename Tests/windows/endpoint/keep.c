/* Keeps a wine prefix alive: without a process in it, wine's services end, and each call would start them anew.

   Says `ready` in a file as soon as the services named in its arguments run. */
#include "standin.h"

int wmain(int argc, wchar_t **argv) {
  SC_HANDLE manager = NULL;
  while (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT))) Sleep(100);
  for (int index = 1; index < argc; index++) {
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
