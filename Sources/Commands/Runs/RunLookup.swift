import Runs

// What commands about one run ask first.
extension Journal {
  /// A run, the newest where none is named; 65 where there is none.
  func record(ofRun number: Int?) throws -> RunRecord {
    if let run = try number.map({ try run($0) }) ?? runs(limit: 1).first { return run }
    let text = number.map { "there is no run \($0); see: list runs" } ?? "no runs yet"
    throw CommandError(.unusableInput, text)
  }
}

extension Journal {
  /// Where a run deployed another certificate than the server's of now: its proofs are no proofs of that one.
  func otherCertificateText(ofRun run: RunRecord) throws -> String? {
    guard let plan = try planHead(ofRun: run.number), let own = try serverCertificate(of: run.server),
      own.sha256 != plan.certificateSHA256
    else { return nil }
    return "it deployed the certificate with serial \(plan.certificateSerial), which is NOT the server's "
      + "(serial \(own.serial)): what it proved is proved with that one"
  }
}
