import Commands

/// What came of asking a person for a line.
package enum PromptInput: Sendable, Hashable {
  case line(String)
  /// ^C: the line is given up.
  case cancelled
  /// ^D on an empty line, or the terminal has gone.
  case end
}

/// A person's keyboard: the line editor, or plain lines where the terminal can do no more.
package protocol PromptReader: Sendable {
  func readLine(prompt: String, isProduction: Bool) async -> PromptInput
  /// More is known now than when the line that is being typed began: its prompt, and what Tab offers, become new.
  func refresh(prompt: String, isProduction: Bool) async
  /// Only the prompt has become another one.
  func show(prompt: String, isProduction: Bool)
  /// SIGINT came while a line is being typed: it is given up, as by ^C.
  func interrupt()
  /// Keeps a line for calling it back; `onDisk`: for the next sessions too.
  func remember(_ line: String, onDisk: Bool) async
  func stop() async
  /// Does `work` once, when the first prompt is on the screen: what no prompt needs must not hold it up.
  func afterShowing(_ work: @escaping @Sendable () -> Void)
}

extension PromptReader {
  package func afterShowing(_ work: @escaping @Sendable () -> Void) { work() }
}

extension PromptReader {
  package func refresh(prompt: String, isProduction: Bool) async {}
  package func show(prompt: String, isProduction: Bool) {}
  package func interrupt() {}
}

/// The interactive door.
struct PromptDoor: Sendable {
  let session: Session
  let reader: any PromptReader
  let foreground: @Sendable (@escaping @Sendable () async -> ExitCode) async -> ExitCode

  /// Until ^D or `exit`. A line that fails doesn't end it.
  func run() async -> ExitCode {
    let interpreter = Interpreter(session)
    // Beside the first prompt, which must not wait for a long list.
    reader.afterShowing {
      Task {
        await interpreter.loadLookups()
        await reader.refresh(prompt: promptText(), isProduction: session.state.settings.isProduction)
      }
    }
    session.services.background.onBegin { Task { await follow() } }
    var wasWarned = false
    while true {
      let line = await readWhole()
      if line?.isEmpty == true { continue }
      if let line {
        let decision = LineSecrecy.decide(line, in: session.registry)
        if decision != .drop { await reader.remember(line, onDisk: decision == .keep) }
        _ = await foreground { await interpreter.run(SourceLine(line)) }
      }
      if line != nil, !session.leaves { wasWarned = false } else if await mayLeave(&wasWarned) { break }
    }
    await reader.stop()
    return session.services.background.codeOfStopped
  }

  /// A session takes its runs along when it ends, so the first time it is only said.
  private func mayLeave(_ wasWarned: inout Bool) async -> Bool {
    let (background, console) = (session.services.background, LineConsole(session.console))
    guard let counter = background.counter else { return true }
    guard wasWarned else {
      console.note("a run goes on (\(counter)): wait for it, or leave again; it then starts no more agents")
      session.stay()
      wasWarned = true
      return false
    }
    background.stopAll()
    _ = await foreground {
      await background.settle(console, session.services.bell)
      return .success
    }
    return true
  }

  /// Keeps the counter in the prompt while anything goes on behind it.
  private func follow() async {
    while session.services.background.isActive {
      reader.show(prompt: await promptText(), isProduction: await session.state.settings.isProduction)
      try? await Task.sleep(for: .milliseconds(500))
    }
    await reader.refresh(prompt: promptText(), isProduction: session.state.settings.isProduction)
  }

  /// A line with those that continue it; empty where it was given up, nil at the end.
  private func readWhole() async -> String? {
    var whole = ""
    while true {
      let text = whole.isEmpty ? await promptText() : ">"
      switch await reader.readLine(prompt: text, isProduction: await session.state.settings.isProduction) {
      case .line(let line):
        guard line.last == "\\" else { return whole + line }
        whole += line.dropLast()
      case .cancelled: return ""
      case .end: return whole.isEmpty ? nil : whole
      }
    }
  }

  /// `apexsh hq (1,204 mismatched) [7: 123/4,211]>`; the reader puts the blank behind it.
  private func promptText() async -> String {
    var text = "apexsh"
    if let name = await session.state.contextName { text += " " + name }
    if let note = await session.state.promptNote { text += " (\(note))" }
    if let counter = session.services.background.counter { text += " [\(counter)]" }
    return text + ">"
  }
}
