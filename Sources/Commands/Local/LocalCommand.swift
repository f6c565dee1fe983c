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
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let output = LocalPath.readAll(pipe.reading, limit: limit) ?? []
        close(pipe.reading)
        continuation.resume(returning: Result(code: waitNow(process), output: output))
      }
    }
  }

  private static func waitNow(_ process: pid_t) -> Int32 {
    switch ChildProcess(id: process).wait() {
    case .exited(let code): code
    case .killed(let signal): 128 + signal
    case .lost: 127
    }
  }
}
