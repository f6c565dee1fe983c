import Remote
import Synchronization

/// One simulated Windows machine: files, services, registry. It knows no time but what it is told, and no connection.
final class SimulatedWindows: Sendable {
  /// What never changes about a machine.
  struct Identity: Sendable {
    let name: String
    let architecture: AgentSpec.Architecture
    /// Seconds that each operation takes at least.
    let latency: Double
    let fault: Fault
    let isOtherVariant: Bool
    let toolTime: Double
    let settleTime: Double
    /// Seconds to connect and log on.
    let connectTime: Double
    let guid: String
    let domain: String
    /// Seconds of lab time from which on it is switched on.
    var wakes = 0.0

    /// What it calls itself: a machine that answers under another's name is not that one.
    var ownName: String { fault == .otherMachine ? "PC-" + name.drop { !$0.isNumber } : name }
    /// How many of the seconds to connect and log on lie between a password and its answer.
    var logonTime: Double { min(connectTime, fault == .slow ? 2 + latency : 0.05 + 3 * latency) }
  }

  let identity: Identity
  private let live: Mutex<Live>

  struct Live: Sendable {
    var state: MachineState
    var files: MemoryFiles
    /// Where its changes are kept on disk; nil for a machine that lives in memory only, or was always on disk in whole.
    var kept: KeptMachine?
    /// Where the machine is on disk in whole, if it is.
    var folder: MachineFolder?
  }

  /// A machine in memory, or with a place on disk one whose changes are kept there.
  init(_ identity: Identity, state: MachineState, base: BaseTree, place: KeptMachine.Place? = nil) {
    self.identity = identity
    live = Mutex(Live(state: state, files: MemoryFiles(base: base), kept: place.map { KeptMachine($0) }))
  }

  /// A machine on disk in whole.
  init(_ identity: Identity, state: MachineState, folder: MachineFolder) {
    self.identity = identity
    live = Mutex(Live(state: state, files: MemoryFiles(base: BaseTree()), folder: folder))
  }

  /// Where the machine is on disk in whole; nil while it isn't.
  var folder: MachineFolder? {
    live.withLock { live in
      live.refresh()
      return live.folder
    }
  }

  /// Puts a machine that is kept on disk there in whole.
  func move() throws(LabError) {
    do {
      try live.withLock { (live) throws(RemoteError) in if live.folder == nil { try live.move() } }
    } catch { throw LabError(error.message) }
  }

  /// Looks at and changes the state as it is at `date`, alone. `body` may be called twice, and does nothing else.
  func state<T: Sendable>(at date: Double, _ body: (inout MachineState) -> T) -> T {
    live.withLock { live in
      live.refresh()
      if let folder = live.folder { return folder.withState(at: date, body) }
      guard live.kept != nil else {
        live.state.catchUp(date)
        return body(&live.state)
      }
      let isOverdue = live.state.catchUp(inSessionAt: date)
      var changed = live.state
      var result = body(&changed)
      guard isOverdue || changed != live.state else { return result }
      // Once more, on what other processes may have made of it meanwhile. What can't be kept is seen at the next look:
      // the machine is as it was.
      try? live.alone { live in
        if let folder = live.folder {
          result = folder.withState(at: date, body)
          return nil
        }
        _ = live.state.catchUp(inSessionAt: date)
        result = body(&live.state)
        live.state.savedAt = date
        return .state(live.state)
      }
      return result
    }
  }

  // MARK: files

  private func look<T: Sendable>(
    _ inMemory: (MemoryFiles) throws(RemoteError) -> T, onDisk: (DiskFiles) throws(RemoteError) -> T
  ) throws(RemoteError) -> T {
    try live.withLock { (live) throws(RemoteError) in
      live.refresh()
      if let folder = live.folder { return try onDisk(folder.files) }
      return try inMemory(live.files)
    }
  }

  /// `inMemory`: says what it did, as a machine's log keeps it.
  private func change(
    _ inMemory: (inout MemoryFiles) throws(RemoteError) -> MachineChange,
    onDisk: (DiskFiles) throws(RemoteError) -> Void
  ) throws(RemoteError) {
    try live.withLock { (live) throws(RemoteError) in
      try live.alone { (live) throws(RemoteError) in
        guard let folder = live.folder else { return try inMemory(&live.files) }
        try onDisk(folder.files)
        return nil
      }
    }
  }

  func isFolder(_ path: WindowsPath) -> Bool {
    (try? look({ $0.isFolder(path) }, onDisk: { $0.isFolder(path) })) ?? false
  }

  func read(_ path: WindowsPath) throws(RemoteError) -> [UInt8] {
    try look(
      { (files) throws(RemoteError) in try files.read(path) },
      onDisk: { (files) throws(RemoteError) in try files.read(path) })
  }

  func read(_ file: KnownFile) throws(RemoteError) -> [UInt8] {
    if let bytes = bytes(of: file) { return bytes }
    return try read(file.path)
  }

  /// Nil where it is no file, or can't be read.
  func bytes(of file: KnownFile) -> [UInt8]? {
    (try? look({ $0.bytes(file.key) }, onDisk: { try? $0.read(file.path) })) ?? nil
  }

  func list(_ path: WindowsPath) throws(RemoteError) -> [RemoteEntry] {
    try look(
      { (files) throws(RemoteError) in try files.list(path) },
      onDisk: { (files) throws(RemoteError) in try files.list(path) })
  }

  /// What is there under a path.
  func entry(_ path: WindowsPath) -> RemoteEntry? {
    (try? look({ $0.entry(path) }, onDisk: { $0.entry(path) })) ?? nil
  }

  func makeFolder(_ path: WindowsPath) throws(RemoteError) {
    try change(
      { (files) throws(RemoteError) in
        try files.makeFolder(path)
        return .folder(path: path.text)
      }, onDisk: { (files) throws(RemoteError) in try files.makeFolder(path) })
  }

  func write(_ bytes: [UInt8], to path: WindowsPath, at date: Double) throws(RemoteError) {
    try change(
      { (files) throws(RemoteError) in
        // A file that is there keeps the spelling of its name.
        let name = files.entry(path)?.name
        try files.write(bytes, to: path, at: date)
        let spelled = name.flatMap { path.parent?.appending($0) } ?? path
        return .file(path: spelled.text, bytes: bytes, modified: date)
      }, onDisk: { (files) throws(RemoteError) in try files.write(bytes, to: path) })
  }

  func removeFile(_ path: WindowsPath) throws(RemoteError) {
    try change(
      { (files) throws(RemoteError) in
        try files.removeFile(path)
        return .removed(path: path.text)
      }, onDisk: { (files) throws(RemoteError) in try files.removeFile(path) })
  }

  func removeFolder(_ path: WindowsPath) throws(RemoteError) {
    try change(
      { (files) throws(RemoteError) in
        try files.removeFolder(path)
        return .removed(path: path.text)
      }, onDisk: { (files) throws(RemoteError) in try files.removeFolder(path) })
  }

  // MARK: the agent

  /// The bytes of the agent's certificate file; nil where there is none.
  func agentCertificate(at date: Double) -> [UInt8]? {
    guard let agent = state(at: date, { $0.agent }) else { return nil }
    return try? read(WindowsPath(agent.folder).appending(ProductNames.certificate))
  }

  /// The machine goes down after `wait` seconds and is back `seconds` later; its services come up a little later.
  func reboot(now: Double, after wait: Double = 0, for seconds: Double) {
    state(at: now) { state in
      state.downFrom = now + wait
      state.downFor = seconds
    }
  }
}
