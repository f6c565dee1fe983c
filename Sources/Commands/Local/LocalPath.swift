#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Small things about files on our own machine.
package enum LocalPath {
  /// `~/x` and `~` with the home folder in place of `~`; everything else as it is.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  /// The path from the root, as long as the working folder can be told.
  package static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// The sentence for `errno`, lower case as everything we say.
  package static func errorText(_ code: Int32 = errno) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Everything up to `limit` bytes. An interrupted or failed read ends it.
  package static func readAll(_ descriptor: Int32, limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < limit {
      let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }

  /// Writes everything; false, with `errno` set, where it could not.
  package static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
    let bytes = ContiguousArray(bytes)
    return bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let count = write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return false }
        offset += count
      }
      return true
    }
  }
}
