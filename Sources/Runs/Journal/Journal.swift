import Foundation
import GRDB
import Synchronization

/// The journal: what apexsh learned, intends and did, on disk (SQLite, `synchronous=FULL`).
///
/// Intents are written before an endpoint is touched. Writers queue (`CommitQueue`), so that thousands of endpoints share
/// a few hundred disk syncs.
package final class Journal: Sendable {
  package let path: String
  /// This installation's own name, 16 hex digits: it marks locks on endpoints as ours.
  package let installation: String
  let database: DatabaseQueue
  let commitQueue: CommitQueue
  /// The runs that this process carries.
  let owned = Mutex<[Int: RunOwner]>([:])

  /// Opens the journal at `path` and makes it where there is none; the file gets mode 0600.
  package init(path: String) throws(JournalError) {
    self.path = path
    do {
      try Journal.prepareFile(path)
      database = try Journal.open(path)
      commitQueue = CommitQueue(database)
      installation = try database.read { try String.fetchOne($0, sql: "SELECT id FROM installation") ?? "" }
    } catch let error as JournalError {
      throw error
    } catch {
      throw .cannotOpen(path: path, reason: Journal.reason(error))
    }
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.label = "journal"
    // For a journal that is yet to be made. A list is written page by page, with two system calls each: with SQLite's
    // usual 4 KB a large one takes twice the time.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 16384") }
    let database = try DatabaseQueue(path: path, configuration: configuration)
    // GRDB sets NORMAL whenever it turns WAL on, so FULL is asked for after opening, outside a transaction.
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    try database.write { db in
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      if version > JournalSchema.version {
        throw JournalError.newer(path: path, version: version, known: JournalSchema.version)
      }
      guard version == 0 else {
        if owner != JournalSchema.applicationID { throw JournalError.notAJournal(path: path) }
        if version < JournalSchema.version { try JournalSchema.migrate(db, from: version) }
        return
      }
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      if owner != 0 || tables != 0 { throw JournalError.notAJournal(path: path) }
      try JournalSchema.create(db)
    }
    return database
  }

  /// The journal is made by us alone: 0600, never through a link.
  private static func prepareFile(_ path: String) throws(JournalError) {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    let isOurs = fstat(descriptor, &status) == 0 && status.st_uid == geteuid()
    close(descriptor)
    if !isOurs { throw .cannotOpen(path: path, reason: "it belongs to someone else") }
  }

  static func reason(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    switch error.resultCode {
    case .SQLITE_FULL: return "the disk is full"
    case .SQLITE_READONLY: return "it is read-only"
    case .SQLITE_BUSY, .SQLITE_LOCKED: return "another process has held it for over 5 s"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return "it is damaged (\(error.message ?? "corrupt"))"
    // A quota and a limit on the size of files come so too.
    case .SQLITE_IOERR: return "input/output error (a full disk, a quota, a failing disk?)"
    default: return error.message ?? "SQLite error \(error.resultCode.rawValue)"
    }
  }

  // MARK: - Group commit

  /// How many transactions were committed by `write` and `post`; for figures.
  package var commits: Int { commitQueue.commits }

  /// Queues `body` and returns when it is durable on disk and `meanwhile` is over.
  func write(
    meanwhile: () async -> Void = {}, _ body: @escaping @Sendable (Database) throws -> Void
  ) async throws(JournalError) {
    let receipt = CommitReceipt()
    commitQueue.add(body, isAwaited: true) { receipt.settle($0) }
    await meanwhile()
    if let failure = await receipt.failure() { throw failure }
  }

  /// Queues `body` without waiting: it is durable no later than the next `write` that returns. `whenDurable` is called
  /// then, or with what went wrong, in the journal's own queue and in the order of the posts; it must be quick.
  func post(
    _ body: @escaping @Sendable (Database) throws -> Void, whenDurable: (@Sendable (JournalError?) -> Void)? = nil
  ) {
    commitQueue.add(body, isAwaited: false, whenDurable)
  }

  /// As if the process had died: what is queued, and whatever comes later, never reaches the disk. For tests of what a
  /// crash leaves behind.
  func perish() { commitQueue.perish() }

  /// Reads in the caller's thread; for commands, not for the engine's hot path.
  func read<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
    commitQueue.hurry()
    do { return try database.read(body) } catch { throw .cannotRead(reason: Journal.reason(error)) }
  }

  /// Writes in the caller's thread and returns when it is durable.
  func writeNow<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
    commitQueue.hurry()
    do { return try database.write(body) } catch {
      throw (error as? JournalError) ?? .cannotWrite(reason: Journal.reason(error))
    }
  }
}
