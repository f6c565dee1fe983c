import CLateLibraries
import LocalSystem

/// A zip of our own making: written whole or not at all, readable by its owner alone, read back within limits.
package enum ZipArchive {
  package struct Entry: Sendable, Hashable {
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  package struct Limits: Sendable, Hashable {
    package var entries: Int
    /// Of one entry, unpacked.
    package var entryBytes: Int
    /// Of all entries, unpacked.
    package var totalBytes: Int

    package init(entries: Int = 10_000, entryBytes: Int = 256 << 20, totalBytes: Int = 1 << 30) {
      self.entries = entries
      self.entryBytes = entryBytes
      self.totalBytes = totalBytes
    }
  }

  /// Writes beside `path` under a temporary name, mode 0600, syncs, and gives it its name. What is at `path` already
  /// stays unless `replacing`.
  ///
  /// - Parameter modified: seconds since 1970, for every entry: the same entries and time give the same archive in one time
  ///   zone (a zip's own field is local time; the extra field beside it is UTC).
  package static func write(
    _ entries: [Entry], to path: String, modified: Int64, replacing: Bool = false
  ) throws(ArchiveError) {
    try EntryName.check(entries.map(\.name))
    try loadLibrary(for: path)
    let file: NewFile
    do throws(NewFile.Failure) { file = try NewFile(at: path) } catch { throw ArchiveError(error, path) }
    defer { file.discard() }
    try ZipWriter.write(entries, modified: modified, to: file.descriptor, path)
    do throws(NewFile.Failure) { try file.publish(replacing: replacing) } catch { throw ArchiveError(error, path) }
  }

  /// All entries, in the archive's order. A link at `path` is not followed; entries are never put onto the disk.
  package static func read(_ path: String, limits: Limits = Limits()) throws(ArchiveError) -> [Entry] {
    try loadLibrary(for: path)
    return try ZipReader.read(path, limits: limits)
  }

  /// The program is not linked to libarchive: it is loaded for the first archive.
  private static func loadLibrary(for path: String) throws(ArchiveError) {
    if let failure = late_libarchive() { throw ArchiveError(.file, "\(path): \(String(cString: failure))") }
  }
}
