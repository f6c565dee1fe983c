import ApexOne
import Runs

/// `agents.csv`: the agents of a case, a row each; no cell can start a formula.
enum CaseTable {
  private static let header = [
    "name", "address", "domain", "version", "guid", "list_line", "outcome", "cause", "protected", "run",
    "certificate_sha256", "certificate_serial", "found", "detail", "found_at", "found_by",
  ]

  static func csv(_ histories: [CaseHistory], _ server: CertificateRecord?, clean: (String) -> String) -> String {
    var text = DelimitedText.csv(header) + "\r\n"
    for history in histories {
      text += DelimitedText.csv(cells(history, server).map { clean($0.cell) }) + "\r\n"
    }
    return text
  }

  private static func cells(_ history: CaseHistory, _ server: CertificateRecord?) -> [ResultValue] {
    let (agent, last) = (history.agent, history.attempts.first)
    let sha256 = history.certificateSHA256
    return [
      .text(agent.name.text), ResultValue(agent.address), ResultValue(agent.domain), ResultValue(agent.version),
      ResultValue(agent.guid), ResultValue(agent.line), ResultValue(last?.result.outcome.rawValue),
      ResultValue(last?.result.cause?.rawValue), ResultValue(last?.result.protected), ResultValue(last?.run.number),
      ResultValue(sha256),
      // Looks keep a certificate's hash alone; its serial is known where it is the server's.
      ResultValue(sha256 != nil && sha256 == server?.sha256 ? server?.serial : nil), ResultValue(history.found),
      ResultValue(last?.result.detail), ResultValue(history.inspection.map { TimeText.rfc3339($0.at) }),
      ResultValue(history.inspection.map { "\($0.by)" }),
    ]
  }
}
