import ApexOne
import InputText
import Synchronization

/// The lists behind `@file:` that one command has read. Each is read once: what comes from a pipe is empty the second time,
/// and a file that is changed meanwhile would make a plan of other agents than those that were confirmed.
package final class LinesFiles: Sendable {
  private let known = Mutex<[String: [String]]>([:])

  func lines(_ path: String) throws(SelectionUnavailable) -> [String] {
    if let lines = known.withLock({ $0[path] }) { return lines }
    let lines = try LinesFile.read(path)
    known.withLock { $0[path] = lines }
    return lines
  }
}

/// Reads the lists behind `@file:`.
enum LinesFile {
  private static let sizeLimit = 32 << 20
  /// A selection stands for a million names at most.
  private static let mostLines = 1_000_000

  static func read(_ path: String) throws(SelectionUnavailable) -> [String] {
    let path = LocalPath.expandingHome(path)
    let name = OutputText.visible(path)
    let bytes: [UInt8]
    do throws(CommandError) { bytes = try InputFile.read(path, limit: sizeLimit) } catch {
      throw SelectionUnavailable(error.message)
    }
    guard bytes.count(where: { $0 == 10 || $0 == 13 }) <= 2 * mostLines else {
      throw SelectionUnavailable("\(name): over \(NumberText.grouped(mostLines)) lines")
    }
    do throws(FileTextFault) { return Lines.of(try FileText.decode(bytes)).map(String.init) } catch {
      throw SelectionUnavailable("\(name):\(error.line): \(error)")
    }
  }
}
