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

  /// Why nothing can be written to it; nil where it can. Set for one that was opened to be looked at on a full disk or a
  /// read-only file system.
  package let hindrance: JournalError?

  /// Opens the journal at `path` and makes it where there is none; the file gets mode 0600.
  package init(path: String) throws(JournalError) {
    self.path = path
    hindrance = nil
    do {
      try Journal.prepareFile(path)
      database = try Journal.open(path)
      commitQueue = CommitQueue(database)
      installation = try database.read { try String.fetchOne($0, sql: "SELECT id FROM installation") ?? "" }
    } catch {
      throw Journal.openingError(error, path)
    }
  }

  /// The same for a command that only looks: where nothing can be written, what is there is read as it stands, and a
  /// journal that isn't there is an empty one.
  package static func toLookAt(_ path: String) throws(JournalError) -> Journal {
    do throws(JournalError) { return try Journal(path: path) } catch {
      guard case .cannotOpen = error, let journal = try Journal(path: path, besides: error) else { throw error }
      return journal
    }
  }

  /// Nil where it can't be read either, and the first error says why.
  private init?(path: String, besides hindrance: JournalError) throws(JournalError) {
    self.path = path
    self.hindrance = hindrance
    do {
      guard let database = try ReadOnlyJournal.open(path) else { return nil }
      self.database = database
      commitQueue = CommitQueue(database)
      installation = try database.read { try String.fetchOne($0, sql: "SELECT id FROM installation") ?? "" }
    } catch {
      throw Journal.openingError(error, path)
    }
  }

  private static let noRoom = "input/output error (a full disk, a quota, a failing disk?)"

  /// Its rights and its file system's let it and its folder be written.
  private static func isWritable(_ path: String) -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    return access(path, W_OK) == 0 && access(folder.isEmpty ? "." : folder, W_OK) == 0
  }

  private static func openingError(_ error: any Error, _ path: String) -> JournalError {
    if let error = error as? DatabaseError, error.resultCode == .SQLITE_READONLY, isWritable(path) {
      // What SQLite keeps beside it could not be made, and was opened to be read: for want of room.
      return .cannotOpen(path: path, reason: noRoom)
    }
    return (error as? JournalError) ?? .cannotOpen(path: path, reason: reason(error))
  }

  /// Throws what hinders writing, for those who would begin something that is to be written.
  package func mustBeWritable() throws(JournalError) { if let hindrance { throw hindrance } }

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

  /// The journal is made by us alone: 0600, never through a link. What SQLite keeps beside it is read as a part of it.
  private static func prepareFile(_ path: String) throws(JournalError) {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno)).lowercased()) }
    fchmod(descriptor, 0o600)
    close(descriptor)
    try checkOwner(path)
  }

  /// Throws where the journal, or one of the two files that SQLite keeps beside it, is a link or somebody else's.
  static func checkOwner(_ path: String) throws(JournalError) {
    for file in [path, path + "-wal", path + "-shm"] {
      var status = stat()
      guard lstat(file, &status) == 0 else { continue }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .foreign(path: file, what: "is a link, or no file") }
      guard status.st_uid == geteuid() else { throw .foreign(path: file, what: "belongs to someone else") }
    }
  }

  static func reason(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    switch error.resultCode {
    case .SQLITE_FULL: return "the disk is full"
    case .SQLITE_READONLY: return "it is read-only"
    case .SQLITE_CANTOPEN: return "it can't be opened or made there"
    case .SQLITE_BUSY, .SQLITE_LOCKED: return "another process has held it for over 5 s"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return "it is damaged (\(error.message ?? "corrupt"))"
    // A quota and a limit on the size of files come so too.
    case .SQLITE_IOERR: return noRoom
    default: return error.message ?? "SQLite error \(error.resultCode.rawValue)"
    }
  }

  // MARK: - Group commit

  /// Queues `body` and returns when it is durable on disk and `meanwhile` is over.
  func write(
    meanwhile: () async -> Void = {}, _ body: @escaping @Sendable (Database) throws -> Void
  ) async throws(JournalError) {
    try mustBeWritable()
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
    try mustBeWritable()
    commitQueue.hurry()
    do { return try database.write(body) } catch {
      throw (error as? JournalError) ?? .cannotWrite(reason: Journal.reason(error))
    }
  }
}
