/// The names that files in an archive may have: our own, hence narrow. Relative, with slashes, printable ASCII.
package enum EntryName {
  /// Why a name is none, in words that follow it; nil where it is fine.
  package static func problem(with name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.count > 240 { return "is longer than 240 bytes" }
    if name.hasPrefix("/") { return "is absolute" }
    guard name.utf8.allSatisfy({ (32...126).contains($0) }) else { return "holds a character that is not plain ASCII" }
    if name.contains(where: { "\\:*?\"<>|".contains($0) }) { return "holds a character that Windows forbids in names" }
    for part in name.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty { return "has an empty part between slashes" }
      if part == "." || part == ".." { return "leads out of its folder" }
      if part.hasSuffix(".") || part.hasSuffix(" ") || part.hasPrefix(" ") {
        return "has a part that Windows would change"
      }
    }
    return nil
  }

  /// libarchive's AE_IFREG, a macro with a cast, which Swift doesn't import.
  static let ordinaryFile: UInt32 = 0o100000

  static func check(_ names: [String]) throws(ArchiveError) {
    var seen: Set<String> = []
    for name in names {
      if let problem = problem(with: name) {
        throw ArchiveError(.badName, "the archive's entry \(name.debugDescription) \(problem)")
      }
      guard seen.insert(name.lowercased()).inserted else {
        throw ArchiveError(.badName, "the archive's entry \(name.debugDescription) is there twice, but for case")
      }
    }
  }
}
