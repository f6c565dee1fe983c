package import Runs
import Synchronization

/// The journals that this process has open: one each, however many commands ask.
package final class JournalShelf: Sendable {
  private let open = Mutex<[String: Journal]>([:])

  package init() {}

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
