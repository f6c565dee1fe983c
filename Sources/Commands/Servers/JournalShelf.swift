package import Runs
import Synchronization

/// The journals that this process has open: one each, however many commands ask.
package final class JournalShelf: Sendable {
  private let open = Mutex<[String: Journal]>([:])

  package init() {}

  /// The journal at a path for a command that only looks: one that can't be written is read as it stands, each time
  /// anew, since there may be room again. What prepares it would write, and is left out then.
  package func journalToLookAt(at path: String, prepare: (Journal) throws -> Void) throws -> Journal {
    do { return try journal(at: path, prepare: prepare) } catch {
      guard error is JournalError else { throw error }
      return try Journal.toLookAt(path)
    }
  }

  /// The journal at a path, opened and prepared the first time.
  package func journal(at path: String, prepare: (Journal) throws -> Void) throws -> Journal {
    try open.withLock { open in
      if let journal = open[path] { return journal }
      let journal = try Journal(path: path)
      try prepare(journal)
      open[path] = journal
      return journal
    }
  }
}
