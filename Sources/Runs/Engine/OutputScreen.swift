import ApexOne
package import Remote

/// What endpoints say, before any of it is kept or shown: secrets become dots, and where one may still stand in it in
/// another form, or a key, the text is left out and that is said.
package struct OutputScreen: Sendable {
  private let secrets: [Secret]
  private let scanner: RedactionScanner

  package init(_ secrets: [Secret]) {
    self.secrets = secrets
    scanner = RedactionScanner(secrets: secrets.map { ("secret", $0.reveal { $0 }) })
  }

  /// A sentence that may hold words from there.
  package func shown(_ text: String) -> String {
    var masked = text
    for secret in secrets { masked = secret.replaced(in: masked) }
    if let kind = scanner.kind(in: masked) {
      if case .secret = kind { return "(not kept: a secret could stand in it)" }
      return "(not kept: it holds \(kind))"
    }
    return masked
  }

  /// What a tool printed, cut at `limit` characters. Longer parts of a secret go too: it was among the tool's arguments.
  func printed(_ text: String, keeping limit: Int) -> String {
    var masked = shown(text)
    for secret in secrets {
      guard let less = secret.masked(in: masked) else { return "(not kept: a secret could stand in it)" }
      masked = less
    }
    return String(String.UnicodeScalarView(masked.unicodeScalars.prefix(limit)))
  }
}
