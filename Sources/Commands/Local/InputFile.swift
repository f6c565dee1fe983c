import Foundation

/// Reads files that a person names: lists, certificates, packages.
///
/// A plain file is read at once. A pipe is waited for until its writer has come, and has ended; devices are refused.
package enum InputFile {
  /// The whole file; one that is missing, no plain file, or over `limit` bytes is an error (65) that names it. Ends with
  /// 130 where the task is cancelled meanwhile. `takesPipes`: false for what is read more than once.
  package static func read(_ path: String, limit: Int, takesPipes: Bool = true) throws(CommandError) -> [UInt8] {
    let name = OutputText.visible(path)
    return try LocalWait.work(CommandError(.interrupted, "\(name): not read: interrupted")) { leave in
      Result { () throws(CommandError) in try readNow(path, name, limit, takesPipes, leave) }
    }
  }

  private static func readNow(
    _ path: String, _ name: String, _ limit: Int, _ takesPipes: Bool, _ leave: LocalWait.Leave
  ) throws(CommandError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      throw CommandError(.unusableInput, "\(name): can't be read: \(LocalPath.errorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CommandError(.unusableInput, "\(name): can't be read") }
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    guard status.st_mode & S_IFMT == S_IFREG || isPipe else {
      throw CommandError(.unusableInput, "\(name): not a plain file")
    }
    guard !isPipe || takesPipes else {
      throw CommandError(
        .unusableInput, "\(name): a pipe, and this is read more than once; put it into a file, and name that")
    }
    guard status.st_size <= off_t(limit) else { throw tooLarge(name, limit) }
    if !isPipe { _ = fcntl(descriptor, F_SETFL, 0) }
    let source = Source(descriptor: descriptor, name: name, leave: isPipe ? leave : nil)
    // In one piece, as the file's size says, and the end; then whatever a pipe or a growing file still has.
    var bytes = try source.piece(Int(status.st_size) + 1)
    while true {
      guard bytes.count <= limit else { throw tooLarge(name, limit) }
      let more = try source.piece(1 << 18)
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  private struct Source {
    let descriptor: Int32
    let name: String
    /// For a pipe: who waits for it.
    let leave: LocalWait.Leave?

    /// Reads until `size` bytes are there or the file ends.
    func piece(_ size: Int) throws(CommandError) -> [UInt8] {
      var failure: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, length in
        while length < size {
          // A pipe that no writer has opened yet is not one that has ended: reading would say so of both.
          if let leave, !LocalWait.isReady(descriptor, POLLIN, unless: { leave.isGiven }) {
            failure = ECANCELED
            break
          }
          let count = Foundation.read(descriptor, buffer.baseAddress! + length, size - length)
          if count < 0, errno == EINTR || errno == EAGAIN { continue }
          if count < 0 { failure = errno }
          if count <= 0 { break }
          length += count
        }
      }
      guard failure == 0 else { throw CommandError(.unusableInput, "\(name): \(LocalPath.errorText(failure))") }
      return bytes
    }
  }

  private static func tooLarge(_ name: String, _ limit: Int) -> CommandError {
    CommandError(.unusableInput, "\(name): over \(limit >= 1 << 20 ? "\(limit >> 20) MB" : "\(limit >> 10) KB")")
  }
}
