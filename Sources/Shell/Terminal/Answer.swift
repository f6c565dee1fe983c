import CEditline
import Foundation
package import Remote
import Synchronization

/// What a person answered to a question.
package enum Answer<Value: Sendable>: Sendable {
  case given(Value)
  /// ^C, or the asking task was cancelled.
  case cancelled
  /// ^D, or the terminal is gone.
  case endOfInput
  /// There is no terminal to ask at.
  case noTerminal
}

extension Answer: Equatable where Value: Equatable {}

/// Asks one line of the terminal, outside the line editor: a confirmation, a secret.
///
/// The kernel edits the line (so there is nothing of it in our memory but the answer). What was typed before the
/// question is thrown away: type-ahead is not an answer. The terminal's modes come back on every way out, a signal
/// that ends the process included.
package struct Asker: Sendable {
  private let terminal: Terminal
  private let output: TerminalOutput

  package init(terminal: Terminal, output: TerminalOutput) {
    self.terminal = terminal
    self.output = output
  }

  /// Shows `question` on standard error and reads one line, shown while it is typed.
  package func line(_ question: String) async -> Answer<String> { await ask(question, echo: true) }

  /// The same without showing it.
  package func secret(_ question: String) async -> Answer<Secret> {
    switch await ask(question, echo: false) {
    case .given(let text): .given(Secret(text))
    case .cancelled: .cancelled
    case .endOfInput: .endOfInput
    case .noTerminal: .noTerminal
    }
  }

  private func ask(_ question: String, echo: Bool) async -> Answer<String> {
    guard terminal.inputIsTerminal, let cancellation = CancellationPipe() else { return .noTerminal }
    return await withTaskCancellationHandler {
      // Reading blocks, so it has a thread of its own; Swift's are too few to be held.
      await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: ask(question, echo, cancellation)) }
        thread.name = "question"
        thread.start()
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// One question at a time; the terminal's modes are the process's.
  private static let asking = Mutex(())

  private func ask(_ question: String, _ echo: Bool, _ cancellation: CancellationPipe) -> Answer<String> {
    Self.asking.withLock { _ in askAlone(question, echo, cancellation) }
  }

  private func askAlone(_ question: String, _ echo: Bool, _ cancellation: CancellationPipe) -> Answer<String> {
    let input = Terminal.inputDescriptor
    output.clearProgress()
    guard ce_begin_asking(input, echo ? 1 : 0) == 0 else { return .noTerminal }
    defer { ce_end_asking(input) }
    output.writeError(question)
    let answer = CookedLine.read(input, cancelled: cancellation.read)
    // The newline that ended the line was not echoed, or there was none.
    if !echo || answer.given == nil { output.writeError("\n") }
    return answer
  }
}

extension Answer {
  package var given: Value? { if case .given(let value) = self { value } else { nil } }
}

/// Becomes readable when the task is cancelled.
private final class CancellationPipe: Sendable {
  let read: Int32
  private let write: Int32

  init?() {
    var descriptors: [Int32] = [-1, -1]
    guard ce_pipe(&descriptors) == 0 else { return nil }
    read = descriptors[0]
    write = descriptors[1]
  }

  deinit {
    close(read)
    close(write)
  }

  func cancel() {
    var byte: UInt8 = 1
    _ = Foundation.write(write, &byte, 1)
  }
}
