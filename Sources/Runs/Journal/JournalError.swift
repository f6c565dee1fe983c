/// Why the journal could not be opened, read or written. All end the process's command with exit code 74.
package enum JournalError: Error, Sendable, Hashable {
  case newer(path: String, version: Int, known: Int)
  case notAJournal(path: String)
  case cannotOpen(path: String, reason: String)
  case cannotWrite(reason: String)
  case cannotRead(reason: String)
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
    case .cannotWrite(let reason):
      "the journal could not be written: \(reason); no new endpoint is touched without it"
    case .cannotRead(let reason):
      "the journal could not be read: \(reason)"
    }
  }
}
