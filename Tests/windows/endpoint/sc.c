/* `sc.exe queryex NAME`, which wine's sc.exe does not know; every other call goes to wine's own, as it came.

   What it says is the truth of wine's service control manager: state and process id. Its form is Microsoft's. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static const wchar_t *const types[] = {[0x10] = L"WIN32_OWN_PROCESS", [0x20] = L"WIN32_SHARE_PROCESS"};
static const wchar_t *const states[] = {L"", L"STOPPED", L"START_PENDING", L"STOP_PENDING", L"RUNNING",
                                        L"CONTINUE_PENDING", L"PAUSE_PENDING", L"PAUSED"};

/* The rest of our own command line behind the program's name, untouched. */
static const wchar_t *rest(void) {
  const wchar_t *text = GetCommandLineW();
  BOOL is_quoted = FALSE;
  for (; *text && (is_quoted || (*text != L' ' && *text != L'\t')); text++)
    if (*text == L'"') is_quoted = !is_quoted;
  return text;
}

static int hand_over(void) {
  static wchar_t line[32768];
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION process;
  DWORD code = 255;
  if (_snwprintf(line, 32767, L"C:\\windows\\system32\\sc.exe%ls", rest()) < 0) return 255;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process)) return 255;
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &code);
  return (int)code;
}

static int failed(const wchar_t *call) {
  DWORD error = GetLastError();
  wchar_t text[512] = L"";
  FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, text, 512, NULL);
  wprintf(L"[SC] %ls FAILED %lu:\r\n\r\n%ls\r\n", call, error, text);
  return (int)error;
}

int wmain(int argc, wchar_t **argv) {
  SERVICE_STATUS_PROCESS status;
  DWORD needed = 0;
  if (argc != 3 || _wcsicmp(argv[1], L"queryex")) return hand_over();
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
  if (!manager) return failed(L"OpenSCManager");
  SC_HANDLE service = OpenServiceW(manager, argv[2], SERVICE_QUERY_STATUS);
  if (!service) return failed(L"EnumQueryServicesStatus:OpenService");
  if (!QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &needed))
    return failed(L"QueryServiceStatusEx");
  DWORD type = status.dwServiceType, state = status.dwCurrentState;
  wprintf(L"\r\nSERVICE_NAME: %ls\r\n", argv[2]);
  wprintf(L"        TYPE               : %lx  %ls\r\n", type, type <= 0x20 && types[type] ? types[type] : L"");
  wprintf(L"        STATE              : %lx  %ls\r\n", state, state < 8 ? states[state] : L"");
  wprintf(L"        WIN32_EXIT_CODE    : %lu  (0x%lx)\r\n", status.dwWin32ExitCode, status.dwWin32ExitCode);
  wprintf(L"        SERVICE_EXIT_CODE  : %lu  (0x%lx)\r\n", status.dwServiceSpecificExitCode,
          status.dwServiceSpecificExitCode);
  wprintf(L"        CHECKPOINT         : 0x%lx\r\n", status.dwCheckPoint);
  wprintf(L"        WAIT_HINT          : 0x%lx\r\n", status.dwWaitHint);
  wprintf(L"        PID                : %lu\r\n", status.dwProcessId);
  wprintf(L"        FLAGS              : %ls\r\n", status.dwServiceFlags ? L"RUNS_IN_SYSTEM_PROCESS" : L"");
  return 0;
}
