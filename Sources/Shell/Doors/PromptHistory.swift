import Commands
import Foundation
import LineEditor
import Synchronization

/// The lines a person can call back, and the hints they give. The file is read when the first prompt stands.
final class PromptHistory: Sendable {
  /// Lines that hints are looked for in: looking must not be felt between two keys.
  private static let hinting = 2_000

  private let file: HistoryFile
  private let editor: LineEditor
  private let complain: @Sendable (String) -> Void
  /// Newest last.
  private let recent = Mutex<[String]>([])
  private let said = Mutex<String?>(nil)
  private let loading = Mutex<Task<Void, Never>?>(nil)

  init(file: HistoryFile, editor: LineEditor, complain: @escaping @Sendable (String) -> Void) {
    self.file = file
    self.editor = editor
    self.complain = complain
  }

  func beginLoading() { _ = load() }

  /// The reading of the file; begun by whoever asks first.
  private func load() -> Task<Void, Never> {
    loading.withLock { loading in
      let task = loading ?? Task.detached { self.read() }
      loading = task
      return task
    }
  }

  private func read() {
    do {
      let lines = try file.load().map(\.line)
      recent.withLock { $0 = Array(lines.suffix(Self.hinting)) }
      editor.addHistory(lines)
    } catch {
      say(error)
    }
  }

  /// Waits until the file has been read.
  func finish() async { await load().value }

  /// Keeps a line; `onDisk`: for the next sessions too.
  func add(_ line: String, onDisk: Bool) async {
    // What older sessions typed comes first.
    await finish()
    editor.addHistory(line)
    recent.withLock { recent in
      recent.append(line)
      if recent.count > 2 * Self.hinting { recent.removeFirst(Self.hinting) }
    }
    guard onDisk else { return }
    do {
      try file.append(line, time: Date().timeIntervalSince1970)
    } catch {
      // A full disk must not end the session.
      say(error)
    }
  }

  /// The rest of the newest line that begins with `text`.
  func hint(_ text: String) -> String? {
    let found = recent.withLock { recent in
      recent.last { $0.utf8.count > text.utf8.count && $0.utf8.starts(with: text.utf8) }
    }
    return found.map { String(decoding: $0.utf8.dropFirst(text.utf8.count), as: UTF8.self) }
  }

  /// Once, as long as it stays the same: on a read-only file system each line would say it.
  private func say(_ error: any Error) {
    let text = (error as? HistoryFile.Failure)?.description ?? RenderedError(error).message
    let isNew = said.withLock { said in
      defer { said = text }
      return said != text
    }
    if isNew { complain(text) }
  }
}
