import Foundation

/// What `/proc` says of the processes of this machine.
enum Processes {
  static var all: [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var all: [pid_t] = []
    while let entry = readdir(folder) {
      let id = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { strtol($0, nil, 10) }
      }
      if id > 0 { all.append(pid_t(id)) }
    }
    return all
  }

  /// The bytes of `/proc/ID/NAME`; nil where the process is gone or another's.
  ///
  /// Files of `/proc` say that they are empty: read to the end.
  static func contents(_ name: String, of id: pid_t) -> Data? {
    let descriptor = open("/proc/\(id)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
      var data = Data()
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0, let start = buffer.baseAddress else { return data }
        data.append(Data(bytes: start, count: count))
      }
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

extension Data {
  /// Looks for bytes, not empty ones, fast enough for looks at a whole machine, a hundred in a second.
  func holds(_ bytes: Data) -> Bool {
    withUnsafeBytes { all in
      bytes.withUnsafeBytes { wanted in
        guard var rest = all.baseAddress, let start = wanted.baseAddress else { return false }
        let end = rest + all.count
        while end - rest >= wanted.count, let hit = memchr(rest, Int32(wanted[0]), end - rest - wanted.count + 1) {
          if memcmp(hit, start, wanted.count) == 0 { return true }
          rest = UnsafeRawPointer(hit) + 1
        }
        return false
      }
    }
  }
}
