/* What the stand-ins for the product's programs share.

   All of them are ours. They show which arguments arrive and in what order things happen on an endpoint; of what the
   vendor's programs do, print and return they show nothing. */
#include <windows.h>
#include <wchar.h>

#define CERTIFICATE_LIMIT 65536
/* What the stand-ins keep for the test to read, and the test for them. */
#define RIG L"C:\\rig\\"

/* Ends the program with a line on standard error. */
__attribute__((noreturn)) void give_up(int code, const wchar_t *what, const wchar_t *which);

/* The whole of a file of at most `limit` bytes, with a NUL behind it; NULL where it can't be read. */
unsigned char *read_whole(const wchar_t *path, DWORD limit, DWORD *size);
/* Written beside it first, so that nobody ever reads half of it. */
BOOL write_whole(const wchar_t *path, const void *bytes, DWORD size);
void append_text(const wchar_t *path, const char *text);

/* SHA-256 in lower-case hex. */
void digest(const void *bytes, DWORD size, char hex[65]);

/* The agent's values in the registry, where a 32-bit program finds them. */
BOOL agent_text(const wchar_t *name, wchar_t *text, DWORD limit);
void set_agent_text(const wchar_t *key, const wchar_t *name, const wchar_t *text);
void set_agent_number(const wchar_t *name, DWORD number);
/* `NAME` in the agent's folder. */
void agent_file(const wchar_t *name, wchar_t path[MAX_PATH * 2]);

/* Stops or starts the agent's two services through the service control manager and waits until they have. */
void stop_services(void);
void start_services(void);

/* Notes how far a program has come, and waits there for as many seconds as `C:\rig\rig.ini` says for that word. */
void reached(const char *word);

/* Appends to `C:\rig\NAME.txt` what the program got: the folder it runs in and each argument, as the C runtime split
   them; the one behind `secret` only as the SHA-256 of its UTF-16. Says too whether CommandLineToArgvW splits the line
   in the same way. */
void record_arguments(const wchar_t *name, int argc, wchar_t **argv, const wchar_t *secret);
