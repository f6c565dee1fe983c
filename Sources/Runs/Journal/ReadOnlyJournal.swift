import Foundation
import GRDB

/// Opens a journal where nothing can be written, beside it neither: on a full disk, on a read-only file system.
///
/// SQLite wants a log and an index of it beside a journal. Where they are there they are read; an index that can't be
/// made anew is made in memory. Without a log nobody has the journal open, and it is read as a file that doesn't change.
enum ReadOnlyJournal {
  /// Nil where it can't be read; an empty one in memory where there is none. One of another version is an error.
  static func open(_ path: String) throws -> DatabaseQueue? {
    try Journal.checkOwner(path)
    guard access(path, F_OK) == 0 else { return errno == ENOENT || errno == ENOTDIR ? try empty() : nil }
    var ways = ["mode=ro", "mode=ro&readonly_shm=1"]
    if size(path + "-wal") == 0 { ways.append("mode=ro&immutable=1") }
    for way in ways {
      guard let database = try? DatabaseQueue(path: "file:\(escaped(path))?\(way)", configuration: configuration),
        let version = try? database.read({ try Int.fetchOne($0, sql: "PRAGMA user_version") }),
        let owner = try? database.read({ try Int.fetchOne($0, sql: "PRAGMA application_id") })
      else { continue }
      // A journal that a full disk left without tables holds nothing.
      if version == 0, owner == 0 { return try empty() }
      try check(version, owner, path)
      return database
    }
    return nil
  }

  private static func check(_ version: Int, _ owner: Int, _ path: String) throws {
    if version > JournalSchema.version {
      throw JournalError.newer(path: path, version: version, known: JournalSchema.version)
    }
    guard owner == JournalSchema.applicationID else { throw JournalError.notAJournal(path: path) }
    guard version == JournalSchema.version else {
      throw JournalError.cannotOpen(
        path: path, reason: "an older apexsh wrote it, and it can't be brought up to date where nothing can be written")
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = "journal"
    // Sorting must not need a file either.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    return configuration
  }

  private static func empty() throws -> DatabaseQueue {
    let database = try DatabaseQueue()
    try database.write { try JournalSchema.create($0) }
    return database
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// As the path of a URI.
  private static func escaped(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain = byte == 0x2F || byte == 0x2E || byte == 0x2D || byte == 0x5F || (0x30...0x39).contains(byte)
      if isPlain || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) {
        return String(UnicodeScalar(byte))
      }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
