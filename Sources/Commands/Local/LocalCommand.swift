import Dispatch
import Foundation
import LocalSystem

/// Commands on our own machine, run by `/bin/sh -c`: a password manager, a pipe's far end, `!cmd`, the pager.
package enum LocalCommand {
  package struct Result: Sendable {
    /// As a shell says it: 128 and the signal's number where a signal ended it.
    package var code: Int32
    package var output: [UInt8]
  }

  /// Starts it; `input` and `output` take the place of its standard streams. Gives the process id.
  ///
  /// The child gets back the default actions of the signals that we handle or ignore: a pipeline of its own must be
  /// able to end.
  package static func spawn(_ command: String, input: Int32? = nil, output: Int32? = nil) throws -> Int32 {
    do {
      return try ChildProcess(
        "/bin/sh", ["-c", command], name: "sh", descriptors: [input, output], ownGroup: false
      ).id
    } catch {
      let code = (error as? POSIXError)?.code.rawValue ?? EIO
      throw CommandError(.fault, "can't start /bin/sh: \(LocalPath.errorText(code))")
    }
  }

  /// Waits for a process of ours on a thread of its own kind, never on Swift's pool.
  package static func wait(for process: Int32) async -> Int32 {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: waitNow(process)) }
    }
  }

  /// Its standard output, up to `limit` bytes; standard error goes where ours goes, standard input is empty.
  package static func capture(_ command: String, limit: Int) async throws -> Result {
    let pipe = try LocalPipe()
    let empty = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(empty) }
    let process: Int32
    do { process = try spawn(command, input: empty, output: pipe.writing) } catch {
      pipe.close()
      throw error
    }
    close(pipe.writing)
    let leave = LocalWait.Leave()
    let result: Result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          let output = readAll(pipe.reading, limit: limit, leave)
          close(pipe.reading)
          // Where nobody waits for its answer any more, nothing of it stays.
          let child = ChildProcess(id: process)
          let end = output == nil ? child.endTree() : child.wait()
          continuation.resume(returning: Result(code: code(end), output: output ?? []))
        }
      }
    } onCancel: {
      leave.give()
    }
    try Task.checkCancellation()
    return result
  }

  /// Nil where it was left.
  private static func readAll(_ descriptor: Int32, limit: Int, _ leave: LocalWait.Leave) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while bytes.count < limit {
      guard LocalWait.isReady(descriptor, Int32(POLLIN), unless: { leave.isGiven }) else { return nil }
      let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func waitNow(_ process: pid_t) -> Int32 { code(ChildProcess(id: process).wait()) }

  private static func code(_ end: ChildProcess.End) -> Int32 {
    switch end {
    case .exited(let code): code
    case .killed(let signal): 128 + signal
    case .lost: 127
    }
  }
}
