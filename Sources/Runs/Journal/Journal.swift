import Foundation
import GRDB
import Synchronization

/// The journal: what apexsh learned, intends and did, on disk (SQLite, `synchronous=FULL`).
///
/// Intents are written before an endpoint is touched. Writers queue; whatever has queued while a transaction was on its
/// way goes into the next one together (group commit), so thousands of endpoints share a few hundred disk syncs.
package final class Journal: Sendable {
  package let path: String
  /// This installation's own name, 16 hex digits: it marks locks on endpoints as ours.
  package let installation: String
  let database: DatabaseQueue
  private let queue = Mutex(Pending())
  /// The runs that this process carries.
  let owned = Mutex<[Int: RunOwner]>([:])

  private struct Pending {
    var writes: [@Sendable (Database) throws -> Void] = []
    var waiters: [@Sendable (JournalError?) -> Void] = []
    var isFlushing = false
    var commits = 0
    /// Once a transaction failed, what was queued without a waiter is lost: nothing may be touched any more.
    var failure: JournalError?

    /// True for the one caller that must start the flush.
    mutating func claimFlush() -> Bool {
      if isFlushing { return false }
      isFlushing = true
      return true
    }
  }

  /// Opens the journal at `path` and makes it where there is none; the file gets mode 0600.
  package init(path: String) throws(JournalError) {
    self.path = path
    do {
      try Journal.prepareFile(path)
      database = try Journal.open(path)
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
  package var commits: Int { queue.withLock { $0.commits } }

  /// Queues `body` and returns when it is durable on disk.
  func write(_ body: @escaping @Sendable (Database) throws -> Void) async throws(JournalError) {
    let failure = await withCheckedContinuation { waiter in
      post(body) { waiter.resume(returning: $0) }
    }
    if let failure { throw failure }
  }

  /// Queues `body` without waiting: it is durable no later than the next `write` that returns. `whenDurable` is called
  /// then, or with what went wrong, in the journal's own queue and in the order of the posts; it must be quick.
  func post(
    _ body: @escaping @Sendable (Database) throws -> Void, whenDurable: (@Sendable (JournalError?) -> Void)? = nil
  ) {
    let (failure, start) = queue.withLock { pending -> (JournalError?, Bool) in
      if let failure = pending.failure { return (failure, false) }
      pending.writes.append(body)
      if let whenDurable { pending.waiters.append(whenDurable) }
      return (nil, pending.claimFlush())
    }
    if let failure { whenDurable?(failure) }
    if start { flush() }
  }

  /// As if the process had died: what is queued, and whatever comes later, never reaches the disk. For tests of what a
  /// crash leaves behind.
  func perish() {
    let waiters = queue.withLock { pending in
      pending.failure = .cannotWrite(reason: "the process has died")
      defer {
        pending.writes = []
        pending.waiters = []
      }
      return pending.waiters
    }
    for waiter in waiters { waiter(.cannotWrite(reason: "the process has died")) }
  }

  private func flush() {
    let (writes, waiters) = queue.withLock { pending in
      defer {
        pending.writes = []
        pending.waiters = []
      }
      return (pending.writes, pending.waiters)
    }
    database.asyncWrite(
      { db in for write in writes { try write(db) } },
      completion: { _, result in
        let failure: JournalError? =
          if case .failure(let error) = result { .cannotWrite(reason: Journal.reason(error)) } else { nil }
        let more = self.queue.withLock { pending -> Bool in
          pending.commits += 1
          pending.failure = pending.failure ?? failure
          pending.isFlushing = !pending.writes.isEmpty
          return pending.isFlushing
        }
        for waiter in waiters { waiter(failure) }
        if more { self.flush() }
      })
  }

  /// Reads in the caller's thread; for commands, not for the engine's hot path.
  func read<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
    do { return try database.read(body) } catch { throw .cannotRead(reason: Journal.reason(error)) }
  }

  /// Writes in the caller's thread and returns when it is durable.
  func writeNow<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
    do { return try database.write(body) } catch {
      throw (error as? JournalError) ?? .cannotWrite(reason: Journal.reason(error))
    }
  }
}
