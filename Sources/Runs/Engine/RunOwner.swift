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

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Takes the run for this process; nil where another one holds it, or the file can't be made.
  ///
  /// A failing `init` would not do: once its fields are set, `deinit` runs, and takes the other owner's file away.
  static func take(run: Int, journal: String) -> RunOwner? {
    let path = path(run, journal)
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return RunOwner(descriptor: descriptor, path: path)
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
