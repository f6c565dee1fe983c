import CEditline
import Foundation
import LocalSystem
import Synchronization

/// The lines typed in all sessions: a file of ours with one JSON object a line,
/// `{"t":1700000000,"line":"show server"}`.
///
/// Several processes may use one file: each entry is appended whole under a lock, and the file is replaced, when it has
/// grown to twice its limit, under the same lock. What must not be kept is not handed to `append`.
package final class HistoryFile: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// Lines that are read at start, and left when the file is shortened.
  package static let limit = 10_000

  package let path: String
  private let limit: Int
  private let last = Mutex<String?>(nil)

  /// - Parameter path: of the file; its folder must be there.
  package init(path: String, limit: Int = HistoryFile.limit) {
    self.path = path
    self.limit = limit
  }

  /// The newest entries, oldest first, adjacent duplicates dropped. Lines that are no entry are skipped; no file is no
  /// entries.
  package func load() throws -> [HistoryEntry] {
    guard let file = try open(create: false) else { return [] }
    defer { close(file) }
    flock(file, LOCK_SH)
    let (entries, lines) = HistoryEntry.all(in: try contents(of: file), limit: limit)
    last.withLock { $0 = entries.last?.line }
    flock(file, LOCK_UN)
    // One that can't be shortened can be read all the same.
    if lines > 2 * limit { try? shorten() }
    return entries
  }

  /// Adds a line, unless it is empty or the same as the one before it. `time` is seconds since 1970.
  package func append(_ line: String, time: Double) throws {
    let isNew = last.withLock { last in
      defer { last = line }
      return last != line
    }
    guard isNew, !line.isEmpty else { return }
    let file = try openLocked()
    defer { close(file) }  // and the lock with it
    // A process that was killed in the middle of a line leaves its half; it must not take ours with it.
    let separator = try endsInNewline(file) ? "" : "\n"
    try write(separator + HistoryEntry(time: time, line: line).json + "\n", to: file)
  }

  // MARK: - files

  /// The file itself, never what a link points to, and ours alone.
  private func open(create: Bool) throws -> Int32? {
    let flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    var file = Foundation.open(path, create ? flags | O_CREAT : flags, 0o600)
    if file < 0, !create, errno == EROFS || errno == EACCES {
      // Old lines can be called back where none can be kept.
      file = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    }
    if file < 0 {
      if errno == ENOENT, !create { return nil }
      throw failure("open", errno)
    }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      close(file)
      throw Failure(description: "history file \(path) is not a file of yours; move it away")
    }
    if status.st_mode & 0o777 != 0o600 { fchmod(file, 0o600) }
    return file
  }

  /// Opened, locked, and still the file of that name: another process may have replaced it while we waited.
  private func openLocked() throws -> Int32 {
    while true {
      guard let file = try open(create: true) else { throw failure("open", ENOENT) }
      while flock(file, LOCK_EX) != 0 {
        if errno == EINTR { continue }
        let error = errno
        close(file)
        throw failure("lock", error)
      }
      var (ours, named) = (stat(), stat())
      if fstat(file, &ours) == 0, lstat(path, &named) == 0, ours.st_ino == named.st_ino, ours.st_dev == named.st_dev {
        return file
      }
      close(file)
    }
  }

  private func shorten() throws {
    let file = try openLocked()
    defer { close(file) }
    let (entries, lines) = HistoryEntry.all(in: try contents(of: file), limit: limit)
    guard lines > 2 * limit else { return }  // another process was first
    let text = entries.map { $0.json + "\n" }.joined()
    do throws(NewFile.Failure) { try NewFile.replace(path, with: Array(text.utf8)) } catch {
      throw failure("shorten", error.code)
    }
  }

  private func contents(of file: Int32) throws -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("read", errno) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var length = 0
    while length < bytes.count {
      let count = bytes[length...].withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(length)) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw failure("read", errno) }
      if count == 0 { break }
      length += count
    }
    return Array(bytes[..<length])
  }

  private func endsInNewline(_ file: Int32) throws -> Bool {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("read", errno) }
    var byte: UInt8 = 0
    return status.st_size == 0 || pread(file, &byte, 1, status.st_size - 1) == 1 && byte == UInt8(ascii: "\n")
  }

  private func write(_ text: String, to file: Int32) throws {
    if case .failed(let error) = Descriptor.write(text, to: file) { throw failure("write", error) }
  }

  private func failure(_ verb: String, _ error: Int32) -> Failure {
    let reason = error == ELOOP ? "it is a link" : String(cString: strerror(error)).lowercased()
    return Failure(description: "can't \(verb) history file \(path): \(reason)")
  }
}
