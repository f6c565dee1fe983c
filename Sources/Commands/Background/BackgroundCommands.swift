/// The commands about runs behind the prompt.
package enum BackgroundCommands {
  package static let all: [any ShellCommand.Type] = [
    Jobs.self, Watch.self, Wait.self, Pause.self, Continue.self, Throttle.self, Stop.self,
  ]
}

extension Invocation {
  /// The run of that number which this session has behind the prompt; an error, with the way out, where there is none
  /// that goes on.
  func backgroundRun(_ number: RunNumber) throws -> BackgroundRun {
    let journal = try? journal()
    if let run = services.background.run(number.value, in: journal) {
      guard run.code == nil else {
        throw CommandError(.unusableInput, "run \(number.value) has ended; see: report \(number.value)")
      }
      return run
    }
    let record = try journal?.run(number.value)
    let why =
      switch record?.state {
      case .running?: "is carried by another apexsh: only that one can do this; watch \(number.value) works here too"
      case let state?: "does not go on behind this prompt (\(state.rawValue)); see: jobs, report \(number.value)"
      case nil: "is not known; see: jobs, list runs"
      }
    throw CommandError(.unusableInput, "run \(number.value) \(why)")
  }
}
