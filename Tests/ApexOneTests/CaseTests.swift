import Foundation
import Testing

@testable import ApexOne

/// What a case must have, and what is written of it.
@Suite struct CaseTests {
  private func make(
    _ kind: SupportCase.Kind = .onPremises, account: String? = nil, url: String? = nil, summary: String? = nil,
    id: String = "case-1"
  ) throws -> SupportCase {
    try SupportCase(
      id: id, kind: kind, created: Date(timeIntervalSince1970: 1_700_000_000), server: "ssh://apexone/c:/pccsrv",
      product: .apexOne, clpAccount: account, provisionURL: url, summary: summary)
  }

  @Test func theServiceNeedsAccountAndAddress() throws {
    let url = "https://abc123.manage.trendmicro.com/officescan"
    _ = try make()
    _ = try make(.service, account: "admin@contoso.com", url: url)
    #expect(throws: CaseError.missing(option: "--clp-account")) { try make(.service, url: url) }
    #expect(throws: CaseError.missing(option: "--provision-url")) { try make(.service, account: "contoso") }
  }

  @Test(arguments: [
    "http://a", "https://", "https://a b", "https://user:x@a", "ftp://a", "https://a\"b", "https://-a", "https://a:0",
    "javascript:x", "https://<a>",
  ])
  func otherAddressesAreRefused(url: String) {
    #expect(throws: CaseError.self) { try SupportCase.check(provisionURL: url) }
  }

  @Test(arguments: ["", "a b", "<a>", "a@", "@a.b", "a@b@c.d", "a@local", "a\nb"])
  func otherAccountsAreRefused(account: String) {
    #expect(throws: CaseError.self) { try SupportCase.check(clpAccount: account) }
  }

  @Test func textsAndNamesAreChecked() {
    #expect(throws: CaseError.controlCharacters(option: "--summary")) { try make(summary: "a\u{1B}[2J") }
    #expect(throws: CaseError.tooLong(option: "--summary")) { try make(summary: String(repeating: "x", count: 4_001)) }
    for id in ["", "../x", "a b", "-a", "é"] { #expect(throws: CaseError.badIdentifier) { try make(id: id) } }
  }

  @Test func theSummaryIsOnePage() throws {
    var item = try make(.service, account: "contoso", url: "https://abc.manage.trendmicro.com", summary: "After a move")
    item.serverCertificate = CertificateRecord(try AuthenticationCertificate(bytes: SampleCertificates.server))
    item.mismatchedCount = 3
    let command = "IpXfer_x64.exe -s apexone -pwd ••••"
    item.agents = [
      SupportCase.AgentRecord(name: "WS-001", outcome: .failed, cause: .toolHadNoEffect, command: command),
      SupportCase.AgentRecord(name: "WS-002", outcome: .unreachable, cause: .unreachable),
      SupportCase.AgentRecord(name: "WS-003", outcome: .failed, cause: .toolHadNoEffect, command: command),
      SupportCase.AgentRecord(name: "WS-004"),
    ]
    let text = CaseSummary(item).text()
    for part in [
      "Case:              case-1, made 2023-11-14", "Product:           Apex One", "CLP account:       contoso",
      "Provision URL:     https://abc.manage.trendmicro.com", "  After a move", "  Serial:  D7A1B2C3D4E5F601",
      "Mismatched agents listed by the server: 3", "Agents in this case: 4",
      "  2 x failed (tool-had-no-effect): the tool ran, and the certificate is what it was",
      "  1 x not tried", "    " + command, "OfcNTCer.dat",
    ] { #expect(text.contains(part), "\(part) is missing") }
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 45)
  }

  @Test func textFromOutsideAddsNoLines() throws {
    var item = try make()
    item.serverCertificate = CertificateRecord(try AuthenticationCertificate(bytes: SampleCertificates.server))
    let lines = CaseSummary(item).text().split(separator: "\n", omittingEmptySubsequences: false).count
    item.serverCertificate?.subject = "CN=a\nCase: other\u{2028}\u{202E}"
    let text = CaseSummary(item).text()
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == lines)
    #expect(!text.unicodeScalars.contains("\u{202E}") && !text.unicodeScalars.contains("\u{2028}"))
  }

  @Test func onlyAValidCertificateIsAttached() throws {
    var item = try make()
    let certificate = try AuthenticationCertificate(bytes: SampleCertificates.server)
    #expect(throws: CaseError.certificateDates("expired on 2046-11-18")) {
      try item.attach(certificate, at: certificate.notAfter + 1)
    }
    #expect(throws: CaseError.certificateDates("is valid from 2026-11-23 only")) {
      try item.attach(certificate, at: certificate.notBefore - 1)
    }
    #expect(item.attached == nil)
    try item.attach(certificate, at: certificate.notBefore + 60)
    #expect(item.attached?.serial == certificate.serial)
    item.state = .closed
    #expect(throws: CaseError.closed("case-1")) { try item.attach(certificate, at: certificate.notBefore + 60) }
  }

  @Test func aCaseSurvivesCoding() throws {
    var item = try make(summary: "words")
    item.agents = [SupportCase.AgentRecord(name: "WS-001", outcome: .unproved, cause: .restartUnproved, run: 7)]
    item.state = .closed
    #expect(try JSONDecoder().decode(SupportCase.self, from: JSONEncoder().encode(item)) == item)
  }

  @Test func theIndexHasHashesThatOthersCompute() {
    let text = CaseIndex.text([("b.txt", Array("abc".utf8)), ("a.txt", [])])
    #expect(
      text
        == "# 0 bytes\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\n"
        + "# 3 bytes\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b.txt\n")
  }
}
