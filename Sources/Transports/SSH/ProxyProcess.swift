import Foundation
import Remote

/// The process of a `ProxyCommand`, whose standard input and output are the connection.
///
/// One end of a socket pair is its, the other is handed to libssh like any dialled socket, so the same watchdog and the
/// same cut work.
final class ProxyProcess: Sendable {
  private let process: pid_t

  private init(process: pid_t) { self.process = process }

  /// Starts the command under `/bin/sh`; returns our end of the pair.
  static func start(_ command: String, label: String) throws(RemoteError) -> (ProxyProcess, Int32) {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, streamSocket, 0, &pair) == 0 else {
      throw RemoteError(.local, "\(label): no socket pair for the ProxyCommand: \(systemText(errno))")
    }
    for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var process = pid_t()
    let code = spawn("exec " + command, descriptor: pair[1], &process)
    close(pair[1])
    guard code == 0 else {
      close(pair[0])
      throw RemoteError(.local, "\(label): the ProxyCommand can't be started: \(systemText(code))")
    }
    _ = fcntl(pair[0], F_SETFL, fcntl(pair[0], F_GETFL) | O_NONBLOCK)
    return (ProxyProcess(process: process), pair[0])
  }

  private static func spawn(_ command: String, descriptor: Int32, _ process: inout pid_t) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
    posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    var words: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
    defer { words.forEach { free($0) } }
    return posix_spawn(&process, "/bin/sh", &actions, nil, &words, environ)
  }

  /// Ends it and takes its exit status, so that nothing is left behind.
  func end() {
    kill(process, SIGTERM)
    var status: Int32 = 0
    for _ in 0..<50 {
      let done = waitpid(process, &status, WNOHANG)
      if done == process || (done < 0 && errno == ECHILD) { return }
      usleep(10_000)
    }
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
  }
}
