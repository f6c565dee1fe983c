import Foundation

/// The repository's files, as text.
enum Tree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let pages = ["README.md"] + names(in: catalogue).filter { $0.hasSuffix(".md") }.map { catalogue + "/" + $0 }
  static let catalogue = "Sources/apexsh/Documentation.docc"

  /// Throws where there is no such file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []).sorted()
  }

  /// Where a file is that a page names from the top, from `Sources` or from `Tests`; nil where it is nowhere.
  static func place(of path: String) -> String? {
    [path, "Sources/" + path, "Tests/" + path].first(where: exists)
  }

  private static let testFiles: [URL] = {
    let files = FileManager.default.enumerator(
      at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }()

  /// Every Swift file below `Tests`, put together.
  private static let tests = testFiles.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    .joined(separator: "\n")

  /// A suite of that name, a file of suites, or a folder of such files.
  static func hasSuite(_ name: String) -> Bool {
    exists("Tests/\(name)") || testFiles.contains { $0.lastPathComponent == name + ".swift" }
      || tests.contains("struct \(name) ")
  }
}

/// What a Swift text declares.
struct Declarations {
  let text: String

  init(of path: String) throws { text = try Tree.text(path) }

  /// `run(in:)` is a function with these labels, `init(_:)` an initializer, `Host` anything else of that name.
  func hold(_ name: String) -> Bool {
    guard let open = name.firstIndex(of: "(") else {
      return matches(#"\b(struct|class|enum|protocol|actor|typealias|case|let|var|func|extension) \#(name)\b"#)
    }
    let base = String(name[..<open])
    let labels = name[name.index(after: open)...].dropLast().split(separator: ":").map(String.init)
    return functions(named: base).contains(labels)
  }

  private func matches(_ pattern: String) -> Bool { text.range(of: pattern, options: .regularExpression) != nil }

  /// The labels of each function of that name.
  private func functions(named base: String) -> [[String]] {
    let pattern = base == "init" ? #"\binit(<[^>]*>)?\("# : #"\bfunc \#(base)(<[^>]*>)?\("#
    var (found, rest) = ([[String]](), text[...])
    while let match = rest.range(of: pattern, options: .regularExpression) {
      rest = rest[match.upperBound...]
      found.append(Declarations.labels(rest))
    }
    return found
  }

  /// Labels of a parameter list, which begins behind its opening bracket.
  private static func labels(_ text: Substring) -> [String] {
    var (depth, parameters) = (0, [""])
    for character in text {
      switch character {
      case "(", "[", "{": depth += 1
      case ")" where depth == 0:
        return parameters.compactMap { $0.split { $0.isWhitespace || $0 == ":" }.first.map(String.init) }
      case ")", "]", "}": depth -= 1
      case "," where depth == 0:
        parameters.append("")
        continue
      default: break
      }
      parameters[parameters.count - 1].append(character)
    }
    return []
  }
}

/// A Markdown page.
struct Page {
  let path: String
  let text: String

  init(_ path: String) throws {
    self.path = path
    text = try Tree.text(path)
  }

  /// The cells of a table's rows, code marks taken off; the table is the one whose first heading cells these are.
  func table(_ head: String...) -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let top = lines.firstIndex(where: { $0.hasPrefix("| " + head.joined(separator: " | ") + " |") }) else {
      return []
    }
    return lines[(top + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
    }
  }

  /// What stands in code marks outside of blocks, line by line; `isBehind`: one blank after what stood in marks before.
  var spans: [[(text: String, isBehind: Bool)]] {
    var isBlock = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.hasPrefix("```") { isBlock.toggle() }
      if isBlock || line.hasPrefix("```") { return nil }
      let parts = line.split(separator: "`", omittingEmptySubsequences: false)
      return stride(from: 1, to: parts.count, by: 2).map { (String(parts[$0]), $0 > 1 && parts[$0 - 1] == " ") }
    }
  }

  /// Links that lead to files here.
  var links: [String] {
    text.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }.filter { !$0.contains("://") && !$0.hasPrefix("#") }
  }
}
