import Remote
import Synchronization

/// The shell behind one connection: asked for when it is first needed, by one question however many wait for it.
final class ShellQuestion: Sendable {
  private typealias Answer = Task<Result<FarShell, RemoteError>, Never>

  private let label: String
  private let answer: Mutex<Answer?>

  /// `known`: where there is nothing to ask.
  init(label: String, known: FarShell?) {
    self.label = label
    answer = Mutex(known.map { known in Task { .success(known) } })
  }

  /// Somebody has asked, or there was nothing to ask.
  var isAsked: Bool { answer.withLock { $0 != nil } }

  /// `ask` sends `ShellProbe.line`, alone or before something else.
  func answer(
    _ ask: @escaping @Sendable () async -> Result<CommandResult, RemoteError>
  ) async throws(RemoteError) -> FarShell {
    let label = label
    let task = answer.withLock { answer -> Answer in
      if let answer { return answer }
      let task = Answer {
        await ask().flatMap { result in
          do throws(RemoteError) { return .success(try ShellProbe.read(result)) } catch {
            return .failure(RemoteError(error.kind, "\(label): \(error.message)"))
          }
        }
      }
      answer = task
      return task
    }
    return try await task.value.get()
  }
}

/// What the shells of a run's endpoints have shown: a fleet's are mostly of one kind, so what one didn't take is not
/// tried on all the others.
final class ShellCustoms: Sendable {
  private let sequences = Mutex(true)

  /// They take the question and several programs in one line.
  var takeSequences: Bool {
    get { sequences.withLock { $0 } }
    set { sequences.withLock { $0 = newValue } }
  }
}
