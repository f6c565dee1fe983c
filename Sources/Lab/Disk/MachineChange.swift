import Foundation

/// One thing that was done at a machine, as a line of its log says it.
enum MachineChange {
  case state(MachineState)
  case file(path: String, bytes: [UInt8], modified: Double)
  case folder(path: String)
  case removed(path: String)
  /// What the machine comes to: whatever was before doesn't count any more.
  case anew([MachineChange])
  /// From here on the machine is on disk in whole.
  case moved

  /// Contents up to this length stand in the line itself.
  private static let inlineLength = 256
  /// Between the changes of one line.
  private static let separator: UInt8 = 0x1E

  /// Without a newline; nil, with errno, where a content can't be kept.
  func text(_ contents: ContentStore) -> [UInt8]? {
    var line: [UInt8] = []
    switch self {
    case .state(let state):
      guard let data = try? JSONEncoder().encode(state) else { return nil }
      line.reserveCapacity(data.count + 8)
      line += "state\t".utf8
      line += data
    case .file(let path, let bytes, let modified):
      line += "file\t\(modified)\t".utf8
      line += Self.escaped(path)
      if bytes.count <= Self.inlineLength {
        line += "\t=".utf8
        line += Data(bytes).base64EncodedData()
      } else {
        guard let name = contents.keep(bytes) else { return nil }
        line += "\t#\(name)".utf8
      }
    case .folder(let path):
      line += "folder\t".utf8
      line += Self.escaped(path)
    case .removed(let path):
      line += "removed\t".utf8
      line += Self.escaped(path)
    case .anew(let changes):
      line += "anew".utf8
      for change in changes {
        guard let text = change.text(contents) else { return nil }
        line.append(Self.separator)
        line += text
      }
    case .moved: line += "moved".utf8
    }
    return line
  }

  /// Whether a text is that of `anew`.
  static func isAnew(_ text: ArraySlice<UInt8>) -> Bool { text.starts(with: "anew".utf8) }

  /// Whether a text is that of a state, of which only the last counts.
  static func isState(_ text: ArraySlice<UInt8>) -> Bool { text.starts(with: "state".utf8) }

  /// Nil for a text that somebody damaged.
  init?(_ line: ArraySlice<UInt8>, _ contents: ContentStore) {
    if Self.isAnew(line) {
      self = .anew(line.split(separator: Self.separator).dropFirst().compactMap { MachineChange($0, contents) })
      return
    }
    let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 3, omittingEmptySubsequences: false)
    let words = fields.map { String(decoding: $0, as: UTF8.self) }
    switch (words[0], words.count) {
    case ("state", 2):
      guard let state = try? JSONDecoder().decode(MachineState.self, from: Data(fields[1])) else { return nil }
      self = .state(state)
    case ("file", 4):
      guard let modified = Double(words[1]), let path = Self.unescaped(words[2]),
        let bytes = Self.content(words[3], contents)
      else { return nil }
      self = .file(path: path, bytes: bytes, modified: modified)
    case ("folder", 2):
      guard let path = Self.unescaped(words[1]) else { return nil }
      self = .folder(path: path)
    case ("removed", 2):
      guard let path = Self.unescaped(words[1]) else { return nil }
      self = .removed(path: path)
    case ("moved", 1): self = .moved
    default: return nil
    }
  }

  private static func content(_ field: String, _ contents: ContentStore) -> [UInt8]? {
    let value = String(field.dropFirst())
    return field.first == "#" ? contents.content(value) : Data(base64Encoded: value).map { [UInt8]($0) }
  }

  /// A path holds no control character in a line.
  private static func escaped(_ path: String) -> [UInt8] {
    guard path.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "%") }) else { return Array(path.utf8) }
    return path.utf8.flatMap { byte in
      byte < 0x20 || byte == UInt8(ascii: "%")
        ? Array((byte < 16 ? "%0" : "%").utf8) + String(byte, radix: 16).utf8 : [byte]
    }
  }

  private static func unescaped(_ text: String) -> String? {
    text.utf8.contains(UInt8(ascii: "%")) ? text.removingPercentEncoding : text
  }
}
