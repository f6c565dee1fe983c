import Foundation

/// A file that is made under a temporary name and gets its own name when it is whole.
final class NewFile {
  let descriptor: Int32
  private let path: String
  private let temporary: String
  private var isOpen = true

  init(at path: String) throws(ArchiveError) {
    self.path = path
    temporary = path + ".part-" + String(UInt64.random(in: .min ... .max), radix: 36)
    // Never through a link, never onto something that is there.
    descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ArchiveError(.file, "\(path): the archive can't be made: \(NewFile.reason(errno))")
    }
  }

  deinit { if isOpen { close(descriptor) } }

  /// Onto the disk, and to its name. Without `replacing`, by a link, which fails where something has the name.
  func publish(replacing: Bool) throws(ArchiveError) {
    guard fsync(descriptor) == 0 else {
      throw ArchiveError(.file, "\(path): the archive can't be written: \(NewFile.reason(errno))")
    }
    if !replacing {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return finish()
      }
      let code = errno
      // Some file systems have no links; there a look before the renaming has to do.
      let hasNoLinks = [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(code)
      var there = stat()
      if code == EEXIST || (hasNoLinks && lstat(path, &there) == 0) {
        throw ArchiveError(.alreadyExists, "\(path): there is something of that name already; choose another")
      }
      guard hasNoLinks else {
        throw ArchiveError(.file, "\(path): the archive can't get its name: \(NewFile.reason(code))")
      }
    }
    guard rename(temporary, path) == 0 else {
      throw ArchiveError(.file, "\(path): the archive can't get its name: \(NewFile.reason(errno))")
    }
    finish()
  }

  func discard() {
    unlink(temporary)
    finish()
  }

  private func finish() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor)
  }

  static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
