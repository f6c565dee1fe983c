// libssh's functions, as far as the SSH transport uses them.
#ifdef __linux__
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include "CLateLibraries.h"
#include "library.h"

#define FUNCTIONS(F)                                                                                                   \
  F(ssh_session, ssh_new, (void), ())                                                                                  \
  F(void, ssh_free, (ssh_session session), (session))                                                                  \
  F(int, ssh_options_set, (ssh_session session, enum ssh_options_e option, const void *value),                         \
    (session, option, value))                                                                                          \
  F(int, ssh_connect, (ssh_session session), (session))                                                                \
  F(void, ssh_disconnect, (ssh_session session), (session))                                                            \
  F(int, ssh_is_connected, (ssh_session session), (session))                                                           \
  F(int, ssh_get_poll_flags, (ssh_session session), (session))                                                         \
  F(void, ssh_set_blocking, (ssh_session session, int blocking), (session, blocking))                                  \
  F(void, ssh_set_counters, (ssh_session session, ssh_counter socket, ssh_counter raw), (session, socket, raw))         \
  F(void, ssh_set_message_callback,                                                                                    \
    (ssh_session session, int (*answer)(ssh_session session, ssh_message message, void *context), void *context),      \
    (session, answer, context))                                                                                        \
  F(int, ssh_set_log_callback, (ssh_logging_callback take), (take))                                                    \
  F(int, ssh_set_log_level, (int level), (level))                                                                      \
  F(const char *, ssh_get_error, (void *object), (object))                                                             \
  F(int, ssh_get_server_publickey, (ssh_session session, ssh_key *key), (session, key))                                \
  F(ssh_event, ssh_event_new, (void), ())                                                                              \
  F(void, ssh_event_free, (ssh_event event), (event))                                                                  \
  F(int, ssh_event_add_session, (ssh_event event, ssh_session session), (event, session))                              \
  F(int, ssh_event_remove_session, (ssh_event event, ssh_session session), (event, session))                           \
  F(int, ssh_event_dopoll, (ssh_event event, int milliseconds), (event, milliseconds))                                 \
  F(ssh_channel, ssh_channel_new, (ssh_session session), (session))                                                    \
  F(void, ssh_channel_free, (ssh_channel channel), (channel))                                                          \
  F(int, ssh_channel_open_session, (ssh_channel channel), (channel))                                                   \
  F(int, ssh_channel_request_exec, (ssh_channel channel, const char *line), (channel, line))                           \
  F(int, ssh_channel_request_subsystem, (ssh_channel channel, const char *name), (channel, name))                      \
  F(int, ssh_channel_send_eof, (ssh_channel channel), (channel))                                                       \
  F(int, ssh_channel_write, (ssh_channel channel, const void *bytes, uint32_t count), (channel, bytes, count))         \
  F(int, ssh_set_channel_callbacks, (ssh_channel channel, ssh_channel_callbacks callbacks), (channel, callbacks))      \
  F(int, ssh_remove_channel_callbacks, (ssh_channel channel, ssh_channel_callbacks callbacks), (channel, callbacks))   \
  F(int, ssh_userauth_none, (ssh_session session, const char *user), (session, user))                                  \
  F(int, ssh_userauth_list, (ssh_session session, const char *user), (session, user))                                  \
  F(int, ssh_userauth_agent, (ssh_session session, const char *user), (session, user))                                 \
  F(int, ssh_userauth_gssapi, (ssh_session session), (session))                                                        \
  F(int, ssh_userauth_password, (ssh_session session, const char *user, const char *password),                         \
    (session, user, password))                                                                                         \
  F(int, ssh_userauth_publickey, (ssh_session session, const char *user, const ssh_key key), (session, user, key))     \
  F(int, ssh_userauth_kbdint, (ssh_session session, const char *user, const char *methods), (session, user, methods))  \
  F(int, ssh_userauth_kbdint_getnprompts, (ssh_session session), (session))                                            \
  F(const char *, ssh_userauth_kbdint_getprompt, (ssh_session session, unsigned int place, char *echo),                \
    (session, place, echo))                                                                                            \
  F(int, ssh_userauth_kbdint_setanswer, (ssh_session session, unsigned int place, const char *answer),                 \
    (session, place, answer))                                                                                          \
  F(void, ssh_key_free, (ssh_key key), (key))                                                                          \
  F(enum ssh_keytypes_e, ssh_key_type, (const ssh_key key), (key))                                                     \
  F(enum ssh_keytypes_e, ssh_key_type_from_name, (const char *name), (name))                                           \
  F(const char *, ssh_key_type_to_char, (enum ssh_keytypes_e type), (type))                                            \
  F(int, ssh_pki_import_pubkey_base64, (const char *text, enum ssh_keytypes_e type, ssh_key *key), (text, type, key))  \
  F(int, ssh_pki_export_pubkey_base64, (const ssh_key key, char **text), (key, text))                                  \
  F(int, ssh_pki_import_privkey_file,                                                                                  \
    (const char *path, const char *passphrase, ssh_auth_callback ask, void *context, ssh_key *key),                    \
    (path, passphrase, ask, context, key))                                                                             \
  F(int, ssh_get_publickey_hash,                                                                                       \
    (const ssh_key key, enum ssh_publickey_hash_type type, unsigned char **hash, size_t *size),                        \
    (key, type, hash, size))                                                                                           \
  F(char *, ssh_get_fingerprint_hash, (enum ssh_publickey_hash_type type, unsigned char *hash, size_t size),           \
    (type, hash, size))                                                                                                \
  F(void, ssh_clean_pubkey_hash, (unsigned char **hash), (hash))                                                       \
  F(void, ssh_string_free_char, (char *text), (text))                                                                  \
  F(int, ssh_known_hosts_parse_line, (const char *host, const char *line, struct ssh_knownhosts_entry **entry),        \
    (host, line, entry))                                                                                               \
  F(void, ssh_knownhosts_entry_free, (struct ssh_knownhosts_entry *entry), (entry))

LATE_LIBRARY(late_libssh, "libssh.so.4", "libssh-4", FUNCTIONS)
#else
#include "CLateLibraries.h"
#include <stddef.h>

const char *late_libssh(void) { return NULL; }
#endif
