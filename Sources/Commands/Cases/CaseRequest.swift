import ApexOne
import Foundation

/// What was asked for with `escalate SELECTION`.
struct CaseRequest: Sendable {
  var selection: Selection
  var kind: SupportCase.Kind
  var clpAccount: String?
  var provisionURL: String?
  var summary: String?
  /// `2026-11-23`
  var since: String?
  var changedBefore: String?
  /// Where the archive goes; the current folder where it is nil.
  var folder: String?
  var takesUnlisted: Bool

  /// The case, empty as yet; throws where an option keeps to no rule.
  func checked(number: Int = 0, server: String = "", at date: Double = 0) throws(CaseError) -> SupportCase {
    try SupportCase(
      id: "apexsh-case-\(number)", kind: kind, created: Date(timeIntervalSince1970: date.rounded(.down)),
      server: server, clpAccount: clpAccount, provisionURL: provisionURL, summary: summary, since: since,
      changedBefore: changedBefore)
  }
}

extension CaseError: PresentableError {
  package var message: String { description }
  package var exitCode: ExitCode {
    switch self {
    case .certificateDates, .closed: .unusableInput
    case .badIdentifier: .fault
    case .missing, .badProvisionURL, .badAccount, .controlCharacters, .tooLong: .misuse
    }
  }
}
