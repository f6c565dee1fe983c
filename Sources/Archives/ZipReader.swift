import CLibarchive
import Foundation

/// Entries from a file, by libarchive; nothing of what it says is believed beyond the limits.
enum ZipReader {
  static func read(_ path: String, limits: ZipArchive.Limits) throws(ArchiveError) -> [ZipArchive.Entry] {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw ArchiveError(
        .file, "\(path): the archive can't be opened: \(String(cString: strerror(errno)).lowercased())")
    }
    defer { close(descriptor) }
    var there = stat()
    guard fstat(descriptor, &there) == 0, there.st_mode & S_IFMT == S_IFREG else {
      throw ArchiveError(.file, "\(path): no ordinary file, so not read as an archive")
    }
    guard let archive = archive_read_new() else { throw ArchiveError(.file, "\(path): no memory for the archive") }
    defer { archive_read_free(archive) }
    guard archive_read_support_format_zip(archive) == ARCHIVE_OK,
      archive_read_open_fd(archive, descriptor, 64 << 10) == ARCHIVE_OK
    else { throw failure(archive, path) }
    return try entries(archive, path, limits)
  }

  private static func entries(
    _ archive: OpaquePointer, _ path: String, _ limits: ZipArchive.Limits
  ) throws(ArchiveError) -> [ZipArchive.Entry] {
    var entries: [ZipArchive.Entry] = []
    var total = 0
    var header: OpaquePointer?
    while true {
      let status = archive_read_next_header(archive, &header)
      if status == ARCHIVE_EOF { break }
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header else { throw failure(archive, path) }
      guard entries.count < limits.entries else {
        throw ArchiveError(.tooLarge, "\(path): the archive has more than \(limits.entries) entries")
      }
      guard let text = archive_entry_pathname(header) else {
        throw ArchiveError(.badName, "\(path): an entry of the archive has no readable name")
      }
      let name = String(cString: text)
      guard archive_entry_filetype(header) == EntryName.ordinaryFile else {
        throw ArchiveError(.badName, "\(path): the entry \(name.debugDescription) is no ordinary file")
      }
      let bytes = try data(archive, path, name, limit: min(limits.entryBytes, limits.totalBytes - total))
      total += bytes.count
      entries.append(ZipArchive.Entry(name: name, bytes: bytes))
    }
    try EntryName.check(entries.map(\.name))
    return entries
  }

  private static func data(
    _ archive: OpaquePointer, _ path: String, _ name: String, limit: Int
  ) throws(ArchiveError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      guard count > 0 else { throw failure(archive, path) }
      guard bytes.count + count <= limit else {
        throw ArchiveError(.tooLarge, "\(path): the entry \(name.debugDescription) is larger than is read")
      }
      bytes += chunk[..<count]
    }
  }

  private static func failure(_ archive: OpaquePointer, _ path: String) -> ArchiveError {
    let reason = archive_error_string(archive).map { String(cString: $0).lowercased() } ?? "libarchive gives no reason"
    return ArchiveError(.broken, "\(path): no zip that can be read: \(reason)")
  }
}
