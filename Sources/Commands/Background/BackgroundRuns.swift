import Runs
import Synchronization

/// The runs that this session has put behind the prompt, in the order in which they began.
package final class BackgroundRuns: Sendable {
  private struct State {
    var runs: [BackgroundRun] = []
    var onBegin: (@Sendable () -> Void)?
    var isStopped = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Those that go on.
  package var active: [BackgroundRun] { all.filter { $0.code == nil } }
  package var isActive: Bool { !active.isEmpty }
  private var all: [BackgroundRun] { state.withLock { $0.runs } }

  /// Called when a run begins while no other goes on.
  package func onBegin(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onBegin = action } }

  func add(_ run: BackgroundRun) {
    let tell = state.withLock { state -> (@Sendable () -> Void)? in
      let isFirst = !state.runs.contains { $0.code == nil }
      state.runs.append(run)
      return isFirst ? state.onBegin : nil
    }
    tell?()
  }

  /// The newest run of that number: of `journal`, else of any, one that goes on before others. The session may have moved
  /// on to another server since, whose journal is another one.
  func run(_ number: Int, in journal: Journal?) -> BackgroundRun? {
    let fitting = all.filter { $0.number == number }
    return fitting.last { $0.journal === journal } ?? fitting.last { $0.code == nil } ?? fitting.last
  }

  /// The counter of the prompt: `7: 123/4,211`; nil where nothing goes on.
  package var counter: String? {
    let runs = active
    guard let first = runs.first else { return nil }
    let tallies = runs.map(\.tally)
    let (done, planned) = tallies.reduce((0, 0)) { ($0.0 + $1.done, $0.1 + $1.planned) }
    let name = runs.count == 1 ? "\(first.number)" : "\(runs.count) runs"
    let condition = runs.count == 1 && first.condition != .running ? " \(first.condition.rawValue)" : ""
    return "\(name): \(NumberText.grouped(done))/\(NumberText.grouped(planned))\(condition)"
  }

  /// No run starts more agents; what runs goes on to its end.
  package func stopAll() {
    state.withLock { $0.isStopped = $0.isStopped || $0.runs.contains { $0.code == nil } }
    interrupt(upTo: 1)
  }

  /// What a session ends with: 130 where its end has stopped a run.
  package var codeOfStopped: ExitCode { state.withLock { $0.isStopped } ? .interrupted : .success }

  /// As `count` interrupts since the run began would have it, those that it had included.
  package func interrupt(upTo count: Int) {
    for run in active {
      while run.controls.interrupts < count { run.controls.interrupt() }
    }
  }

  /// Waits for all that go on, whatever becomes of the caller's task.
  package func ended() async {
    while let run = active.first { await run.ended() }
  }

  /// Waits for `runs`, their progress shown; cancelled, it throws, and they go on.
  package func wait(for runs: [BackgroundRun], _ console: any Console) async throws {
    defer { console.progress(nil) }
    while runs.contains(where: { $0.code == nil }) {
      let numbers = runs.map { "\($0.number)" }.joined(separator: ", ")
      console.progress(ProgressSnapshot("run \(numbers)", of: runs.map(\.tally)))
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// The largest code of the runs that have ended and that nobody has asked for yet.
  package func takeCodes(of runs: [BackgroundRun]? = nil) -> ExitCode {
    (runs ?? all).compactMap { $0.takeCode() }.reduce(.success) { $0.combined(with: $1) }
  }
}

extension BackgroundRuns {
  /// At the end of a session or a command file: waits for what goes on. Each ^C is one for the runs.
  package func settle(_ console: any Console, _ bell: InterruptBell) async {
    let runs = active
    if runs.isEmpty { return }
    let names = runs.map { "run \($0.number)" }.joined(separator: ", ")
    // What ended the lines or the session was one already, where it stopped them.
    let next = (runs.map(\.controls.interrupts).min() ?? 0) + 1
    let condition = next > 1 ? ", which \(runs.count == 1 ? "is" : "are") stopping" : ""
    console.note("waiting for \(names)\(condition) (^C: \(InterruptText.brief(next)))")
    await bell.taken { ring in
      for run in runs where run.code == nil && ring != .end {
        console.note("run \(run.number): \(InterruptText.of(run.controls.interrupts + 1, run.controls))")
        run.controls.interrupt()
      }
    } during: {
      // Cancelled, there is no progress to show; what is under way is waited for all the same.
      try? await wait(for: runs, console)
      await ended()
    }
  }
}
