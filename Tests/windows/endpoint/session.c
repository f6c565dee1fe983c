/* What Windows' OpenSSH server does for one command, behind a Linux sshd's ForceCommand.

   Its default shell is cmd.exe, and the command goes to it verbatim between two quotes. Everything that is started
   stands in a job that ends with the session: when this process goes, however it goes, so does all of it. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

#define LONGEST 32767
static wchar_t command[LONGEST + 1], line[LONGEST + 1], path[LONGEST + 1];

static HANDLE ending_job(void) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  HANDLE job = CreateJobObjectW(NULL, NULL);
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (!job || !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) return NULL;
  return job;
}

static DWORD variable(const wchar_t *name, wchar_t *text) {
  DWORD length = GetEnvironmentVariableW(name, text, LONGEST);
  if (length >= LONGEST) ExitProcess(255);
  return length;
}

int wmain(void) {
  static const wchar_t shell[] = L"\"C:\\windows\\system32\\cmd.exe\"";
  int length = variable(L"SSH_ORIGINAL_COMMAND", command)
                   ? _snwprintf(line, LONGEST, L"%ls /c \"%ls\"", shell, command)
                   : _snwprintf(line, LONGEST, L"%ls", shell);
  if (length < 0) return 255;
  /* Nobody behind this process is to find the command, and perhaps a password, in the environment. */
  SetEnvironmentVariableW(L"SSH_ORIGINAL_COMMAND", NULL);
  variable(L"PATH", command);
  /* `sc.exe` stands there: see sc.c. */
  if (_snwprintf(path, LONGEST, L"C:\\rig\\bin;%ls", command) < 0) return 255;
  SetEnvironmentVariableW(L"PATH", path);

  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION process;
  HANDLE job = ending_job();
  if (!job || !CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &process)) return 255;
  if (!AssignProcessToJobObject(job, process.hProcess)) {
    TerminateProcess(process.hProcess, 255);
    return 255;
  }
  ResumeThread(process.hThread);
  DWORD code = 255;
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &code);
  return (int)code;
}
