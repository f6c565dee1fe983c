/// Why the journal could not be opened, read or written. All but the last two end a command with
/// exit code 74.
package enum JournalError: Error, Sendable, Hashable {
  case newer(path: String, version: Int, known: Int)
  case notAJournal(path: String)
  case cannotOpen(path: String, reason: String)
  /// The journal, or a file that belongs to it, could have been written by others.
  case foreign(path: String, what: String)
  case cannotWrite(reason: String)
  case cannotRead(reason: String)
  /// The run is being carried already: by this process, or by another.
  case owned(run: Int, isHere: Bool)
  /// A living run still has the agent to do.
  case claimed(agent: String, others: Int, run: Int)
}

extension JournalError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .newer(let path, let version, let known):
      "\(path): written by a newer apexsh (journal version \(version), this one knows \(known)); use that version, or another --state-dir"
    case .notAJournal(let path):
      "\(path): not a journal of apexsh; move it away, or use another --state-dir"
    case .cannotOpen(let path, let reason):
      "\(path): the journal could not be opened: \(reason); nothing was touched"
    case .foreign(let path, let what):
      "\(path): it \(what), and was not used; move it away, or use another --state-dir"
    case .cannotWrite(let reason):
      "the journal could not be written: \(reason); no new endpoint is touched without it"
    case .cannotRead(let reason):
      "the journal could not be read: \(reason)"
    case .owned(let run, isHere: true):
      "run \(run) goes on behind this prompt; see: jobs"
    case .owned(let run, isHere: false):
      "run \(run) is being carried on by another process; look at it by: show run \(run)"
    case .claimed(let agent, let others, let run):
      "\(agent)\(others > 0 ? " and \(others) more" : "") still \(others > 0 ? "belong" : "belongs") to run \(run), which is under way; wait for it, or leave them out"
    }
  }
}
