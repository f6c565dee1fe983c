#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Small things about files on our own machine.
package enum LocalPath {
  /// The home folder: HOME, or where that is not set, as in a cron job's environment, the account's own. Nil where there
  /// is none.
  package static var home: String? {
    if let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") { return home }
    return Account.current?.home
  }

  /// `~/x` and `~` with the home folder in place of `~`; everything else as it is.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home else { return path }
    return home + path.dropFirst()
  }

  /// Where a link leads, as it stands in it; nil where that can't be read.
  static func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_097)
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// False for a pipe, a device, a folder.
  package static func isPlainOrMissing(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// One spelling for a file that is there, however it was named; the path from the root for another.
  package static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return absolute(path) }
    defer { free(resolved) }
    return String(cString: resolved)
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

  /// Everything up to `limit` bytes; nil, with `errno` set, where a read failed: half of a file is no file.
  package static func readAll(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < limit {
      let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }
}
