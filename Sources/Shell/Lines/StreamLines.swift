package import Commands
import Dispatch
import InputText
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines of a file or a pipe: strict UTF-8, with or without byte order marks (files that were put together hold several),
/// ended by LF, CRLF or CR. A line that comes through a pipe is given when it is whole, without waiting for more.
package final class StreamLines: LineSource {
  private struct State {
    var bytes: [UInt8] = []
    var position = 0
    var isAtEnd = false
    /// The last line ended in CR: an LF that comes next belongs to that end.
    var isBehindCR = false
    var number = 0
    var joiner = LineJoiner()
  }

  private let descriptor: Int32
  private let name: String
  private let ownsDescriptor: Bool
  private let joinsLines: Bool
  private let state = Mutex(State())
  /// A line longer than this is no command.
  private static let longestLine = 1 << 20

  /// `name` stands in places: `repairs.apx:7`.
  /// `joinsLines`: a line that ends in `\` goes on in the next.
  package init(descriptor: Int32, name: String, owned: Bool = false, joinsLines: Bool = true) {
    self.joinsLines = joinsLines
    self.descriptor = descriptor
    self.name = name
    self.ownsDescriptor = owned
  }

  package convenience init(path: String) throws(CommandError) {
    let shown = OutputText.visible(path)
    let interrupted = CommandError(.interrupted, "the command file \(shown) was not read: interrupted")
    let descriptor = try LocalWait.work(interrupted) { _ in
      Result { () throws(CommandError) in try Self.opened(path, shown) }
    }
    self.init(descriptor: descriptor, name: shown, owned: true)
  }

  /// A pipe is opened though nobody writes into it yet: that is waited for line by line.
  private static func opened(_ path: String, _ shown: String) throws(CommandError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CommandError(.unusableInput, "can't read the command file \(shown): \(LocalPath.errorText())")
    }
    var status = stat()
    if fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw CommandError(.unusableInput, "the command file \(shown) is a folder")
    }
    return descriptor
  }

  deinit { if ownsDescriptor { close(descriptor) } }

  package func next() async throws -> SourceLine? {
    while true {
      if let bytes = try await nextBytes() {
        let whole = try state.withLock { state -> (text: String, number: Int)? in
          state.number += 1
          let text = try decode(bytes, state.number)
          return joinsLines ? state.joiner.add(text, number: state.number) : (text, state.number)
        }
        if let whole { return SourceLine(whole.text, place: "\(name):\(whole.number)") }
      } else {
        let rest = state.withLock { $0.joiner.rest() }
        return rest.map { SourceLine($0.text, place: "\(name):\($0.number)") }
      }
    }
  }

  private func decode(_ bytes: ArraySlice<UInt8>, _ number: Int) throws -> String {
    var bytes = bytes
    if bytes.starts(with: FileText.mark) { bytes = bytes.dropFirst(FileText.mark.count) }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      let reason =
        number == 1 && (bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]))
        ? "UTF-16; save the file as UTF-8" : "not UTF-8 text; save the file as UTF-8"
      throw PlacedError(place: "\(name):\(number)", error: CommandError(.unusableInput, reason))
    }
    return text
  }

  /// The bytes of the next line without what ends it; nil at the end.
  private func nextBytes() async throws -> ArraySlice<UInt8>? {
    while true {
      let (line, isAtEnd) = try state.withLock { try Self.takeLine(&$0, name) }
      if line != nil || isAtEnd { return line }
      let chunk = try await Self.read(descriptor)
      state.withLock { state in
        state.bytes.removeSubrange(..<state.position)
        state.position = 0
        state.bytes += chunk
        state.isAtEnd = chunk.isEmpty
      }
    }
  }

  private static func takeLine(_ state: inout State, _ name: String) throws -> (ArraySlice<UInt8>?, Bool) {
    if state.isBehindCR, state.position < state.bytes.count {
      state.isBehindCR = false
      if state.bytes[state.position] == 10 { state.position += 1 }
    }
    let rest = state.bytes[state.position...]
    if let end = rest.firstIndex(where: { $0 == 10 || $0 == 13 }) {
      state.isBehindCR = rest[end] == 13
      state.position = end + 1
      return (rest[..<end], false)
    }
    guard rest.count <= longestLine else {
      let error = CommandError(.unusableInput, "a line of over \(longestLine) bytes is no command")
      throw PlacedError(place: "\(name):\(state.number + 1)", error: error)
    }
    guard state.isAtEnd else { return (nil, false) }
    state.position = state.bytes.count
    return (rest.isEmpty ? nil : rest, true)
  }

  /// Reads on a thread that may block, never on Swift's pool. Empty at the end. Throws where the task is cancelled.
  private static func read(_ descriptor: Int32) async throws(CancellationError) -> [UInt8] {
    let leave = LocalWait.Leave()
    let bytes: [UInt8]? = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: readNow(descriptor, leave)) }
      }
    } onCancel: {
      leave.give()
    }
    guard let bytes else { throw CancellationError() }
    return bytes
  }

  /// Nil where nobody waits for it any more.
  private static func readNow(_ descriptor: Int32, _ leave: LocalWait.Leave) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      guard LocalWait.isReady(descriptor, POLLIN, unless: { leave.isGiven }) else { return nil }
      let count = readSome(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }
}

private func readSome(_ descriptor: Int32, _ buffer: inout [UInt8], _ count: Int) -> Int {
  read(descriptor, &buffer, count)
}

/// An error of a place in a command file.
struct PlacedError: PresentableError {
  let place: String
  let error: CommandError
  var message: String { error.message }
  var exitCode: ExitCode { error.exitCode }
}
