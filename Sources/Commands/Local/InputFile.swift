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
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(status.st_size))
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw CommandError(.unusableInput, "\(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw tooLarge(name, limit) }
      bytes += buffer[..<count]
    }
  }

  private static func tooLarge(_ name: String, _ limit: Int) -> CommandError {
    CommandError(.unusableInput, "\(name): over \(limit >= 1 << 20 ? "\(limit >> 20) MB" : "\(limit >> 10) KB")")
  }
}
