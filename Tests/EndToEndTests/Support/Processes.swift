import Foundation

/// What `/proc` says of the processes of this machine.
enum Processes {
  static var all: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
  }

  /// The bytes of `/proc/ID/NAME`; nil where the process is gone or another's.
  ///
  /// Files of `/proc` say that they are empty: read to the end.
  static func contents(_ name: String, of id: pid_t) -> Data? {
    let descriptor = open("/proc/\(id)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }

  /// The parent, and the letter of the state; words counted behind the name, which may hold blanks.
  static func status(of id: pid_t) -> (parent: pid_t, state: String)? {
    guard let data = contents("stat", of: id), let end = data.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let words = String(decoding: data[(end + 1)...], as: UTF8.self).split(separator: " ")
    guard words.count > 1, let parent = pid_t(words[1]) else { return nil }
    return (parent, String(words[0]))
  }

  /// A process's own name, at most 15 bytes.
  static func name(of id: pid_t) -> String {
    String(decoding: contents("comm", of: id) ?? Data(), as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  static func descends(_ id: pid_t, from ancestor: pid_t) -> Bool {
    var id = id
    while id > 1 {
      if id == ancestor { return true }
      id = status(of: id)?.parent ?? 0
    }
    return false
  }
}
