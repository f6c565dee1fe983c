import Foundation
import Remote
import Testing

/// Mutated output of reg.exe and sc.exe: never a trap, never a type or a state that isn't there, and the byte parser
/// says what a plain reading of the layout says. `scripts/soak` runs many more seeds; a failure names its seed.
@Suite struct SoakParserTests {
  private static let count: UInt64 = ProcessInfo.processInfo.environment["APEXSH_SOAK"] == nil ? 300 : 200_000

  private static let pieces: [[UInt8]] = [
    Array("    ".utf8), Array("\r\n".utf8), Array("    REG_SZ    ".utf8), Array("REG_".utf8), Array("REG_DWORD".utf8),
    Array("\t".utf8), Array("0x1f90".utf8), Array("[SC] ".utf8), Array(" 1060:".utf8), Array(" : 4  RUNNING".utf8),
    Array("        STATE : ".utf8), [0x83, 0x5C], [0x81, 0x46], [0xEF, 0xBC, 0x9A], [0xFF], [0xFF, 0xFE], [0x9A],
    [0xEF, 0xBB, 0xBF], [0], Array("é".utf8), Array("日本".utf8), [0x20], [0x0A], [0x0D],
  ]

  private static let registry = Array(
    ("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n    Server    REG_SZ    apexone.contoso.local\r\n"
      + "    Application Path    REG_EXPAND_SZ    %ProgramFiles%\\Größe\\\r\n    Port    REG_DWORD    0x1f90\r\n"
      + "    a    b    REG_SZ    c    REG_DWORD    0x1\r\n    Empty    REG_SZ    \r\n").utf8)
  private static let service = Array(
    ("\r\nSERVICE_NAME: tmlisten \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n"
      + "        STATE              : 4  RUNNING \r\n                                (STOPPABLE, NOT_PAUSABLE)\r\n"
      + "        WIN32_EXIT_CODE    : 0  (0x0)\r\n        SERVICE_EXIT_CODE  : 0  (0x0)\r\n"
      + "        CHECKPOINT         : 0x0\r\n        WAIT_HINT          : 0x0\r\n        PID                : 4711\r\n")
      .utf8)
  private static let failure = Array("[SC] OpenService FAILED 1060:\r\n\r\nNo such service.\r\n".utf8)

  private func mutated(_ sample: [UInt8], _ random: inout Hostile) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 0...6, using: &random))
      switch random.next() % 4 {
      case 0: bytes.replaceSubrange(place..<end, with: SoakParserTests.pieces.randomElement(using: &random) ?? [])
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
      default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
    }
    return bytes
  }

  @Test func registryOutputIsReadAsItsLayoutSays() {
    for seed in 1...SoakParserTests.count {
      var random = Hostile(seed: seed)
      let bytes = mutated(SoakParserTests.registry, &random)
      let output = RegistryOutput(bytes, exitCode: 0)
      #expect(output.values == RegistryModel.values(bytes), "seed \(seed)")
    }
  }

  @Test func noServiceIsInvented() {
    for seed in 1...SoakParserTests.count {
      var random = Hostile(seed: seed)
      let output = ServiceOutput(mutated(SoakParserTests.service, &random))
      if output.processID != nil { #expect(output.state != nil, "seed \(seed)") }
      if output.state != nil { #expect(output.error == nil, "seed \(seed)") }
      // A text without a field has no state, whatever happens to it.
      let bytes = mutated(SoakParserTests.failure, &random)
      if !String(decoding: bytes, as: UTF8.self).contains("STATE"), !bytes.contains(Array(" : 4".utf8)) {
        #expect(ServiceOutput(bytes).state == nil, "seed \(seed)")
      }
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ other: [UInt8]) -> Bool { !ranges(of: other).isEmpty }
}

/// The layout of `reg.exe query`'s value lines, read in the plainest way.
enum RegistryModel {
  static func values(_ bytes: [UInt8]) -> [String: RegistryValue] {
    var values: [String: RegistryValue] = [:]
    let lines = ConsoleText.decode(bytes).unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    for line in lines {
      if let (name, value) = value(Array(line)) { values[name] = value }
    }
    return values
  }

  private static let blanks: [Unicode.Scalar] = [" ", " ", " ", " "]

  private static func value(_ line: [Unicode.Scalar]) -> (String, RegistryValue)? {
    guard line.count > 4, line.starts(with: blanks), line[4] != " " else { return nil }
    for place in 5..<max(5, line.count) {
      guard let begin = gap(line, place), line[begin...].starts(with: Array("REG_".unicodeScalars)) else { continue }
      let word = line[begin...].prefix { ("A"..."Z").contains($0) || $0 == "_" }
      guard word.count > 4, word.endIndex == line.count || line[word.endIndex] == " " || line[word.endIndex] == "\t"
      else { continue }
      let rest = gap(line, word.endIndex) ?? word.endIndex
      return (text(line[4..<place]), RegistryValue(type: text(word), text: text(line[rest...])))
    }
    return nil
  }

  private static func gap(_ line: [Unicode.Scalar], _ place: Int) -> Int? {
    guard place < line.count else { return nil }
    if line[place] == "\t" { return place + 1 }
    return line[place...].starts(with: blanks) ? place + 4 : nil
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
