#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is done to the process before anything else.
package enum ProcessSetup {
  package static func run() {
    // A core file would hold the session's secrets.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    #else
      setrlimit(RLIMIT_CORE, &none)
    #endif
    // A reader of ours that goes away must not end the process.
    signal(SIGPIPE, SIG_IGN)
    setlocale(LC_CTYPE, "")
  }
}
