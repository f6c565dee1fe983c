import ArgumentParser
import Runs

/// `wait [N]`
struct Wait: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until runs behind the prompt have ended; gives their exit code.",
    discussion: """
      Without a number it waits for all of this session, and the largest code of those that nobody has waited for yet \
      is given. ^C ends the waiting, not the run. A run of another apexsh is waited for by its number.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [.init("wait", "for all of them"), .init("wait 7 && report 7", "the account when run 7 is through")],
    exitCodes: [.incomplete, .unusableInput, .ownFiles, .interrupted])
  @Argument(help: ArgumentHelp("The run; all of this session where it is left out.", valueName: "run"))
  var number: RunNumber?

  func run(in invocation: Invocation) async throws -> ExitCode {
    let background = invocation.services.background
    guard let number else {
      let runs = background.active
      try await patiently(runs.map(\.number), invocation) { try await background.wait(for: runs, invocation.console) }
      return background.takeCodes()
    }
    let journal = try? invocation.journal()
    guard let run = background.run(number.value, in: journal) else {
      return try await foreign(number, try invocation.journal(), invocation)
    }
    try await patiently([run.number], invocation) { try await background.wait(for: [run], invocation.console) }
    _ = background.takeCodes(of: [run])
    return run.code ?? .success
  }

  private func patiently(
    _ runs: [Int], isForeign: Bool = false, _ invocation: Invocation, _ wait: () async throws -> Void
  ) async throws {
    do { try await wait() } catch let error as CancellationError {
      invocation.sayThatGoesOn(runs, isForeign: isForeign)
      throw error
    }
  }

  /// One that this session doesn't carry: its end is seen in the journal.
  private func foreign(_ number: RunNumber, _ journal: Journal, _ invocation: Invocation) async throws -> ExitCode {
    var record = try journal.record(ofRun: number.value)
    try await patiently([number.value], isForeign: true, invocation) {
      while record.state == .running {
        try await Task.sleep(for: .milliseconds(500))
        record = try journal.record(ofRun: number.value)
      }
    }
    if record.state == .interrupted {
      invocation.console.note(
        "run \(number.value): \(record.why ?? "interrupted"); to carry it on: resume \(number.value)")
      return .incomplete
    }
    let tally = RunTally(planned: record.planned, try journal.results(ofRun: number.value))
    return tally.isAllGood ? .success : .incomplete
  }
}

extension Invocation {
  /// A ^C has ended what looked on. In a file it ends the runs too, which is said there.
  func sayThatGoesOn(_ runs: [Int], isForeign: Bool) {
    let names = "\(runs.map { "run \($0)" }.joined(separator: ", ")) \(runs.count == 1 ? "has" : "have") not ended"
    console.note(isForeign ? "\(names), in a process of its own; see: watch \(runs.first ?? 0)" : "\(names); see: jobs")
  }
}
