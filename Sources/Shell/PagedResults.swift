import Commands
import Synchronization

/// Results that go to the terminal while they fit the window, and through a pager as soon as they don't.
final class PagedResults: ResultTarget {
  private struct State {
    var held = ""
    var lines = 0
    var pipe: (sink: ResultSink, process: Int32)?
  }

  let isTerminal = true
  private let pager: String
  private let height: Int
  private let console: any Console
  private let isOver: @Sendable () -> Bool
  private let state = Mutex(State())

  /// `height`: rows of the window, the prompt's among them.
  init(pager: String, height: Int, console: any Console, unless isOver: @escaping @Sendable () -> Bool) {
    self.pager = pager
    self.height = height
    self.console = console
    self.isOver = isOver
  }

  func write(_ text: String) throws {
    try state.withLock { state in
      if let pipe = state.pipe {
        try pipe.sink.write(text)
        return
      }
      state.held += text
      state.lines += text.utf8.count { $0 == 10 }
      guard state.lines >= height else { return }
      let pipe = try ResultSink.pipe(into: pager, unless: isOver)
      state.pipe = pipe
      let held = state.held
      state.held = ""
      try pipe.sink.write(held)
    }
  }

  /// Shows what was held back, or waits until the pager is left.
  func finish() async throws {
    let (held, pipe) = state.withLock { state in
      defer { (state.held, state.pipe) = ("", nil) }
      return (state.held, state.pipe)
    }
    guard let pipe else {
      if !held.isEmpty { try console.write(held) }
      return
    }
    try? pipe.sink.finish()
    let code = await LocalCommand.wait(for: pipe.process)
    if code == 126 || code == 127 {
      throw CommandError(.ownFiles, "the pager '\(OutputText.visible(pager))' could not be run; set pager off")
    }
  }
}
