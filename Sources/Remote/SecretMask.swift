import Foundation

extension Secret {
  /// `text` with dots in the secret's place, in whatever case.
  package func replaced(in text: String) -> String {
    reveal { $0.isEmpty ? text : Secret.replaced($0, in: text) }
  }

  private static func replaced(_ part: some StringProtocol, in text: String) -> String {
    text.replacingOccurrences(of: part, with: dots, options: .caseInsensitive)
  }

  /// `text` with dots in the secret's place, in whatever form another program wrote it down: quotes and carets may be
  /// escaped there, letters beyond ASCII written in a code page. So every longer run of plain letters and digits of it
  /// goes too. Nil where it has none, and so could stand anywhere.
  package func masked(in text: String) -> String? {
    reveal { secret in
      guard !secret.isEmpty else { return text }
      let runs = secret.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      var masked = Secret.replaced(secret, in: text)
      if runs.count == 1, runs[0].count == secret.count { return masked }
      let long = runs.filter { $0.count >= 4 }
      guard !long.isEmpty else { return nil }
      for run in long.sorted(by: { $0.count > $1.count }) { masked = Secret.replaced(run, in: masked) }
      return masked
    }
  }
}
