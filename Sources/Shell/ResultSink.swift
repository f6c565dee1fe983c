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
    let pipe = try LocalPipe()
    let process: Int32
    do { process = try LocalCommand.spawn(command, input: pipe.reading) } catch {
      pipe.close()
      throw error
    }
    close(pipe.reading)
    return (ResultSink(descriptor: pipe.writing, name: "the local command"), process)
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
