import ApexOne
import InputText

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
