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
    let (child, output, errors) = (Process(), Pipe(), Pipe())
    if program.contains("/") {
      child.executableURL = URL(fileURLWithPath: program)
      child.arguments = arguments
    } else {
      child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      child.arguments = [program] + arguments
    }
    if let folder { child.currentDirectoryURL = URL(fileURLWithPath: folder, isDirectory: true) }
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = output
    child.standardError = errors
    do { try child.run() } catch {
      throw RemoteError(.notFound, "\(program) can't be started: \(error.localizedDescription.lowercased())")
    }
    let wasCut = process.withLock { process in
      process.id = child.processIdentifier
      return process.isCut
    }
    if wasCut { child.terminate() }
    let streams = LocalProgram.read(output.fileHandleForReading, errors.fileHandleForReading)
    child.waitUntilExit()
    let isCut = process.withLock { process in
      process.id = 0
      return process.isCut
    }
    if isCut { throw RemoteError(.dropped, "\(program): it was cut") }
    let bySignal = child.terminationReason == .uncaughtSignal
    return CommandResult(
      exitCode: bySignal ? nil : UInt32(bitPattern: child.terminationStatus),
      signal: bySignal ? String(child.terminationStatus) : nil,
      output: streams[0].bytes, errors: streams[1].bytes, isCut: streams.contains(where: \.isCut))
  }

  func cut() {
    process.withLock { process in
      process.isCut = true
      if process.id > 0 { kill(process.id, SIGTERM) }
    }
  }

  private struct Stream {
    var bytes: [UInt8] = []
    var isCut = false
    var isOpen = true
  }

  /// Both streams by turns, so that neither fills up while the other is read.
  private static func read(_ output: FileHandle, _ errors: FileHandle) -> [Stream] {
    let descriptors = [output.fileDescriptor, errors.fileDescriptor]
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
