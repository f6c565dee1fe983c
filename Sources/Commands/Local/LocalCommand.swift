import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, environ)
    guard code == 0 else { throw CommandError(.fault, "can't start /bin/sh: \(LocalPath.errorText(code))") }
    return process
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
          // Nobody waits for its answer any more; it has not been waited for yet, so that the number is still its own.
          if output == nil { kill(process, SIGTERM) }
          continuation.resume(returning: Result(code: waitNow(process), output: output ?? []))
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

  private static func waitNow(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return 127 }
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
