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

  /// Takes the run for this process; nil where another one holds it.
  ///
  /// A failing `init` would not do: once its fields are set, `deinit` runs, and takes the other owner's file away.
  static func take(run: Int, journal: String) throws(JournalError) -> RunOwner? {
    let path = path(run, journal)
    // Whoever asks `isHeld` holds it for a moment, and whoever gives it up takes the file away: neither is an owner.
    for attempt in 0..<20 {
      if attempt > 0 { usleep(1_000) }
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw .cannotWrite(reason: "\(path) can't be made (\(String(cString: strerror(errno))))")
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isFile(descriptor, at: path) {
        return RunOwner(descriptor: descriptor, path: path)
      }
      close(descriptor)
    }
    return nil
  }

  /// The file is still the one under that name.
  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
      && own.st_dev == named.st_dev
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Does a living process carry this run?
  static func isHeld(run: Int, journal: String) -> Bool {
    // Only to be read: whoever looks from a read-only file system must be answered, too.
    let descriptor = open(path(run, journal), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    // What can't be looked at (no descriptors left) may be alive.
    guard descriptor >= 0 else { return errno != ENOENT }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func path(_ run: Int, _ journal: String) -> String { "\(journal)-run-\(run)" }
}
