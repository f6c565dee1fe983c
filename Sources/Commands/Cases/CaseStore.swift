package import ApexOne
import Foundation
import Remote
package import Runs

/// Cases in the journal, read and written as values.
package enum CaseStore {
  /// The certificate that Support sent for a case: what `transfer --case` deploys.
  ///
  /// Throws 65 where there is no such case, it is closed, nothing was attached to it, what is kept can't be read, or the
  /// case is of another server than `server`; whether it is still valid, and the server's own, is the caller's to look at.
  package static func certificate(
    ofCase number: Int, in journal: Journal, server: String? = nil
  ) throws -> AuthenticationCertificate {
    let record = try record(number, in: journal)
    if let server, !record.server.isEmpty, record.server != server {
      throw CommandError(.unusableInput, "case \(number) is of another server (\(record.server))")
    }
    if let closed = record.closed {
      throw CommandError(
        .unusableInput,
        "case \(number) was closed on \(TimeText.date(closed)): its certificate is not deployed any more; make a case anew: "
          + "escalate SELECTION")
    }
    guard let bytes = record.certificate else {
      throw CommandError(
        .unusableInput,
        "case \(number) has no certificate yet; when Support sent it: escalate --attach \(number) --certificate FILE")
    }
    do throws(CertificateError) {
      return try AuthenticationCertificate(bytes: [UInt8](bytes))
    } catch {
      throw CommandError(.unusableInput, "the certificate kept with case \(number) can't be read: \(error)")
    }
  }

  /// The same of a case of this server, as it is kept now.
  static func certificate(
    ofCase number: Int, on place: ServerPlace, in invocation: Invocation
  ) throws -> AuthenticationCertificate {
    try certificate(ofCase: number, in: try invocation.journal(of: place), server: place.identity)
  }

  static func record(_ number: Int, in journal: Journal) throws -> CaseRecord {
    if let record = try journal.supportCase(number) { return record }
    throw CommandError(.unusableInput, "there is no case \(number); see: list cases")
  }

  /// The value that a record holds; the journal's columns win over it.
  static func value(of record: CaseRecord) throws -> SupportCase {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .secondsSince1970
    guard var item = try? decoder.decode(SupportCase.self, from: Data(record.value.utf8)) else {
      throw CommandError(.ownFiles, "case \(record.number) in the journal is damaged, or of another version")
    }
    item.state = record.closed == nil ? .open : .closed
    return item
  }

  static func text(of item: SupportCase) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .secondsSince1970
    guard let data = try? encoder.encode(item) else { preconditionFailure("a case is always encodable") }
    return String(decoding: data, as: UTF8.self)
  }

  static func close(_ number: Int, in invocation: Invocation) throws -> ExitCode {
    let journal = try invocation.journal()
    let record = try record(number, in: journal)
    let date = try record.closed ?? invocation.date()
    if record.closed == nil {
      try journal.closeCase(number, at: date)
    } else {
      invocation.console.note("case \(number) was closed already")
    }
    try invocation.details([
      ("case", .number(number)), ("state", "closed"), ("closed", .text(TimeText.rfc3339(date))),
    ])
    return .success
  }
}

extension Invocation {
  /// Seconds since 1970 on the clock of the current server, which is the lab's own for a lab.
  func date() throws -> Double {
    settings.server == nil ? Date().timeIntervalSince1970 : try place().clock.date
  }
}
