/// A service's state, by the number that `sc.exe` prints.
package enum ServiceState: UInt32, Sendable, Hashable, CaseIterable {
  case stopped = 1
  case startPending, stopPending, running, continuePending, pausePending, paused
}

/// What `sc.exe query|queryex|start NAME` wrote.
///
/// Labels are in the endpoint's language, so lines count by their order below the service's name: type, state, two exit
/// codes, checkpoint, wait hint, and for `queryex` and `start` the process id. An error is a number before a colon, in
/// every language. What an SSH server or a shell printed before counts for nothing.
package struct ServiceOutput: Sendable, Hashable {
  package private(set) var state: ServiceState?
  /// Nil where it isn't printed, or is 0: the service doesn't run.
  package private(set) var processID: UInt32?
  /// The Windows error number, where `sc.exe` failed.
  package private(set) var error: UInt32?

  package init(_ bytes: [UInt8]) {
    var reader = ServiceReader()
    reader.read(bytes)
    self.init(reader)
  }

  package init(_ result: CommandResult) {
    var reader = ServiceReader()
    reader.read(result.output)
    if !result.errors.isEmpty { reader.read(result.errors) }
    self.init(reader)
  }

  private init(_ reader: ServiceReader) {
    state = reader.state
    processID = reader.state == nil || reader.processID == 0 ? nil : reader.processID
    error = reader.state == nil ? reader.failure ?? reader.otherNumber : nil
  }

  /// No service of that name is installed.
  package var isMissing: Bool { error == 1060 }
  package var isAccessDenied: Bool { error == 5 }
  package var isRunning: Bool { state == .running }
}
