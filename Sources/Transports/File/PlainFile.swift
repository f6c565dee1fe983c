import Foundation
import Remote

/// Files that ssh reads too: keys, known hosts, settings. Only plain ones are read: a pipe there would be waited for
/// without end by whoever opens it, deaf to ^C.
enum PlainFile {
  /// Its bytes; none of `/dev/null`, which stands for an empty file in many an ssh_config. Another device, a pipe, a folder,
  /// and a file of over `limit` bytes is an error that names it.
  static func read(_ path: String, limit: Int) throws(RemoteError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw RemoteError(.local, "\(path) can't be read: \(systemText(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw RemoteError(.local, "\(path) can't be read") }
    if isNull(status) { return [] }
    guard status.st_mode & S_IFMT == S_IFREG else { throw RemoteError(.local, "\(path) is no plain file") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw RemoteError(.local, "\(path) can't be read: \(systemText(errno))") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw RemoteError(.local, "\(path) is over \(limit >> 20) MB") }
    }
  }

  /// Throws where somebody else, who reads it for us, would wait for it, or read without end.
  static func check(_ path: String, _ what: String) throws(RemoteError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
    throw RemoteError(.local, "\(what) \(path) is no plain file")
  }

  private static func isNull(_ status: stat) -> Bool {
    var null = stat()
    return status.st_mode & S_IFMT == S_IFCHR && stat("/dev/null", &null) == 0 && null.st_rdev == status.st_rdev
  }
}
