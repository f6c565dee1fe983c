#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is made under a temporary name, readable by its owner only, and gets its own name when it is whole: a
/// reader sees the old file or the new one, never half. What is not published is gone with the object.
package final class NewFile {
  /// Where the file's bytes go.
  package let descriptor: Int32
  private let path: String
  private let temporary: String
  private var isOpen = true

  package struct Failure: Error, Sendable, Hashable {
    package enum Step: Sendable, Hashable {
      case make, write, name
      /// There is something of that name, which was not to be replaced.
      case taken
    }
    package let step: Step
    /// The system's error number.
    package let code: Int32

    /// `no space left on device`, in lower case.
    package var reason: String { String(cString: strerror(code)).lowercased() }
  }

  /// Never through a link, never onto something that is there. The temporary file stands beside `path`.
  package init(at path: String) throws(Failure) {
    self.path = path
    temporary = path + ".part-" + String(UInt64.random(in: .min ... .max), radix: 36)
    descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(step: .make, code: errno) }
  }

  deinit { discard() }

  /// Writes a whole file; what is at `path` is replaced.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let file = try NewFile(at: path)
    try file.append(bytes)
    try file.publish()
  }

  package func append(_ bytes: [UInt8]) throws(Failure) {
    let code = bytes.withUnsafeBytes { buffer -> Int32 in
      var offset = 0
      while offset < buffer.count {
        let count = write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno }
        offset += count
      }
      return 0
    }
    guard code == 0 else { throw Failure(step: .write, code: code) }
  }

  /// Onto the disk, and to its name. Without `replacing`, by a link, which fails where something has the name.
  package func publish(replacing: Bool = true) throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure(step: .write, code: errno) }
    if !replacing {
      if link(temporary, path) == 0 { return discard() }
      let code = errno
      // Some file systems have no links; there a look before the renaming has to do.
      let hasNoLinks = [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(code)
      var there = stat()
      if code == EEXIST || (hasNoLinks && lstat(path, &there) == 0) { throw Failure(step: .taken, code: EEXIST) }
      guard hasNoLinks else { throw Failure(step: .name, code: code) }
    }
    guard rename(temporary, path) == 0 else { throw Failure(step: .name, code: errno) }
    finish()
  }

  /// Gives it up; nothing where it has its name.
  package func discard() {
    guard isOpen else { return }
    unlink(temporary)
    finish()
  }

  private func finish() {
    isOpen = false
    close(descriptor)
  }
}
