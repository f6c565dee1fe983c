import Remote

/// A machine's files in memory: the base tree, and over it what was changed on this machine.
struct MemoryFiles: Sendable {
  let base: BaseTree
  /// A handful at most: looked through, since that is quicker than a dictionary, and smaller.
  private var changed: [(key: FileKey, file: SimulatedFile)] = []

  init(base: BaseTree) { self.base = base }

  /// Puts back what was changed in an earlier session, unchecked; nil for what was removed.
  mutating func restore(_ path: String, _ file: SimulatedFile?) {
    let key = FileKey(path)
    if let file { set(key, file) } else { forget(key) }
  }

  /// What was changed on this machine, in an order in which `restore` takes it; nil for what was removed.
  var changes: [(path: String, file: SimulatedFile?)] {
    changed.map { key, file in
      guard case .gone = file else {
        let parent = key.parent.map { $0.text + "\\" } ?? ""
        return (parent + file.name, file)
      }
      return (key.text, nil)
    }
  }

  /// Every folder and file, folders before what is in them; places with forward slashes, `C:/Windows`.
  func visit(_ body: (String, SimulatedFile) throws(LabError) -> Void) throws(LabError) {
    try visit(WindowsPath("C:"), body)
  }

  private func visit(
    _ path: WindowsPath, _ body: (String, SimulatedFile) throws(LabError) -> Void
  ) throws(LabError) {
    guard let node = node(FileKey(path.text)) else { return }
    try body(path.forward, node)
    guard case .folder = node else { return }
    for entry in (try? list(path)) ?? [] { try visit(path.appending(entry.name), body) }
  }

  private func place(_ key: FileKey) -> Int? { changed.firstIndex { $0.key == key } }

  private func node(_ key: FileKey) -> SimulatedFile? {
    guard let place = place(key) else { return base.nodes[key] }
    if case .gone = changed[place].file { return nil }
    return changed[place].file
  }

  private mutating func set(_ key: FileKey, _ file: SimulatedFile) {
    if let place = place(key) { changed[place].file = file } else { changed.append((key, file)) }
  }

  func isFolder(_ path: WindowsPath) -> Bool {
    if case .folder? = node(FileKey(path.text)) { true } else { false }
  }

  /// A file's bytes, by a key that is at hand; nil where there is no such file.
  func bytes(_ key: FileKey) -> [UInt8]? {
    if case .file(_, let bytes, _)? = node(key) { bytes } else { nil }
  }

  func read(_ path: WindowsPath) throws(RemoteError) -> [UInt8] {
    switch node(FileKey(path.text)) {
    case .file(_, let bytes, _)?: return bytes
    case .folder?: throw RemoteError(.accessDenied, "\(path): is a folder")
    default: throw RemoteError(.notFound, "\(path): no such file")
    }
  }

  mutating func makeFolder(_ path: WindowsPath) throws(RemoteError) {
    let key = FileKey(path.text)
    guard node(key) == nil else { throw RemoteError(.alreadyExists, "\(path): exists already") }
    try checkParent(of: path, key)
    set(key, .folder(name: path.name))
  }

  mutating func write(_ bytes: [UInt8], to path: WindowsPath, at date: Double) throws(RemoteError) {
    let key = FileKey(path.text)
    switch node(key) {
    case .folder?: throw RemoteError(.accessDenied, "\(path): is a folder")
    case .file(let name, _, _)?: set(key, .file(name: name, bytes: bytes, modified: date))
    default:
      try checkParent(of: path, key)
      set(key, .file(name: path.name, bytes: bytes, modified: date))
    }
  }

  func list(_ folder: WindowsPath) throws(RemoteError) -> [RemoteEntry] {
    let key = FileKey(folder.text)
    guard case .folder? = node(key) else {
      throw RemoteError(.notFound, "\(folder): no such folder")
    }
    var entries: [RemoteEntry] = []
    for child in base.children[key] ?? [] where place(child) == nil {
      if let entry = base.nodes[child].flatMap(MemoryFiles.entry) { entries.append(entry) }
    }
    for (place, file) in changed where key.holds(place) {
      if let entry = MemoryFiles.entry(file) { entries.append(entry) }
    }
    return entries.sorted { $0.name < $1.name }
  }

  func entry(_ path: WindowsPath) -> RemoteEntry? { node(FileKey(path.text)).flatMap(MemoryFiles.entry) }

  mutating func removeFile(_ path: WindowsPath) throws(RemoteError) {
    let key = FileKey(path.text)
    guard case .file? = node(key) else { throw RemoteError(.notFound, "\(path): no such file") }
    forget(key)
  }

  mutating func removeFolder(_ path: WindowsPath) throws(RemoteError) {
    let key = FileKey(path.text)
    guard case .folder? = node(key) else { throw RemoteError(.notFound, "\(path): no such folder") }
    guard try list(path).isEmpty else {
      throw RemoteError(.accessDenied, "\(path): the folder is not empty")
    }
    forget(key)
  }

  private mutating func forget(_ key: FileKey) {
    if base.nodes[key] != nil { return set(key, .gone) }
    guard let place = place(key) else { return }
    changed.remove(at: place)
    // An endpoint that is done with must not keep the room that its staging needed.
    if changed.count < 3, changed.capacity > 6 { changed = changed.map { $0 } }
  }

  private func checkParent(of path: WindowsPath, _ key: FileKey) throws(RemoteError) {
    guard let parent = key.parent, case .folder? = node(parent) else {
      throw RemoteError(.notFound, "\(path): the folder above it is not there")
    }
  }

  private static func entry(_ node: SimulatedFile) -> RemoteEntry? {
    switch node {
    case .folder(let name): RemoteEntry(name: name, kind: .folder)
    case .file(let name, let bytes, let modified):
      RemoteEntry(name: name, kind: .file, size: UInt64(bytes.count), modified: Int64(modified))
    case .gone: nil
    }
  }
}
