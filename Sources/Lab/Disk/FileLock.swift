#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An advisory lock on a file, held while `body` runs: two processes at one simulated machine take turns.
enum FileLock {
  /// `path` is made when it isn't there. Where it can't be opened, nobody else can either, and `body` runs without.
  static func holding<T>(_ path: String, _ body: () throws -> T) rethrows -> T {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return try body() }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
