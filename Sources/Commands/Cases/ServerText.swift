import ApexOne
import Runs

/// `server.txt`: what is known of the server, with where each value was read; versions and hashes of its tools.
enum ServerText {
  static func make(_ facts: ServerFacts, clean: (String) -> String) -> String {
    let values: [(String, ServerFacts.Value?)] = [
      ("name", facts.serverName), ("HTTP port", facts.httpPort), ("HTTPS port", facts.httpsPort),
      ("agents' port", facts.agentPort), ("virus pattern", facts.patternVersion),
    ]
    var lines = ["PCCSRV folder: \(facts.root)", "product: \(facts.product?.title ?? "not known")"]
    lines += values.map { name, value in
      "\(name): " + (value.map { "\($0.text)   (\($0.place))" } ?? "not known")
    }
    lines.append("CertificateManager.exe: \(facts.hasCertificateManager ? "there" : "not there")")
    lines += facts.tools.map { "tool \($0.name): \($0.size) bytes, SHA-256 \($0.sha256)" }
    let problems = [facts.certificateProblem, facts.toolsProblem].compactMap(\.self) + facts.problems
    lines += problems.map { "problem: \($0)" }
    return lines.map { OutputText.visible(clean($0)) }.joined(separator: "\n") + "\n"
  }
}
