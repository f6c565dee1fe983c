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
  private let isOver: @Sendable () -> Bool

  private init(descriptor: Int32, name: String, _ isOver: @escaping @Sendable () -> Bool) {
    self.descriptor = descriptor
    self.name = name
    self.isOver = isOver
  }

  /// `> FILE` and `>> FILE`. A named pipe is waited for until somebody reads it, or the task is cancelled.
  /// `isOver`: whoever looks at the results was interrupted, and waits for no reader any more.
  static func file(
    _ redirect: ParsedLine.Redirect, unless isOver: @escaping @Sendable () -> Bool
  ) throws -> ResultSink {
    let name = OutputText.visible(redirect.path)
    let mode = redirect.isAppending ? O_APPEND : O_TRUNC
    let path = LocalPath.expandingHome(redirect.path)
    let interrupted = CommandError(.interrupted, "\(name): nothing was written: interrupted")
    let descriptor = try LocalWait.work(interrupted) { leave in
      Result { () throws(CommandError) in try opened(path, mode, name, leave) }
    }
    return ResultSink(descriptor: descriptor, name: name, isOver)
  }

  private static func opened(
    _ path: String, _ mode: Int32, _ name: String, _ leave: LocalWait.Leave
  ) throws(CommandError) -> Int32 {
    while true {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | mode, 0o666)
      guard descriptor < 0 else {
        _ = fcntl(descriptor, F_SETFL, mode & O_APPEND)
        return descriptor
      }
      let error = errno
      guard error == ENXIO, isPipe(path), !leave.isGiven else {
        throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText(error))")
      }
      usleep(20_000)
    }
  }

  private static func isPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// The writing end of a pipe into a local command, and that command's process id.
  static func pipe(
    into command: String, unless isOver: @escaping @Sendable () -> Bool
  ) throws -> (sink: ResultSink, process: Int32) {
    let pipe = try LocalPipe()
    let process: Int32
    do { process = try LocalCommand.spawn(command, input: pipe.reading) } catch {
      pipe.close()
      throw error
    }
    close(pipe.reading)
    return (ResultSink(descriptor: pipe.writing, name: "the local command", isOver), process)
  }

  package func write(_ text: String) throws {
    var text = text
    switch text.withUTF8({ LocalWait.write(UnsafeRawBufferPointer($0), to: descriptor, unless: isOver) }) {
    case .whole: break
    case .readerGone:
      // A look that ^C cut short in mid-row is no look whose reader had enough.
      try Task.checkCancellation()
      throw OutputClosed()
    case .failed(let error):
      throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText(error))")
    }
  }

  /// Closes it; what the file system kept back until now is reported too.
  func finish() throws {
    guard close(descriptor) == 0 || errno == EINTR else {
      throw CommandError(.ownFiles, "can't write \(name): \(LocalPath.errorText())")
    }
  }
}
