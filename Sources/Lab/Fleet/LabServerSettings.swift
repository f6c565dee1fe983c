/// What the lab's server is set to, and the `ofcscan.ini` that says so.
struct LabServerSettings: Sendable {
  static let shortName = "apexone"
  static let name = "apexone.contoso.local"
  static let httpPort = 8080
  static let httpsPort = 4343
  static let version = "14.0.12737"

  /// Made at random when a server is installed: there is no usual one.
  let agentPort: Int
  /// What stands behind `!CRYPT!`; no password, only digits from the seed.
  private let noise: String

  init(_ random: SeededRandom) {
    agentPort = 20_000 + Int(random.number(0, .port) % 40_000)
    noise = String(random.number(0, .noise), radix: 16, uppercase: true)
  }

  /// The file's bytes: CR LF, as an ANSI editor would keep it.
  var ini: [UInt8] {
    let lines = [
      "[INI_SERVER_SECTION]", "Master_DomainName=\(Self.name)",
      "Master_DomainPort=\(Self.httpPort)",
      "Master_SSLPort=\(Self.httpsPort)", "Client_LocalServer_Port=\(agentPort)",
      "Uninstall_Pwd=!CRYPT!52\(noise)1A",
      "Unload_Pwd=!CRYPT!52\(noise)2B", "", "[INI_PROGRAM_VERSION_SECTION]",
      "NonCrcPtnVersion=19.871.00", "",
      "[Global Setting]", "EnableAgentSelfProtection=1", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  func package(certificate: [UInt8]) -> LabPackage {
    LabPackage(
      server: Self.name, httpPort: Self.httpPort, httpsPort: Self.httpsPort, agentPort: agentPort,
      version: Self.version, certificate: certificate)
  }
}
