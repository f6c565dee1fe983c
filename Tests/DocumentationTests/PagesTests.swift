import Foundation
import Testing

/// What the README and the pages of the catalogue name is there, under that name and at that place.
@Suite struct PagesTests {
  private static let architecture = Tree.catalogue + "/Architecture.md"

  @Test func thePagesAreThere() {
    let named = ["Architecture", "Changes", "Contract", "Contributing", "Standing"].map { "\(Tree.catalogue)/\($0).md" }
    #expect(Set(Tree.pages).isSuperset(of: named))
  }

  @Test func theReadmeIsShort() throws {
    let lines = try Tree.text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count - 1
    #expect(lines <= 150, "README.md has \(lines) lines: what goes on leads to a page or to help")
  }

  @Test(arguments: Tree.pages) func everyLinkLeadsToAFile(path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    for link in try Page(path).links {
      let target = (folder.isEmpty ? "" : folder + "/") + link.prefix { $0 != "#" }
      #expect(Tree.exists(target), "\(path) links to \(link), which is not there")
    }
  }

  /// Files, folders, scripts and suites; a function that stands right behind a file is declared there.
  @Test(arguments: Tree.pages) func everythingNamedIsThere(path: String) throws {
    for spans in try Page(path).spans {
      var file: String?
      for (span, isBehind) in spans {
        if span.wholeMatch(of: #/[A-Za-z0-9+\/]+\.swift/#) != nil {
          file = Tree.place(of: span)
          #expect(file != nil, "\(path) names \(span), and there is no such file")
        } else if isBehind, let file, span.wholeMatch(of: #/[a-z][A-Za-z]*\([a-zA-Z_:]*\)/#) != nil {
          #expect(
            try Declarations(of: file).hold(span), "\(path) names \(span) of \(file), which declares no such function")
        } else if span.wholeMatch(of: #/[A-Z][A-Za-z0-9]+Tests/#) != nil {
          #expect(Tree.hasSuite(span), "\(path) names \(span), and there is no such suite")
        } else if let word = span.firstMatch(of: #/^(scripts|Tests|Sources)\/[^ ]+/#) {
          #expect(Tree.exists(String(word.0)), "\(path) names \(word.0), which is not there")
        }
      }
    }
  }

  /// From a line to a repaired endpoint: at most twelve stops, each a function of a file.
  @Test func theWalkIsTrue() throws {
    let stops = try Page(Self.architecture).table("stop", "file", "function")
    #expect((8...12).contains(stops.count), "the walk has \(stops.count) stops")
    for (index, stop) in stops.enumerated() {
      #expect(stop[0] == "\(index + 1)", "stop \(index + 1) is called \(stop[0])")
      let file = "Sources/" + stop[1]
      guard Tree.exists(file) else {
        Issue.record("stop \(stop[0]) of the walk: there is no file \(file)")
        continue
      }
      #expect(stop[2].hasSuffix(")"), "stop \(stop[0]) of the walk names no function: \(stop[2])")
      #expect(try Declarations(of: file).hold(stop[2]), "stop \(stop[0]) of the walk: \(file) declares no \(stop[2])")
    }
  }

  @Test func whereToLookIsTrue() throws {
    let rows = try Page(Self.architecture).table("question", "file", "name")
    #expect(rows.count > 10)
    for row in rows {
      guard Tree.exists("Sources/" + row[1]) else {
        Issue.record("'\(row[0])' leads to Sources/\(row[1]), which is not there")
        continue
      }
      let isThere = try Declarations(of: "Sources/" + row[1]).hold(row[2])
      #expect(isThere, "'\(row[0])' leads to \(row[2]) of \(row[1]), which declares no such thing")
    }
  }

  /// Each invariant names who holds it and which suites break it on purpose.
  @Test func everyInvariantIsHeldSomewhere() throws {
    let rows = try Page(Self.architecture).table("invariant", "held by", "broken on purpose in")
    #expect(rows.count > 10)
    for row in rows {
      #expect(row[1].contains(".swift"), "'\(row[0])' is held by no file")
      #expect(row[2].contains("Tests"), "'\(row[0])' is broken by no suite")
    }
  }

  /// The map of the house is `Package.swift`'s: every module, and whom it may see.
  @Test func theMapOfTheHouseIsTrue() throws {
    let folders = Tree.names(in: "Sources").filter { Tree.exists("Sources/\($0)/") && !$0.contains(".") }
    let shims = folders.filter { Tree.exists("Sources/\($0)/module.modulemap") }
    let rows = try Page(Self.architecture).table("module", "sees", "holds")
    #expect(Set(rows.map { $0[0] }) == Set(folders).subtracting(shims))
    for row in rows {
      let seen = row[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let declared = try Self.dependencies(of: row[0]).filter(folders.contains)
      #expect(
        Set(seen) == Set(declared), "\(row[0]) sees \(declared.sorted().joined(separator: ", ")) by Package.swift")
    }
  }

  /// What stands in quotes in a target's list of dependencies; empty where it has none.
  private static func dependencies(of module: String) throws -> [String] {
    let package = try Tree.text("Package.swift").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let targets = [
      #/(?:module|target|executableTarget)\( ?(?:name: )?"([A-Za-z]+)",? ?(?:dependencies: )?(?:\[([^\]]*)\])?/#
    ]
    for match in targets.flatMap({ package.matches(of: $0) }) where match.1 == module {
      return (match.2 ?? "").matches(of: #/"([A-Za-z]+)"/#).map { String($0.1) }
    }
    Issue.record("Package.swift declares no \(module)")
    return []
  }
}
