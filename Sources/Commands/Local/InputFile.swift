import Foundation

/// Reads files that a person names: lists, certificates, packages.
package enum InputFile {
  /// The whole file; one that is missing, no plain file, or over `limit` bytes is an error (65) that names it.
  package static func read(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
    let name = OutputText.visible(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CommandError(.unusableInput, "\(name): can't be read: \(LocalPath.errorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CommandError(.unusableInput, "\(name): can't be read") }
    guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFIFO else {
      throw CommandError(.unusableInput, "\(name): not a plain file")
    }
    guard status.st_size <= off_t(limit) else { throw tooLarge(name, limit) }
    _ = fcntl(descriptor, F_SETFL, 0)
    // In one piece, as the file's size says, and the end; then whatever a pipe or a growing file still has.
    var bytes = try piece(of: descriptor, Int(status.st_size) + 1, name)
    while true {
      guard bytes.count <= limit else { throw tooLarge(name, limit) }
      let more = try piece(of: descriptor, 1 << 18, name)
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  /// Reads until `size` bytes are there or the file ends.
  private static func piece(of descriptor: Int32, _ size: Int, _ name: String) throws(CommandError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, length in
      while length < size {
        let count = Foundation.read(descriptor, buffer.baseAddress! + length, size - length)
        if count < 0, errno == EINTR { continue }
        if count < 0 { failure = errno }
        if count <= 0 { break }
        length += count
      }
    }
    guard failure == 0 else { throw CommandError(.unusableInput, "\(name): \(String(cString: strerror(failure)))") }
    return bytes
  }

  private static func tooLarge(_ name: String, _ limit: Int) -> CommandError {
    CommandError(.unusableInput, "\(name): over \(limit >= 1 << 20 ? "\(limit >> 20) MB" : "\(limit >> 10) KB")")
  }
}
