import CSystem

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
    allowManyDescriptors()
    // A reader of ours that goes away must not end the process; nor a limit on the size of files, which is then an error
    // of the write: a run has to end in good order.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    cs_use_utf8()
  }

  /// Most descriptors that we ask for: libssh cuts their numbers to 16 bits.
  package static let mostDescriptors = 65_536

  /// Raises the soft limit of descriptors to the hard one: an open connection holds two, a busy one four, and a usual
  /// soft limit is 1,024. Where it can't be raised the old one stays.
  package static func allowManyDescriptors() {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, rlim_t(mostDescriptors))
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    setrlimit(resource, &limit)
  }
}
