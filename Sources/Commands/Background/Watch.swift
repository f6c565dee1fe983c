import ArgumentParser
import Runs

/// `watch [N]`
struct Watch: LookingCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Look on while a run goes on: wave, rate, time left, outcomes, what failed last.",
    discussion: """
      Draws the same lines over again until the run has ended; ^C ends the looking, not the run. Runs of other apexsh \
      processes can be watched too. In a pipe it says once how the run stands.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [
      .init("watch", "the run behind the prompt, or the newest"),
      .init("watch 7", "in a second window, while another apexsh carries run 7"),
    ],
    exitCodes: [.unusableInput, .ownFiles])
  @Argument(help: ArgumentHelp("The run; the one behind the prompt, else the newest.", valueName: "run"))
  var number: RunNumber?

  func run(in invocation: Invocation) async throws -> ExitCode {
    let background = invocation.services.background
    let current = try? invocation.journal()
    let own =
      if let number { background.run(number.value, in: current) } else {
        background.active.last { $0.journal === current } ?? background.active.last
      }
    let journal = try own?.journal ?? invocation.journal()
    let record = try journal.record(ofRun: own?.number ?? number?.value)
    guard invocation.console.traits.outputIsTerminal else { return try once(record, own, journal, invocation) }
    do { try await look(at: record, own, journal, invocation) } catch is CancellationError {
      invocation.console.stand(nil)
      if own?.code == nil { invocation.sayThatGoesOn([record.number], isForeign: own == nil) }
    }
    return .success
  }

  private func once(
    _ record: RunRecord, _ own: BackgroundRun?, _ journal: Journal, _ invocation: Invocation
  ) throws -> ExitCode {
    let view = try RunView(record, in: journal, carriedBy: own)
    try invocation.console.write(view.lines(slowest: 5, failures: 5).map { $0 + "\n" }.joined())
    return .success
  }

  private func look(
    at first: RunRecord, _ own: BackgroundRun?, _ journal: Journal, _ invocation: Invocation
  ) async throws {
    let console = invocation.console
    var record = first
    while true {
      let began = ContinuousClock.now
      let isLast = own?.code != nil || record.state != .running
      let view = try RunView(record, in: journal, carriedBy: own)
      let room = max(1, (console.traits.height - 8) / 2)
      guard console.stand(view.lines(slowest: min(room, 8), failures: min(room, 8))) else {
        _ = try once(record, own, journal, invocation)
        return
      }
      if isLast { break }
      // Reading a large run takes its time, and the run writes to the same journal.
      let pause = max(Duration.milliseconds(500), (ContinuousClock.now - began) * 10)
      try await Task.sleep(for: pause)
      record = try journal.record(ofRun: record.number)
    }
    console.stand(nil)
  }
}
