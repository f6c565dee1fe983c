import ApexOne
import Foundation

/// Reads the lists behind `@file:`.
enum LinesFile {
  private static let sizeLimit = 64 << 20

  static func read(_ path: String) throws(SelectionUnavailable) -> [String] {
    let path = LocalPath.expandingHome(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SelectionUnavailable("\(path): no such file, or it can't be read")
    }
    guard data.count <= sizeLimit else { throw SelectionUnavailable("\(path): over \(sizeLimit >> 20) MB") }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw SelectionUnavailable("\(path): not UTF-8 text")
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
    }
  }
}
