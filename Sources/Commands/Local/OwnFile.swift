import LocalSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files of our own: 0600, never through a link, replaced whole or not at all, and read only where nobody else can have
/// written them.
package enum OwnFile {
  /// Writes a file beside `path` and renames it into place, so that a reader sees the old or the new, never half.
  ///
  /// What is no regular file (a device, a pipe, a link, a folder) is refused: renaming would put a file in its place.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(CommandError) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw CommandError(.ownFiles, "\(OutputText.visible(path)) is not a regular file; nothing was written")
    }
    do throws(NewFile.Failure) { try NewFile.replace(path, with: bytes) } catch {
      throw CommandError(.ownFiles, "can't write \(OutputText.visible(path)): \(LocalPath.errorText(error.code))")
    }
  }

  /// Nil where it isn't there. A link, a folder, a file that others could have written, or more than `limit` bytes is an
  /// error.
  package static func read(_ path: String, limit: Int) throws(CommandError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      if errno == ELOOP {
        throw CommandError(.ownFiles, "\(OutputText.visible(path)) is a link; put the file itself there")
      }
      throw failure("read", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
    try check(status, path)
    guard let bytes = LocalPath.readAll(descriptor, limit: limit + 1) else { throw failure("read", path) }
    guard bytes.count <= limit else {
      throw CommandError(.ownFiles, "\(OutputText.visible(path)) is larger than \(limit) bytes")
    }
    return bytes
  }

  /// Throws where a file that somebody else reads for us is a link, belongs to somebody else, or can be written by
  /// others; one that isn't there is fine. `followsLinks`: for a file that is not ours to keep, such as `~/.ssh/config`.
  package static func check(_ path: String, followsLinks: Bool = false) throws(CommandError) {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return }
      throw failure("look at", path)
    }
    if status.st_mode & S_IFMT == S_IFLNK {
      throw CommandError(.ownFiles, "\(OutputText.visible(path)) is a link; put the file itself there")
    }
    try check(status, path)
  }

  /// What others wrote, or could have, may name a machine, a key or a command of theirs.
  private static func check(_ status: stat, _ path: String) throws(CommandError) {
    let name = OutputText.visible(path)
    guard status.st_mode & S_IFMT == S_IFREG else { throw CommandError(.ownFiles, "\(name) is not a regular file") }
    guard Ownership.isTrusted(status.st_uid) else {
      throw CommandError(.ownFiles, "\(name) belongs to somebody else and was not used; remove it, or make it yours")
    }
    if Ownership.isWritableByOthers(status) {
      throw CommandError(
        .ownFiles,
        "\(name) can be written by others and was not used; look at what is in it, then run: chmod go-w \(name)")
    }
  }

  /// False where it wasn't there.
  package static func remove(_ path: String) throws(CommandError) -> Bool {
    if unlink(path) == 0 { return true }
    if errno == ENOENT { return false }
    throw failure("remove", path)
  }

  /// Names in a folder, sorted; none where the folder isn't there.
  package static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func failure(_ verb: String, _ path: String) -> CommandError {
    CommandError(.ownFiles, "can't \(verb) \(OutputText.visible(path)): \(LocalPath.errorText())")
  }
}
