import Remote

/// A file or folder of a simulated machine. The bytes of a file are shared by all machines that hold the same.
enum SimulatedFile: Sendable {
  case folder(name: String)
  case file(name: String, bytes: [UInt8], modified: Double)
  /// Removed, though the machine's base tree has it.
  case gone

  var name: String {
    switch self {
    case .folder(let name), .file(let name, _, _): name
    case .gone: ""
    }
  }
}

/// The files that a kind of machine starts with; one tree serves thousands of machines.
struct BaseTree: Sendable {
  private(set) var nodes: [FileKey: SimulatedFile] = [:]
  /// Keys of what is in a folder, by the folder's key.
  private(set) var children: [FileKey: [FileKey]] = [:]

  init() {
    nodes[FileKey("c:")] = .folder(name: "C:")
  }

  /// Adds a folder and those above it.
  mutating func addFolder(_ path: String) {
    let key = FileKey(path)
    guard nodes[key] == nil, let parent = key.parent else { return }
    addFolder(String(path.prefix(parent.text.utf8.count)))
    nodes[key] = .folder(name: FileKey.name(of: path))
    children[parent, default: []].append(key)
  }

  /// Adds a file and the folders above it.
  mutating func addFile(_ path: String, _ bytes: [UInt8], modified: Double = 1_717_200_000) {
    let key = FileKey(path)
    guard let parent = key.parent else { return }
    addFolder(String(path.prefix(parent.text.utf8.count)))
    if nodes[key] == nil { children[parent, default: []].append(key) }
    nodes[key] = .file(name: FileKey.name(of: path), bytes: bytes, modified: modified)
  }
}

/// A file that is asked for more than once: its key is made once.
struct KnownFile: Sendable {
  let path: WindowsPath
  let key: FileKey

  init(_ path: WindowsPath) {
    self.path = path
    key = FileKey(path.text)
  }
}

/// A full path as Windows compares it: letter case ignored, backslashes, no slash at the end (`c:` for a drive's root).
///
/// Its hash is made once: a key is looked up in what was changed, in the base tree, and its parent in both.
struct FileKey: Sendable, Hashable {
  let text: String
  private let mark: UInt64

  init(_ path: String) {
    var text = FileKey.folded(path)
    while text.utf8.last == UInt8(ascii: "\\") { text.removeLast() }
    self.init(key: text)
  }

  private init(key: String) {
    text = key
    mark = key.utf8.withContiguousStorageIfAvailable(FileKey.mark) ?? FileKey.mark(key.utf8)
  }

  private static func folded(_ path: String) -> String {
    let folded = path.utf8.withContiguousStorageIfAvailable { bytes -> String? in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { text in
        for place in bytes.indices {
          let byte = bytes[place]
          text.initializeElement(at: place, to: (65...90).contains(byte) ? byte | 0x20 : byte)
        }
        return bytes.count
      }
    }
    return (folded ?? nil) ?? path.lowercased()
  }

  private static func mark(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  static func == (left: FileKey, right: FileKey) -> Bool { left.mark == right.mark && left.text == right.text }

  func hash(into hasher: inout Hasher) { hasher.combine(mark) }

  var parent: FileKey? {
    let cut = text.utf8.withContiguousStorageIfAvailable { $0.lastIndex(of: UInt8(ascii: "\\")) }
    guard let cut = cut ?? nil else { return nil }
    return FileKey(key: String(text[..<text.utf8.index(text.startIndex, offsetBy: cut)]))
  }

  static func name(of path: String) -> String {
    guard let cut = path.utf8.lastIndex(of: UInt8(ascii: "\\")) else { return path }
    return String(path[path.utf8.index(after: cut)...])
  }

  /// Is `other` directly in this folder?
  func holds(_ other: FileKey) -> Bool {
    let other = other.text
    let prefix = text.utf8.count + 1
    guard other.utf8.count > prefix, other.hasPrefix(text) else { return false }
    let tail = other.utf8.dropFirst(prefix - 1)
    return tail.first == UInt8(ascii: "\\") && !tail.dropFirst().contains(UInt8(ascii: "\\"))
  }
}
