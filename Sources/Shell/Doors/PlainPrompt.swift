import CEditline
package import Commands
import Synchronization

/// Lines of a terminal that can do no more than lines (`TERM=dumb`): no editing, no completion, no history.
package final class PlainPrompt: PromptReader {
  private struct State {
    /// Who waits for what is typed next.
    var waiter: CheckedContinuation<PromptInput, Never>?
    /// A line is being read; it outlives a ^C, which ends only the waiting for it.
    var isReading = false
  }

  private let lines = StreamLines(descriptor: 0, name: "prompt", joinsLines: false)
  private let console: any Console
  private let state = Mutex(State())

  package init(console: any Console) { self.console = console }

  package func readLine(prompt: String, isProduction: Bool) async -> PromptInput {
    let terminal = console as? TerminalConsole
    guard (try? console.write(prompt + " ")) != nil else { return .end }
    terminal?.stand(at: prompt)
    defer { terminal?.stand(at: nil) }
    return await withCheckedContinuation { waiter in
      let begins = state.withLock { state in
        state.waiter = waiter
        defer { state.isReading = true }
        return !state.isReading
      }
      if begins { Task { await read() } }
    }
  }

  private func read() async {
    let input: PromptInput
    do {
      if let line = try await lines.next() {
        input = .line(line.text)
      } else {
        try? console.write("\n")
        input = .end
      }
    } catch let error as PlacedError {
      LineConsole(console).note(error.message)
      input = .cancelled
    } catch {
      input = .end
    }
    settle(input, hasRead: true)
  }

  private func settle(_ input: PromptInput, hasRead: Bool) {
    let waiter = state.withLock { state in
      if hasRead { state.isReading = false }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: input)
  }

  package func interrupt() {
    guard state.withLock({ $0.waiter != nil }) else { return }
    // What was typed of the line; the terminal does the same where it was its own ^C.
    ce_discard_input(0)
    try? console.write("\n")
    settle(.cancelled, hasRead: false)
  }

  package func remember(_ line: String, onDisk: Bool) async {}
  package func stop() async {}
}
