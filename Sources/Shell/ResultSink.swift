import Commands

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Something else than the console that the results of one line go to.
package protocol ResultTarget: Sendable {
  /// What is written is looked at on the terminal: tables and colours make sense.
  var isTerminal: Bool { get }
  func write(_ text: String) throws
}

/// A file or a pipe that the results of one line go to.
package final class ResultSink: ResultTarget {
  package let isTerminal = false
  private let descriptor: Int32
  private let name: String

  private init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// `> FILE` and `>> FILE`.
  static func file(_ redirect: ParsedLine.Redirect) throws -> ResultSink {
    let name = OutputText.visible(redirect.path)
    let mode = redirect.isAppending ? O_APPEND : O_TRUNC
    let path = LocalPath.expandingHome(redirect.path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | mode, 0o666)
    guard descriptor >= 0 else { throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText())") }
    return ResultSink(descriptor: descriptor, name: name)
  }

  /// The writing end of a pipe into a local command, and that command's process id.
  static func pipe(into command: String) throws -> (sink: ResultSink, process: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Self.makePipe(&ends) == 0 else {
      throw CommandError(.fault, "can't make a pipe: \(LocalPath.errorText())")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    do {
      let process = try LocalCommand.spawn(command, input: ends[0])
      return (ResultSink(descriptor: ends[1], name: "the local command"), process)
    } catch {
      close(ends[1])
      throw error
    }
  }

  private static func makePipe(_ ends: inout [Int32]) -> Int32 {
    #if canImport(Glibc)
      Glibc.pipe(&ends)
    #else
      Darwin.pipe(&ends)
    #endif
  }

  package func write(_ text: String) throws {
    guard !LocalPath.writeAll(text.utf8, to: descriptor) else { return }
    if errno == EPIPE { throw OutputClosed() }
    throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText())")
  }

  /// Closes it; what the file system kept back until now is reported too.
  func finish() throws {
    guard close(descriptor) == 0 || errno == EINTR else {
      throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText())")
    }
  }
}
