package import Foundation

/// Why a case is not made as it was asked for. The sentence names the option.
package enum CaseError: Error, Sendable, Hashable {
  case badIdentifier
  case missing(option: String)
  case badProvisionURL(String)
  case badAccount(String)
  /// A text holds characters that can't be pasted into a form.
  case controlCharacters(option: String)
  case tooLong(option: String)
  /// The certificate that came back is over, or not yet valid.
  case certificateDates(String)
  case closed(String)
}

extension CaseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badIdentifier: "a case's name is letters, digits and dashes, at most 64"
    case .missing(let option): "a case of the service needs \(option); Support asks for it first"
    case .badProvisionURL(let reason):
      "--provision-url \(reason); give the console's address, such as https://abc123.manage.trendmicro.com"
    case .badAccount(let reason): "--clp-account \(reason); give the Customer Licensing Portal's account name or e-mail"
    case .controlCharacters(let option): "\(option) holds control characters; write it as plain text"
    case .certificateDates(let reason): "the certificate \(reason); ask Support for a valid one"
    case .closed(let id): "case \(id) is closed; make a new one with escalate"
    case .tooLong(let option): "\(option) is longer than 4000 characters; shorten it"
    }
  }
}

extension SupportCase {
  /// Takes the certificate that Support sent. That it is one, and holds no private key, its own reading has proved.
  package mutating func attach(_ certificate: AuthenticationCertificate, at date: Date) throws(CaseError) {
    if state == .closed { throw .closed(id) }
    if certificate.isExpired(at: date) {
      throw .certificateDates("expired on \(CaseSummary.day(certificate.notAfter))")
    }
    if certificate.isNotYetValid(at: date) {
      throw .certificateDates("is valid from \(CaseSummary.day(certificate.notBefore)) only")
    }
    attached = CertificateRecord(certificate)
  }

  /// Every rule that a case must keep to.
  package func check() throws(CaseError) {
    let isName = id.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
    }
    guard !id.isEmpty, id.utf8.count <= 64, isName, !id.hasPrefix("-") else { throw .badIdentifier }
    if kind == .service {
      if clpAccount == nil { throw .missing(option: "--clp-account") }
      if provisionURL == nil { throw .missing(option: "--provision-url") }
    }
    if let clpAccount { try SupportCase.check(clpAccount: clpAccount) }
    if let provisionURL { try SupportCase.check(provisionURL: provisionURL) }
    for (option, text) in [("--summary", summary), ("--since", since), ("--changed-before", changedBefore)] {
      guard let text else { continue }
      if text.count > 4_000 { throw .tooLong(option: option) }
      let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 || $0 == "\n" || $0 == "\t" }
      if !isPlain { throw .controlCharacters(option: option) }
    }
  }

  /// An account name or an e-mail address: one word, without what a form could take for markup.
  package static func check(clpAccount text: String) throws(CaseError) {
    if text.isEmpty { throw .badAccount("is empty") }
    if text.utf8.count > 254 { throw .badAccount("is longer than 254 bytes") }
    let isFine = text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "+", "@", "'": true
      default: scalar.value > 127 && scalar.properties.isAlphabetic
      }
    }
    guard isFine else { throw .badAccount("holds a character that no account has") }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    if parts.count > 2 { throw .badAccount("holds more than one @") }
    if parts.count == 2 {
      let isDomain = ServerName.isValid(String(parts[1])) && parts[1].contains(".")
      guard !parts[0].isEmpty, isDomain else { throw .badAccount("is no e-mail address") }
    }
  }

  /// `https://HOST[:PORT][/…]`, without an account in it.
  package static func check(provisionURL text: String) throws(CaseError) {
    guard text.lowercased().hasPrefix("https://") else { throw .badProvisionURL("is no https:// address") }
    if text.utf8.count > 2_000 { throw .badProvisionURL("is longer than 2000 bytes") }
    guard text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 34 && $0 != 60 && $0 != 62 && $0 != 92 }) else {
      throw .badProvisionURL("holds a blank or another character that no address has")
    }
    let authority = text.dropFirst(8).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") { throw .badProvisionURL("holds an account, which must not be handed on") }
    do { _ = try HostAndPort.parse(authority) } catch { throw .badProvisionURL("names no host: \(error)") }
  }
}
