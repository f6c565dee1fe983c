import Foundation
import LocalSystem
import Remote

/// The process of a `ProxyCommand`, whose standard input and output are the connection.
///
/// One end of a socket pair is its, the other is handed to libssh like any dialled socket, so the same watchdog and the
/// same cut work.
final class ProxyProcess: Sendable {
  private let process: ChildProcess

  private init(process: ChildProcess) { self.process = process }

  /// Ends it, so that nothing is left behind.
  func end() { process.end() }

  /// Starts the command under `/bin/sh`; returns our end of the pair.
  static func start(_ command: String, label: String) throws(RemoteError) -> (ProxyProcess, Int32) {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, streamSocket | closeOnExec, 0, &pair) == 0 else {
      throw RemoteError(.local, "\(label): no socket pair for the ProxyCommand: \(systemText(errno))")
    }
    for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    defer { close(pair[1]) }
    do {
      let process = try ChildProcess("/bin/sh", ["-c", "exec " + command], descriptors: [pair[1], pair[1]])
      keepPrivate(pair[0])
      return (ProxyProcess(process: process), pair[0])
    } catch {
      close(pair[0])
      throw RemoteError(.local, "\(label): the ProxyCommand can't be started: \(error.localizedDescription)")
    }
  }
}
