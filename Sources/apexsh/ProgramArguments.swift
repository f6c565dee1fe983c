#if canImport(Glibc)
  import Glibc
#endif

/// What the program was started with, behind its own name.
enum ProgramArguments {
  /// Nil where nobody can tell: nothing may be done then, since what was asked for is not known.
  ///
  /// `CommandLine` reads them from /proc on Linux, and has none in a chroot or container without it.
  static func read() -> [String]? {
    #if os(Linux)
      // The system's own threads read what they do from there: without it libdispatch ends the process, now and then.
      guard access("/proc/self/stat", R_OK) == 0 else { return nil }
    #endif
    let all = CommandLine.arguments
    return all.isEmpty ? nil : Array(all.dropFirst())
  }
}
