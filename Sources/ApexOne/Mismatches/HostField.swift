import InputText

/// A host name as spreadsheets, directory tools and people write it: with invisible characters at its ends, in quotes, as
/// `="WS-001"`, `\\WS-001`, `WS-001.` or `WS-001$`, in full-width letters.
struct HostField {
  let name: AgentName
  /// Something was taken off, or written in another way: to be said.
  let isMended: Bool

  /// - Parameter domain: a NetBIOS domain, case-folded, that may stand before the name; names of several domains are
  ///   not one fleet, and no domain is dropped unseen.
  init?(_ text: String, domain: String? = nil) {
    var word = Blank.trimmed(text)
    word = HostField.unquoted(word)
    if word.hasPrefix("\\\\") { word = word.dropFirst(2) }
    if let domain, let cut = HostField.domain(in: word), AgentName.key(of: cut) == domain {
      word = word.dropFirst(cut.count + 1)
    }
    word = Substring(AgentName.narrowed(String(word)))
    // The account of a computer, and a name that is rooted.
    if word.last == "$" || word.last == "." { word = word.dropLast() }
    guard let name = AgentName(String(word)) else { return nil }
    self.name = name
    var text = text
    isMended = text.withUTF8 { !word.utf8.elementsEqual(Blank.withoutSpaces($0)) }
  }

  /// The domain of `CONTOSO\WS-001`; nil where there is none.
  static func domain(in text: some StringProtocol) -> String? {
    let word = unquoted(Blank.trimmed(text))
    guard !word.hasPrefix("\\\\"), let cut = word.firstIndex(of: "\\"), cut == word.lastIndex(of: "\\") else {
      return nil
    }
    let domain = String(word[..<cut])
    return AgentName.isHostName(domain) ? domain : nil
  }

  /// Without the quotes that stand around it; a lone apostrophe before it is Excel's mark of a text.
  private static func unquoted(_ text: Substring) -> Substring {
    var text = text
    if text.hasPrefix("=\"") { text = text.dropFirst() }
    if text.utf8.count > 1, let close = quotes[text.first ?? " "], text.last == close {
      return Blank.trimmed(text.dropFirst().dropLast())
    }
    return text.hasPrefix("'") ? Blank.trimmed(text.dropFirst()) : text
  }

  private static let quotes: [Character: Character] = ["\"": "\"", "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»"]
}
