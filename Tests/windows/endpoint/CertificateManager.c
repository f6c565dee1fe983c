/* Stands in for CertificateManager.exe -l: lists the agents that have told the server of another certificate than its
   own. The list's form is documented nowhere; this one is ours. */
#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Name, address, domain, GUID, version: what the server knows of an agent, a line each. */
static const char *field(const char *line, int wanted, char *text, size_t limit) {
  while (wanted-- && line) line = strchr(line, ',') ? strchr(line, ',') + 1 : NULL;
  size_t length = line ? strcspn(line, ",\r\n") : 0;
  snprintf(text, limit, "%.*s", (int)length, line ? line : "");
  return text;
}

/* An agent that never reported is not known to mismatch. */
static BOOL is_mismatched(const char *guid, const char *own) {
  wchar_t path[MAX_PATH];
  DWORD size = 0;
  swprintf(path, MAX_PATH, L"S:\\%hs.txt", guid);
  char *reported = (char *)read_whole(path, 200, &size);
  return reported && strncmp(reported, own, strlen(own));
}

int wmain(int argc, wchar_t **argv) {
  record_arguments(L"certificatemanager", argc, argv, NULL);
  if (argc != 3 || wcscmp(argv[1], L"-l")) {
    puts("Usage: CertificateManager.exe -l [CSV path]");
    return 1;
  }
  /* It must be run in its own folder. */
  DWORD certificate_size = 0, agents_size = 0;
  unsigned char *certificate =
      read_whole(L"..\\..\\..\\Pccnt\\Common\\OfcNTCer.dat", CERTIFICATE_LIMIT, &certificate_size);
  const char *line = (const char *)read_whole(RIG L"agents.csv", 1 << 20, &agents_size);
  if (!certificate || !line) give_up(1, L"not in its own folder, or no agents", NULL);
  char own[65], guid[64], row[512];
  digest(certificate, certificate_size, own);
  append_text(argv[2], "Computer Name,IP Address,Domain,GUID,Version\r\n");
  for (; *line; line = strchr(line, '\n') + 1) {
    if (!strchr(line, '\n')) break;
    if (!is_mismatched(field(line, 3, guid, sizeof guid), own)) continue;
    snprintf(row, sizeof row, "%.*s\r\n", (int)strcspn(line, "\r\n"), line);
    append_text(argv[2], row);
  }
  return 0;
}
