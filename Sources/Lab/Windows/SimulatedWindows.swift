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
  /// Where the machine is kept on disk; nil for one that lives in memory only.
  let folder: MachineFolder?

  struct Live: Sendable {
    var state: MachineState
    var files: MemoryFiles
  }

  init(_ identity: Identity, state: MachineState, base: BaseTree, folder: MachineFolder? = nil) {
    self.identity = identity
    self.folder = folder
    live = Mutex(Live(state: state, files: MemoryFiles(base: base)))
  }

  /// Looks at and changes the state as it is at `date`, alone.
  func state<T: Sendable>(at date: Double, _ body: (inout MachineState) -> T) -> T {
    if let folder { return folder.withState(at: date) { body(&$0) } }
    return live.withLock { live in
      live.state.catchUp(date)
      return body(&live.state)
    }
  }

  // MARK: files

  func isFolder(_ path: WindowsPath) -> Bool {
    if let folder { folder.files.isFolder(path) } else { live.withLock { $0.files.isFolder(path) } }
  }

  func read(_ path: WindowsPath) throws(RemoteError) -> [UInt8] {
    if let folder { return try folder.files.read(path) }
    return try live.withLock { (live) throws(RemoteError) in try live.files.read(path) }
  }

  func read(_ file: KnownFile) throws(RemoteError) -> [UInt8] {
    if let bytes = bytes(of: file) { return bytes }
    return try read(file.path)
  }

  /// Nil where it is no file, or can't be read.
  func bytes(of file: KnownFile) -> [UInt8]? {
    if let folder { return try? folder.files.read(file.path) }
    return live.withLock { $0.files.bytes(file.key) }
  }

  func list(_ path: WindowsPath) throws(RemoteError) -> [RemoteEntry] {
    if let folder { return try folder.files.list(path) }
    return try live.withLock { (live) throws(RemoteError) in try live.files.list(path) }
  }

  /// What is there under a path, of a machine in memory.
  func entry(_ path: WindowsPath) -> RemoteEntry? { live.withLock { $0.files.entry(path) } }

  func makeFolder(_ path: WindowsPath) throws(RemoteError) {
    if let folder { return try folder.files.makeFolder(path) }
    try live.withLock { (live) throws(RemoteError) in try live.files.makeFolder(path) }
  }

  func write(_ bytes: [UInt8], to path: WindowsPath, at date: Double) throws(RemoteError) {
    if let folder { return try folder.files.write(bytes, to: path) }
    try live.withLock { (live) throws(RemoteError) in
      try live.files.write(bytes, to: path, at: date)
    }
  }

  func removeFile(_ path: WindowsPath) throws(RemoteError) {
    if let folder { return try folder.files.removeFile(path) }
    try live.withLock { (live) throws(RemoteError) in try live.files.removeFile(path) }
  }

  func removeFolder(_ path: WindowsPath) throws(RemoteError) {
    if let folder { return try folder.files.removeFolder(path) }
    try live.withLock { (live) throws(RemoteError) in try live.files.removeFolder(path) }
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
