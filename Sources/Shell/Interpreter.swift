package import Commands
import Remote

/// Runs lines: words to a command, its results to where the line sends them, its end to an exit code.
package struct Interpreter: Sendable {
  package let session: Session
  /// Command files that are being read, innermost last: one can't run itself.
  private let sources: [String]
  private static let deepest = 16

  package init(_ session: Session) { self.init(session, sources: []) }

  private init(_ session: Session, sources: [String]) {
    self.session = session
    self.sources = sources
  }

  /// One `-f FILE` or `-c LINE` of the command line.
  struct Input: Sendable {
    let source: any LineSource
    /// What the file is known by; nil for a line.
    let file: String?

    init(_ option: StartOptions.Input) throws(CommandError) {
      switch option {
      case .file(let path): (source, file) = (try StreamLines(path: path), LocalPath.canonical(path))
      case .line(let line): (source, file) = (TextLines(line), nil)
      }
    }
  }

  /// Runs them one after another, as if they were one file.
  func run(_ inputs: [Input]) async -> ExitCode {
    var result = ExitCode.success
    for input in inputs {
      let sources = sources + [input.file].compactMap(\.self)
      let code = await Interpreter(session, sources: sources).run(input.source)
      result = result.combined(with: code)
      if session.leaves || code == .interrupted { break }
      if !code.isSuccess, await !goesOn { break }
    }
    return result
  }

  private var goesOn: Bool {
    get async { session.keepsGoing ? true : await session.state.settings.goesOnAfterErrors }
  }

  /// Runs all lines of a source. Stops at the first that ends with another code than 0, unless the session keeps going;
  /// then the largest code is returned.
  package func run(_ source: any LineSource) async -> ExitCode {
    var result = ExitCode.success
    while !session.leaves {
      do {
        guard let line = try await source.next() else { break }
        let code = await run(line)
        result = result.combined(with: code)
        if code == .interrupted { return code }
        if !code.isSuccess, await !goesOn { return code }
      } catch {
        return result.combined(with: report(error, at: (error as? PlacedError)?.place))
      }
    }
    return result
  }

  /// Runs one command whose words a login shell has cut already.
  package func run(words: [String]) async -> ExitCode {
    do {
      if words.count > 1, words.last == "&" {
        throw CommandError(
          .misuse, "'&' is a part of lines, not of commands: give the line by -c, a file, or the prompt")
      }
      return try await runInView(try PreparedCommand(words, in: session.registry), at: nil, nil)
    } catch is OutputClosed {
      return .success
    } catch {
      return report(error, at: nil)
    }
  }

  /// Runs one line and says what went wrong with it.
  package func run(_ line: SourceLine) async -> ExitCode {
    let parsed: ParsedLine
    do {
      parsed = try ParsedLine(line.text, variables: { session.variables[$0] })
    } catch {
      return report(LineSecrecy.sayable(error, of: line.text), at: line.place)
    }
    if !parsed.remarks.isEmpty {
      let console = LineConsole(session.console, place: line.place)
      for remark in parsed.remarks { console.note(remark) }
    }
    return await run(parsed, at: line.place)
  }

  /// The largest code of the parts between `;` is returned: what comes behind a repair must not hide how that ended.
  /// What `||` made good is.
  private func run(_ line: ParsedLine, at place: String?) async -> ExitCode {
    var (before, result) = (ExitCode.success, ExitCode.success)
    for (index, step) in line.steps.enumerated() {
      switch step.connector {
      case .ifSucceeded where !result.isSuccess: continue
      case .ifFailed where result.isSuccess: continue
      case .always: before = before.combined(with: result)
      default: break
      }
      let isBackground = line.isBackground && index == line.steps.count - 1
      do {
        try Task.checkCancellation()
        result = try await run(step.body, at: place, isBackground ? BackgroundTicket() : nil)
      } catch is OutputClosed {
        // The reader had enough: nothing went wrong, and there is nobody to tell.
        result = .success
      } catch {
        result = report(error, at: place)
      }
      if session.leaves || result == .interrupted { break }
    }
    return result == .interrupted ? result : before.combined(with: result)
  }

  private func report(_ error: any Error, at place: String?) -> ExitCode {
    let rendered = RenderedError(error)
    LineConsole(session.console, place: place).note(rendered.message)
    return rendered.exitCode
  }
}

// One step of a line.
extension Interpreter {
  private func run(_ body: ParsedLine.Body, at place: String?, _ ticket: BackgroundTicket?) async throws -> ExitCode {
    switch body {
    case .local(let command):
      session.console.progress(nil)
      return ExitCode(rawValue: await LocalCommand.wait(for: try LocalCommand.spawn(command)))
    case .command(let words, let redirect, let pipe):
      let words = words.map(\.text)
      if let redirect {
        // Parsed before the file is opened: a mistake must not empty it.
        let command = try PreparedCommand(words, in: session.registry)
        let sink = try ResultSink.file(redirect, unless: isOver(ticket))
        let code = await outcome { try await run(command, at: place, sink: sink, ticket) }
        if let background = ticket?.run {
          await finish(sink, after: background, at: place)
        } else {
          try sink.finish()
        }
        return try code.get()
      }
      let command = try PreparedCommand(words, in: session.registry)
      guard let pipe else { return try await runInView(command, at: place, ticket) }
      let (sink, process) = try ResultSink.pipe(into: pipe, unless: isOver(ticket))
      let code = await outcome { try await run(command, at: place, sink: sink, ticket) }
      if let background = ticket?.run {
        await background.afterwards {
          try? sink.finish()
          _ = await LocalCommand.wait(for: process)
        }
        return try code.get()
      }
      try? sink.finish()
      let local = await LocalCommand.wait(for: process)
      if local == 126 || local == 127 {
        throw CommandError(.ownFiles, "the local command behind '|' could not be run")
      }
      if case .failure(let error) = code, error is OutputClosed { return .success }
      return try code.get()
    }
  }

