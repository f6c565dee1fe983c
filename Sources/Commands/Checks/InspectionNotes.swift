import ApexOne
import Remote
import Runs

/// Keeps what a command that only looks sees at endpoints: it is the newest that is known of them.
struct InspectionNotes: Sendable {
  let journal: Journal
  /// The server's identity.
  let server: String
  /// As people know it: `check agent`.
  let command: String
  let clock: any Timekeeper
  /// Machines that may answer under an agent's name though they call themselves so.
  var otherMachines: [String] = []
  var unkept = UnkeptNote()

  /// What another machine than the agent's shows is nothing of the agent's.
  func keep(_ facts: AgentFacts, of name: String) {
    let isOther = facts.machine.match(name, or: otherMachines) == .different
    if isOther { return }
    let inspection = Inspection(facts, at: clock.date, by: .command(command), otherMachines: otherMachines)
    journal.keep(inspection, of: name, server: server)
  }

  /// To be called when all was looked at. What could not be kept is said: the looks themselves are none the worse.
  func flush(_ console: any Console) async {
    do throws(JournalError) { try await journal.flush() } catch {
      unkept.say(error, to: console)
    }
  }
}
