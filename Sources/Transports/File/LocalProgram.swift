import CSystem
import Foundation
import Remote
import Synchronization

/// A Windows program started from here, where the system can run one (WSL), with its output capped.
///
/// WSL quotes the arguments for Windows itself, and hands on only the low 8 bits of an exit code.
final class LocalProgram: Sendable {
  private let process = Mutex<(id: pid_t, isCut: Bool)>((0, false))

  /// Blocks until the program has ended. `folder`, `program`: local paths, or a bare name to be found in `PATH`.
  func run(_ program: String, _ arguments: [String], in folder: String?) throws(RemoteError) -> CommandResult {
    guard let output = LocalProgram.pipe(), let errors = LocalProgram.pipe() else {
      throw RemoteError(.local, "\(program) can't be started: no descriptor left").beforeStart()
    }
    defer { for descriptor in [output.read, errors.read] { close(descriptor) } }
    let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
    let child: ChildProcess
    do {
      defer { for descriptor in [input, output.write, errors.write] { close(descriptor) } }
      // The shell only changes the folder; the words reach it as parameters, never as text.
      let words = folder.map { ["/bin/sh", "-c", "cd -- \"$1\" && shift && exec \"$@\"", "sh", $0] } ?? []
      let line = words + [program] + arguments
      child = try ChildProcess(
        line[0], Array(line.dropFirst()), descriptors: [input, output.write, errors.write])
    } catch {
      throw RemoteError(.notFound, "\(program) can't be started: \(error.localizedDescription)").beforeStart()
    }
    let wasCut = process.withLock { process in
      process.id = child.id
      return process.isCut
    }
    if wasCut { cut() }
    let streams = LocalProgram.read([output.read, errors.read])
    let end = child.wait()
    let isCut = process.withLock { process in
      process.id = 0
      return process.isCut
    }
    if isCut { throw RemoteError(.dropped, "\(program): it was cut") }
    var result = CommandResult(
      exitCode: nil, output: streams[0].bytes, errors: streams[1].bytes, isCut: streams.contains(where: \.isCut))
    switch end {
    case .exited(let code): result.exitCode = UInt32(bitPattern: code)
    case .killed(let signal): result.signal = String(signal)
    case .lost: break
    }
    return result
  }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var pair: [Int32] = [-1, -1]
    return cs_pipe(&pair) == 0 ? (pair[0], pair[1]) : nil
  }

  func cut() {
    let id = process.withLock { process in
      process.isCut = true
      if process.id > 0 { kill(-process.id, SIGTERM) }
      return process.id
    }
    guard id > 0 else { return }
    // One that takes no notice is ended all the same.
    _ = Watchdog.shared.arm(ChildProcess.grace) { [self] in
      process.withLock { if $0.id == id { kill(-id, SIGKILL) } }
    }
  }

  private struct Stream {
    var bytes: [UInt8] = []
    var isCut = false
    var isOpen = true
  }

  /// Both streams by turns, so that neither fills up while the other is read.
  private static func read(_ descriptors: [Int32]) -> [Stream] {
    var streams = [Stream(), Stream()]
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while streams.contains(where: \.isOpen) {
      var entries = zip(descriptors, streams).map { descriptor, stream in
        pollfd(fd: stream.isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0)
      }
      if poll(&entries, 2, -1) < 0, errno != EINTR { break }
      for index in 0..<2 where entries[index].revents != 0 {
        let count = systemRead(descriptors[index], &buffer, buffer.count)
        if count <= 0 {
          streams[index].isOpen = count < 0 && errno == EINTR
          continue
        }
        let room = RemoteLimits.output - streams[index].bytes.count
        streams[index].bytes.append(contentsOf: buffer[..<min(count, room)])
        if count > room { streams[index].isCut = true }
      }
    }
    return streams
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
