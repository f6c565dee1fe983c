import Foundation
import Synchronization

/// How writing went.
package enum WriteResult: Sendable, Equatable {
  case written
  /// Nobody reads any more (`| head`): stop, quietly.
  case readerGone
  /// The error number, `ENOSPC` for instance: exit code 74.
  case failed(Int32)
}

/// Standard output and standard error of the process, and the progress line that makes way for both.
package final class TerminalOutput: Sendable {
  private let outputDescriptor: Int32
  private let errorDescriptor: Int32
  private let progress: Mutex<ProgressLine>
  private let width: @Sendable () -> Int

  package convenience init(terminal: Terminal) {
    self.init(
      output: Terminal.outputDescriptor, error: Terminal.errorDescriptor,
      showsProgress: terminal.errorIsTerminal && terminal.movesCursor, width: { terminal.width })
  }

  init(output: Int32, error: Int32, showsProgress: Bool, width: @escaping @Sendable () -> Int) {
    outputDescriptor = output
    errorDescriptor = error
    progress = Mutex(ProgressLine(isShown: showsProgress))
    self.width = width
  }

  /// Results.
  @discardableResult
  package func write(_ text: String) -> WriteResult { send(text, to: outputDescriptor) }

  /// Everything else: notes, diagnostics, questions.
  @discardableResult
  package func writeError(_ text: String) -> WriteResult { send(text, to: errorDescriptor) }

  /// Draws `text` over the last progress, at most four times a second; nothing where standard error is no terminal.
  package func showProgress(_ text: String, now: ContinuousClock.Instant = .now) {
    progress.withLock { line in
      guard let drawing = line.drawing(of: text, columns: width(), now: now) else { return }
      _ = Descriptor.write(drawing, to: errorDescriptor)
    }
  }

  /// Draws `lines` over those drawn last; nil leaves those standing. Nothing where standard error is no terminal.
  package func show(_ lines: [String]?, rows: Int, now: ContinuousClock.Instant = .now) {
    progress.withLock { line in
      let drawing = lines.map { line.drawing(of: $0, columns: width(), rows: rows, now: now) } ?? line.leaving()
      if let drawing { _ = Descriptor.write(drawing, to: errorDescriptor) }
    }
  }

  /// Takes the progress line off the screen.
  package func clearProgress() {
    progress.withLock { line in
      if let erasing = line.erasing() { _ = Descriptor.write(erasing, to: errorDescriptor) }
    }
  }

  private func send(_ text: String, to descriptor: Int32) -> WriteResult {
    progress.withLock { line in
      if let erasing = line.erasing() { _ = Descriptor.write(erasing, to: errorDescriptor) }
      return Descriptor.write(text, to: descriptor)
    }
  }
}

enum Descriptor {
  /// Writes all of `text`, however many pieces it takes.
  static func write(_ text: String, to descriptor: Int32) -> WriteResult {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Foundation.write(descriptor, start, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN:
          // Somebody else made the descriptor non-blocking.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&ready, 1, -1)
        case EPIPE, EIO: return .readerGone
        case let error: return .failed(error)
        }
      }
      return .written
    }
  }
}
