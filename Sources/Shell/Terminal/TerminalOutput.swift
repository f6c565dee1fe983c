import Commands
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
  /// The process was interrupted: a reader that takes nothing is waited for no more.
  private let isOver: @Sendable () -> Bool

  package convenience init(terminal: Terminal, unless isOver: @escaping @Sendable () -> Bool = { false }) {
    self.init(
      output: Terminal.outputDescriptor, error: Terminal.errorDescriptor,
      showsProgress: terminal.errorIsTerminal && terminal.movesCursor, width: { terminal.width }, unless: isOver)
  }

  init(
    output: Int32, error: Int32, showsProgress: Bool, width: @escaping @Sendable () -> Int,
    unless isOver: @escaping @Sendable () -> Bool = { false }
  ) {
    self.isOver = isOver
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
      _ = Descriptor.write(drawing, to: errorDescriptor, unless: isOver)
    }
  }

  /// Draws `lines` over those drawn last; nil leaves those standing. Nothing where standard error is no terminal.
  package func show(_ lines: [String]?, rows: Int, now: ContinuousClock.Instant = .now) {
    progress.withLock { line in
      let drawing = lines.map { line.drawing(of: $0, columns: width(), rows: rows, now: now) } ?? line.leaving()
      if let drawing { _ = Descriptor.write(drawing, to: errorDescriptor, unless: isOver) }
    }
  }

  /// Takes the progress line off the screen.
  package func clearProgress() {
    progress.withLock { line in
      if let erasing = line.erasing() { _ = Descriptor.write(erasing, to: errorDescriptor, unless: isOver) }
    }
  }

  private func send(_ text: String, to descriptor: Int32) -> WriteResult {
    progress.withLock { line in
      if let erasing = line.erasing() { _ = Descriptor.write(erasing, to: errorDescriptor, unless: isOver) }
      return Descriptor.write(text, to: descriptor, unless: isOver)
    }
  }
}

enum Descriptor {
  /// Writes all of `text`, however many pieces it takes, unless nobody reads it and `isOver` says that it is time to end.
  static func write(_ text: String, to descriptor: Int32, unless isOver: () -> Bool = { false }) -> WriteResult {
    var text = text
    switch text.withUTF8({ LocalWait.write(UnsafeRawBufferPointer($0), to: descriptor, unless: isOver) }) {
    case .whole: return .written
    case .readerGone: return .readerGone
    case .failed(let error): return .failed(error)
    }
  }
}
