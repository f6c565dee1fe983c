import Remote
import Synchronization

/// An answer that an async caller waits for and a thread gives: the first one counts, later ones are dropped.
final class Reply<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Result<Value, RemoteError>, Never>)
    case given(Result<Value, RemoteError>)
    case taken
  }

  private let state = Mutex(State.open)

  /// True when this was the first answer.
  @discardableResult
  func give(_ result: Result<Value, RemoteError>) -> Bool {
    let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Result<Value, RemoteError>, Never>?) in
      switch state {
      case .open:
        state = .given(result)
        return (true, nil)
      case .waiting(let waiter):
        state = .taken
        return (true, waiter)
      case .given, .taken:
        return (false, nil)
      }
    }
    waiter?.resume(returning: result)
    return isFirst
  }

  /// Waits for the answer; called once.
  func value() async throws(RemoteError) -> Value {
    let result = await withCheckedContinuation { continuation in
      let given: Result<Value, RemoteError>? = state.withLock { state in
        if case .given(let result) = state {
          state = .taken
          return result
        }
        state = .waiting(continuation)
        return nil
      }
      if let given { continuation.resume(returning: given) }
    }
    return try result.get()
  }
}
