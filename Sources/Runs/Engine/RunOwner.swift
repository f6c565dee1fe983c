#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which process carries a run: a locked file beside the journal. The system gives the lock up when the process ends,
/// however it ends, so a run whose lock is free and that has no end in the journal was cut short.
final class RunOwner: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Takes the run for this process; nil where another one holds it, or the file can't be made.
  init?(run: Int, journal: String) {
    path = RunOwner.path(run, journal)
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Does a living process carry this run?
  static func isHeld(run: Int, journal: String) -> Bool {
    let descriptor = open(path(run, journal), O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }

  private static func path(_ run: Int, _ journal: String) -> String { "\(journal)-run-\(run)" }
}