  /// Whether results that nobody reads are waited for no more. A ^C at the prompt is none of a run's behind it.
  private func isOver(_ ticket: BackgroundTicket?) -> @Sendable () -> Bool {
    guard let ticket else { return { [bell = session.services.bell] in bell.isHeard } }
    return { ticket.run.map { $0.condition == .stopping } ?? false }
  }

  /// Closes the file of a run behind the prompt when that has said its last word.
  private func finish(_ sink: ResultSink, after run: BackgroundRun, at place: String?) async {
    await run.afterwards { [session] in
      do { try sink.finish() } catch {
        LineConsole(session.console, place: place).note(RenderedError(error).message)
      }
    }
  }

  private func outcome(_ work: () async throws -> ExitCode) async -> Result<ExitCode, any Error> {
    do { return .success(try await work()) } catch { return .failure(error) }
  }

  /// Runs it on the terminal: through the pager where one is set and the results are longer than the window.
  private func runInView(
    _ command: PreparedCommand, at place: String?, _ ticket: BackgroundTicket?
  ) async throws -> ExitCode {
    let traits = session.console.traits
    guard let pager = await session.state.settings.pager, traits.outputIsTerminal, traits.isInteractive, ticket == nil,
      command.isLookedAt
    else { return try await run(command, at: place, sink: nil, ticket) }
    let paged = PagedResults(pager: pager, height: traits.height, console: session.console, unless: isOver(nil))
    let code = await outcome { try await run(command, at: place, sink: paged, nil) }
    try await paged.finish()
    if case .failure(let error) = code, error is OutputClosed { return .success }
    return try code.get()
  }

  private func run(
    _ prepared: PreparedCommand, at place: String?, sink: (any ResultTarget)?, _ ticket: BackgroundTicket?
  ) async throws -> ExitCode {
    let colour = await session.state.settings.text(.color)
    let console = LineConsole(session.console, place: place, sink: sink, colour: colour)
    switch prepared {
    case .help(let type):
      try console.write(HelpText.fitted(HelpText.of(type, width: console.traits.width), in: console.traits))
      return .success
    case .command(let command, let words):
      let type = Swift.type(of: command)
      if ticket != nil && !type.manual.mayRunInBackground {
        throw CommandError(.misuse, "\(type.name) can't run behind the prompt; leave out the '&'")
      }
      let invocation = await invocation(for: command, words, console, ticket)
      do { return try await command.run(in: invocation) } catch is OutputClosed
        where (command as? any JudgingCommand)?.isJudging == true
      {
        return Self.endedUnread(command, console)
      }
    }
  }

  /// The reader has gone before the command had its verdict, which 0 would be one of.
  private static func endedUnread(_ command: any ShellCommand, _ console: LineConsole) -> ExitCode {
    console.note("\(type(of: command).name): nobody reads its results any more; it ended before its verdict")
    return .ownFiles
  }

  private func invocation(
    for command: any ShellCommand, _ words: [String], _ console: LineConsole, _ ticket: BackgroundTicket?
  ) async -> Invocation {
    let asked = (command as? any ResultCommand)?.output.format ?? session.format
    var invocation = Invocation(
      settings: await session.state.settings, secrets: session.state.secrets, console: console,
      format: asked ?? (console.traits.outputIsTerminal ? .table : .tsv), folders: session.folders,
      services: session.services, registry: session.registry, state: session.state,
      lookups: await session.lookups(), isOneShot: session.isOneShot, ticket: ticket, words: words,
      shell: self)
    invocation.isLooking = (command as? any LookingCommand)?.isLooking ?? false
    return invocation
  }
}

extension Interpreter {
  /// What Tab and the prompt know of the current server before it is asked anything.
  func loadLookups() async {
    let invocation = Invocation(
      settings: await session.state.settings, secrets: session.state.secrets, console: LineConsole(session.console),
      format: .tsv, folders: session.folders, services: session.services, registry: session.registry,
      state: session.state, lookups: await session.lookups(), isOneShot: session.isOneShot,
      words: [], shell: self)
    await invocation.loadLookups()
  }
}

extension Interpreter: ShellActions {
  package func leave() { session.leave() }

  package func source(_ path: String) async throws -> ExitCode {
    let inner = try Self.nested(path, in: sources)
    return await Interpreter(session, sources: inner).run(try StreamLines(path: path))
  }

  /// The files that are being read, with one more; one can't run itself, however it is spelt.
  static func nested(_ path: String, in sources: [String]) throws(CommandError) -> [String] {
    let file = LocalPath.canonical(path)
    guard !sources.contains(file) else {
      throw CommandError(.unusableInput, "\(OutputText.visible(path)) is being read already: it would never end")
    }
    guard sources.count < deepest else {
      throw CommandError(.unusableInput, "command files are nested over \(deepest) deep")
    }
    return sources + [file]
  }

  package func complete(line: String, cursor: Int) async -> LookupResult {
    Completer(registry: session.registry, lookups: await session.lookups()).complete(line: line, cursor: cursor)
  }
}
