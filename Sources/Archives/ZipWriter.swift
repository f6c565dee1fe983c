import CLibarchive
import Foundation

/// Entries to a descriptor, by libarchive.
enum ZipWriter {
  static func write(
    _ entries: [ZipArchive.Entry], modified: Int64, to descriptor: Int32, _ path: String
  ) throws(ArchiveError) {
    guard let archive = archive_write_new() else { throw ArchiveError(.file, "\(path): no memory for the archive") }
    defer { archive_write_free(archive) }
    try check(archive_write_set_format_zip(archive), archive, path)
    try check(archive_write_set_format_option(archive, "zip", "compression", "deflate"), archive, path)
    // The last block is not padded: a zip ends with its directory.
    try check(archive_write_set_bytes_in_last_block(archive, 1), archive, path)
    try check(archive_write_open_fd(archive, descriptor), archive, path)
    for entry in entries { try add(entry, modified, archive, path) }
    try check(archive_write_close(archive), archive, path)
  }

  private static func add(
    _ entry: ZipArchive.Entry, _ modified: Int64, _ archive: OpaquePointer, _ path: String
  ) throws(ArchiveError) {
    guard let header = archive_entry_new() else { throw ArchiveError(.file, "\(path): no memory for the archive") }
    defer { archive_entry_free(header) }
    archive_entry_set_pathname(header, entry.name)
    archive_entry_set_filetype(header, EntryName.ordinaryFile)
    archive_entry_set_perm(header, 0o600)
    archive_entry_set_mtime(header, time_t(modified), 0)
    archive_entry_set_size(header, Int64(entry.bytes.count))
    try check(archive_write_header(archive, header), archive, path)
    var offset = 0
    while offset < entry.bytes.count {
      let written = entry.bytes.withUnsafeBytes { buffer in
        archive_write_data(archive, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
      }
      guard written > 0 else { throw failure(archive, path) }
      offset += written
    }
    try check(archive_write_finish_entry(archive), archive, path)
  }

  private static func check(_ status: Int32, _ archive: OpaquePointer, _ path: String) throws(ArchiveError) {
    guard status == ARCHIVE_OK else { throw failure(archive, path) }
  }

  private static func failure(_ archive: OpaquePointer, _ path: String) -> ArchiveError {
    let reason = archive_error_string(archive).map { String(cString: $0).lowercased() } ?? "libarchive gives no reason"
    return ArchiveError(.file, "\(path): the archive can't be written: \(reason)")
  }
}
