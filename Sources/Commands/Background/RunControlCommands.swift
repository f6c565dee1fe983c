import ArgumentParser
import Runs

/// `pause N`
struct Pause: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start no more agents of a run for now; those under way go on to their end.")
  static let manual = CommandManual(
    group: .runs, examples: [.init("pause 7", "until: continue 7")], exitCodes: [.unusableInput])
  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber

  func run(in invocation: Invocation) async throws -> ExitCode {
    let run = try invocation.backgroundRun(number)
    if run.condition == .stopping { return run.saysStopping(invocation.console) }
    run.controls.pause(true)
    let under = run.tally.inFlight
    invocation.console.note(
      "run \(run.number) is paused\(under == 0 ? "" : "; \(NumberText.grouped(under)) under way finish"); to go on: continue \(run.number)"
    )
    return .success
  }
}

/// `continue N`
struct Continue: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "continue", abstract: "Let a paused run go on; ends a pause between two waves, too.")
  static let manual = CommandManual(
    group: .runs, examples: [.init("continue 7", "after pause 7")], exitCodes: [.unusableInput])
  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber

  func run(in invocation: Invocation) async throws -> ExitCode {
    let run = try invocation.backgroundRun(number)
    if run.condition == .stopping { return run.saysStopping(invocation.console) }
    run.controls.proceed()
    invocation.console.note("run \(run.number) goes on")
    return .success
  }
}

/// `throttle N COUNT`
struct Throttle: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "throttle", abstract: "Change how many agents a run works on at once.",
    discussion: "More are started at once; fewer are worked on as those under way end.")
  static let manual = CommandManual(
    group: .runs, examples: [.init("throttle 7 16", "16 at a time from now on")], exitCodes: [.unusableInput])
  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber
  @Argument(help: ArgumentHelp("Agents at once: \(Throttle.form.description).", valueName: "count")) var count: Int

  private static let form = SettingKey.parallel.definition.form

  func validate() throws {
    if try Self.form.canonical(String(count)) != nil { return }
    throw ValidationError("'\(count)' agents at once: it must be \(Self.form.description)")
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    let run = try invocation.backgroundRun(number)
    if run.condition == .stopping { return run.saysStopping(invocation.console) }
    run.controls.throttle(count)
    invocation.console.note("run \(run.number): \(count) at a time")
    return .success
  }
}

/// `stop N`
struct Stop: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Start no more agents of a run and let it end; what ^C is in the foreground.",
    discussion: """
      Those under way finish. Said again, it cuts what has executed nothing yet; a third time it cuts everything, after \
      naming the endpoints that this may leave unprotected. resume carries the run on later.
      """)
  static let manual = CommandManual(
    group: .runs, examples: [.init("stop 7", "ends run 7 in good order")], exitCodes: [.unusableInput])
  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber

  func run(in invocation: Invocation) async throws -> ExitCode {
    let run = try invocation.backgroundRun(number)
    invocation.console.note("run \(run.number): \(InterruptText.of(run.controls.interrupts + 1, run.controls))")
    run.controls.interrupt()
    return .success
  }
}

extension BackgroundRun {
  /// There is nothing more to pause or to hurry.
  fileprivate func saysStopping(_ console: any Console) -> ExitCode {
    console.note("run \(number) is stopping already: no more agents are started")
    return .success
  }
}
