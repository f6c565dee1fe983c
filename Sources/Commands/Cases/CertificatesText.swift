import ApexOne
import Runs

/// `certificates.txt`: the server's certificate, and which agents hold which.
enum CertificatesText {
  /// The server's certificate in the archive.
  static let serverFile = "server-OfcNTCer.dat"

  static func make(_ histories: [CaseHistory], _ server: ServerKnowledge, certificateFile: Bool) -> String {
    var lines = ["The server's certificate"]
    if let known = server.facts?.certificate {
      lines += [
        "  subject: \(known.subject)", "  issuer: \(known.issuer)", "  serial: \(known.serial)",
        "  SHA-256: \(known.sha256)", "  SHA-256 of its key: \(known.keySHA256)",
        "  valid: \(TimeText.rfc3339(known.notBefore)) to \(TimeText.rfc3339(known.notAfter))",
        "  read from: \(known.place)",
      ]
    } else {
      lines.append("  not known")
    }
    let file = certificateFile ? ": \(serverFile)" : " is not here: it was not read now"
    lines.append("  the file itself" + file)
    lines += ["", "The agents' certificates, as the newest look at each found them"]
    lines += agents(histories, server.facts?.knownCertificate?.sha256)
    lines += ["", "apexsh keeps the SHA-256 of an agent's certificate and not the file, so none of these is here."]
    return lines.map(OutputText.visible).joined(separator: "\n") + "\n"
  }

  private static func agents(_ histories: [CaseHistory], _ server: String?) -> [String] {
    let groups = Dictionary(grouping: histories) { $0.certificateSHA256 ?? "" }
    let sorted = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    return sorted.flatMap { hash, members in
      let names = NameFolding.fold(members.map(\.agent.name))
      let label = hash.isEmpty ? "not known" : hash + (hash == server ? " (the server's)" : "")
      return ["  \(label): \(members.count) x: \(names)", seen(members)].compactMap(\.self)
    }
  }

  /// When they were looked at; nil where nobody did.
  private static func seen(_ members: [CaseHistory]) -> String? {
    let times = members.compactMap { $0.inspection?.at }
    guard let first = times.min(), let last = times.max() else { return nil }
    return "    seen \(TimeText.rfc3339(first))" + (first == last ? "" : " to \(TimeText.rfc3339(last))")
  }
}
