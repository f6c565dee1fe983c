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
  private(set) var nodes: [String: SimulatedFile] = [:]
  /// Keys of what is in a folder, by the folder's key.
  private(set) var children: [String: [String]] = [:]

  init() {
    nodes["c:"] = .folder(name: "C:")
  }

  /// Every folder and file, folders before what is in them; places with forward slashes, `C:/Windows`.
  func visit(_ body: (String, SimulatedFile) throws -> Void) rethrows {
    try visit(below: "c:", at: "C:", body)
  }

  private func visit(
    below key: String, at place: String, _ body: (String, SimulatedFile) throws -> Void
  ) rethrows {
    guard let node = nodes[key] else { return }
    try body(place, node)
    for child in children[key] ?? [] {
      try visit(below: child, at: place + "/" + (nodes[child]?.name ?? ""), body)
    }
  }

  /// Adds a folder and those above it.
  mutating func addFolder(_ path: String) {
    let key = FileKey(path)
    guard nodes[key.text] == nil, let parent = key.parent else { return }
    addFolder(String(path.prefix(parent.text.utf8.count)))
    nodes[key.text] = .folder(name: FileKey.name(of: path))
    children[parent.text, default: []].append(key.text)
  }

  /// Adds a file and the folders above it.
  mutating func addFile(_ path: String, _ bytes: [UInt8], modified: Double = 1_717_200_000) {
    let key = FileKey(path)
    guard let parent = key.parent else { return }
    addFolder(String(path.prefix(parent.text.utf8.count)))
    if nodes[key.text] == nil { children[parent.text, default: []].append(key.text) }
    nodes[key.text] = .file(name: FileKey.name(of: path), bytes: bytes, modified: modified)
  }
}

/// A file that is asked for all the time, on every machine.
struct KnownFile: Sendable {
  let path: WindowsPath
  let key: FileKey

  init(_ path: String) {
    self.path = WindowsPath(path)
    key = FileKey(path)
  }
}

/// A full path as Windows compares it: letter case ignored, backslashes, no slash at the end (`c:` for a drive's root).
struct FileKey: Sendable, Hashable {
  let text: String

  init(_ path: String) {
    var text = path.lowercased()
    while text.utf8.last == UInt8(ascii: "\\") { text.removeLast() }
    self.text = text
  }

  private init(key: String) { text = key }

  var parent: FileKey? {
    guard let cut = text.utf8.lastIndex(of: UInt8(ascii: "\\")) else { return nil }
    return FileKey(key: String(text[..<cut]))
  }

  static func name(of path: String) -> String {
    guard let cut = path.utf8.lastIndex(of: UInt8(ascii: "\\")) else { return path }
    return String(path[path.utf8.index(after: cut)...])
  }

  /// Is `other` directly in this folder?
  func holds(_ other: String) -> Bool {
    let prefix = text.utf8.count + 1
    guard other.utf8.count > prefix, other.hasPrefix(text) else { return false }
    let tail = other.utf8.dropFirst(prefix - 1)
    return tail.first == UInt8(ascii: "\\") && !tail.dropFirst().contains(UInt8(ascii: "\\"))
  }
}
