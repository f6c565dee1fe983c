import Remote
import Synchronization

/// The reins of a run, for any thread: ^C, pause, throttle.
///
/// First interrupt: no more agents are started. Second: those that have not executed anything yet are cut. Third: all
/// are cut. Between execute and settle only the third cuts, since a closed connection ends the tool in mid-work.
package final class RunControls: Sendable {
  private struct State {
    var interrupts = 0
    var active: [Int: Active] = [:]
    /// Connections that are being opened, and the interrupt that ends that.
    var openings: [Int: (last: Int, cancel: @Sendable () -> Void)] = [:]
    /// Where a tool was started, and nobody has seen yet that the services run.
    var unseen: [Int: String] = [:]
    var isPaused = false
    var proceeds = 0
    var wereUsed = false
    var parallel: Int?
    var onInterrupt: (@Sendable () -> Void)?
    var onChange: (@Sendable () -> Void)?
    /// Ends what the run itself asks of the server.
    var cut: (@Sendable () -> Void)?
  }

  private struct Active {
    var host: any Host
    var isExecuting = false
  }

  private let state = Mutex(State())

  package init() {}

  /// The interrupt that cuts what has executed nothing yet, and the one that cuts everything.
  static let (idleCut, fullCut) = (2, 3)

  package var interrupts: Int { state.withLock { $0.interrupts } }
  var cutsIdle: Bool { interrupts >= RunControls.idleCut }
  var cutsAll: Bool { interrupts >= RunControls.fullCut }

  /// Endpoints where a tool was started and the services were not seen running since, in plan order: cutting may leave
  /// them unprotected.
  package var unseen: [String] {
    state.withLock { state in state.unseen.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Its services were seen running, or it has its outcome.
  func seen(_ position: Int) { state.withLock { $0.unseen[position] = nil } }

  package func interrupt() {
    let (hosts, cancels, tell, cutOwn) = state.withLock {
      state -> ([any Host], [@Sendable () -> Void], (@Sendable () -> Void)?, (@Sendable () -> Void)?) in
      state.interrupts += 1
      let cancels = state.openings.values.filter { state.interrupts >= $0.last }.map { $0.cancel }
      let cut = state.active.values.filter {
        state.interrupts >= RunControls.fullCut || (state.interrupts == RunControls.idleCut && !$0.isExecuting)
      }
      return (cut.map(\.host), cancels, state.onInterrupt, state.cut)
    }
    for host in hosts { host.abort() }
    for cancel in cancels { cancel() }
    cutOwn?()
    tell?()
  }

  /// Runs what the run itself asks of the server, in a task that any interrupt cancels; one that came before, too. The
  /// caller's place on its clock is that task's meanwhile.
  func cutting<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    let task = Task { try await work() }
    let isCut = state.withLock { state in
      state.cut = { task.cancel() }
      return state.interrupts > 0
    }
    if isCut { task.cancel() }
    let result = await task.result
    state.withLock { $0.cut = nil }
    return try result.get()
  }

  func onInterrupt(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onInterrupt = action } }

  /// While paused no more agents are started; those that began go on to their end.
  package var isPaused: Bool { state.withLock { $0.isPaused } }

  package func pause(_ isPaused: Bool) { change { $0.isPaused = isPaused } }

  /// Ends a pause: one that was asked for, and one between two waves.
  package func proceed() {
    change {
      $0.isPaused = false
      $0.proceeds += 1
    }
  }

  /// Somebody paused, throttled or hurried the run.
  package var wereUsed: Bool { state.withLock { $0.wereUsed } }

  /// How often it was told to proceed.
  var proceeds: Int { state.withLock { $0.proceeds } }

  /// How many agents at a time, where that was changed since the run began.
  package var parallel: Int? { state.withLock { $0.parallel } }

  /// Takes effect at once when raised; when lowered, as agents end.
  package func throttle(_ parallel: Int) { change { $0.parallel = max(1, parallel) } }

  private func change(_ body: (inout State) -> Void) {
    let tell = state.withLock { state in
      body(&state)
      state.wereUsed = true
      return state.onChange
    }
    tell?()
  }

  func onChange(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onChange = action } }

  /// Opens an agent's connection in a task that the interrupt numbered `last` cancels; one that came before, too. The
  /// caller's place on its clock is that task's meanwhile.
  func opening<T: Sendable>(
    _ position: Int, until last: Int, _ work: @escaping @Sendable () async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    let task = Task { () async -> Result<T, RemoteError> in
      do throws(RemoteError) { return .success(try await work()) } catch { return .failure(error) }
    }
    let isCut = state.withLock { state in
      state.openings[position] = (last, { task.cancel() })
      return state.interrupts >= last
    }
    if isCut { task.cancel() }
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    state.withLock { $0.openings[position] = nil }
    return try result.get()
  }

  func opened(_ position: Int, _ host: any Host) {
    let cut = state.withLock { state in
      state.active[position] = Active(host: host)
      return state.interrupts >= RunControls.fullCut
    }
    if cut { host.abort() }
  }

  /// The same for what has executed nothing yet: false where the second interrupt was quicker.
  func mayExecute(_ position: Int, _ name: String) -> Bool {
    state.withLock { state in
      guard state.interrupts < RunControls.idleCut else { return false }
      state.unseen[position] = name
      state.active[position]?.isExecuting = true
      return true
    }
  }

  /// From now on only the third interrupt cuts its connection.
  func executing(_ position: Int, _ name: String) {
    state.withLock { state in
      state.unseen[position] = name
      state.active[position]?.isExecuting = true
    }
  }

  func closed(_ position: Int) { state.withLock { $0.active[position] = nil } }
}
