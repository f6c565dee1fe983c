package import Foundation

/// A folder of one test's own, which goes when its owner does.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init(_ label: String = "test") throws {
    path = TemporaryFolder.newPath(label)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path that nothing else has; nothing is made there.
  package static func newPath(_ label: String) -> String {
    NSTemporaryDirectory() + "apexsh-\(label)-\(UUID().uuidString)"
  }

  package func file(_ name: String) -> String { path + "/" + name }
  package func url(_ name: String) -> URL { URL(fileURLWithPath: file(name)) }

  /// Gives the file's path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url(name))
    return file(name)
  }

  package func read(_ name: String) throws -> String {
    try String(decoding: Data(contentsOf: url(name)), as: UTF8.self)
  }

  /// Names of what is in it, sorted.
  package var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
