import Remote
import Synchronization

@testable import Commands

/// Remembers only how large the largest piece was.
final class CountingConsole: Console {
  private let size = Mutex(0)
  let traits = ConsoleTraits()
  var largest: Int { size.withLock { $0 } }
  func write(_ text: String) throws { size.withLock { $0 = max($0, text.utf8.count) } }
  func note(_ text: String) {}
  func progress(_ snapshot: ProgressSnapshot?) {}
  func ask(_ question: String) async throws -> String? { preconditionFailure("unexpected question") }
  func askSecret(_ question: String) async throws -> Secret? { preconditionFailure("unexpected question") }
}
