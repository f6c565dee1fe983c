package import Commands
package import Remote
import Synchronization

/// A console that records what it is told and answers from a script. An unexpected question ends the test run at once:
/// a test that did not foresee a question must not pass by accident.
package final class TestConsole: Console {
  package struct Record: Sendable {
    package var output = ""
    package var notes: [String] = []
    package var questions: [String] = []
    package var progress: [ProgressSnapshot] = []
    package var standing: [[String]] = []
    var answers: [String?]
    var secrets: [Secret?]
  }

  package let traits: ConsoleTraits
  private let record: Mutex<Record>

  package init(traits: ConsoleTraits = ConsoleTraits(), answers: [String?] = [], secrets: [Secret?] = []) {
    self.traits = traits
    self.record = Mutex(Record(answers: answers, secrets: secrets))
  }

  package var output: String { record.withLock { $0.output } }
  package var notes: [String] { record.withLock { $0.notes } }
  package var questions: [String] { record.withLock { $0.questions } }
  package var progress: [ProgressSnapshot] { record.withLock { $0.progress } }
  /// Everything that was shown anywhere, to search it for what must not be there.
  package var everything: String {
    record.withLock { ([$0.output] + $0.notes + $0.questions + $0.progress.map { "\($0)" }).joined(separator: "\n") }
  }

  package func write(_ text: String) throws { record.withLock { $0.output += text } }
  package func note(_ text: String) { record.withLock { $0.notes.append(text) } }
  package func progress(_ snapshot: ProgressSnapshot?) {
    guard let snapshot else { return }
    record.withLock { $0.progress.append(snapshot) }
  }

  package var standing: [[String]] { record.withLock { $0.standing } }
  package func stand(_ lines: [String]?) -> Bool {
    record.withLock { $0.standing += [lines].compactMap(\.self) }
    return true
  }

  package func ask(_ question: String) async throws -> String? {
    record.withLock { record in
      record.questions.append(question)
      precondition(!record.answers.isEmpty, "unexpected question: \(question)")
      return record.answers.removeFirst()
    }
  }

  package func askSecret(_ question: String) async throws -> Secret? {
    record.withLock { record in
      record.questions.append(question)
      precondition(!record.secrets.isEmpty, "unexpected question for a secret: \(question)")
      return record.secrets.removeFirst()
    }
  }
}
