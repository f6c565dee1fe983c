import Foundation

/// An agent package of the lab, `.msi` or `.exe`: a short text that says which server's agent it installs.
package struct LabPackage: Sendable, Hashable {
  package var server: String
  package var httpPort: Int
  package var httpsPort: Int
  package var agentPort: Int
  package var version: String
  /// The bytes of the `OfcNTCer.dat` that it brings.
  package var certificate: [UInt8]

  private static let opening = "lab-package 1\n"

  package init(
    server: String, httpPort: Int, httpsPort: Int, agentPort: Int, version: String,
    certificate: [UInt8]
  ) {
    self.server = server
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
    self.version = version
    self.certificate = certificate
  }

  /// Nil when `bytes` are no package.
  init?(bytes: [UInt8]) {
    guard bytes.starts(with: LabPackage.opening.utf8) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    var fields: [Substring: Substring] = [:]
    for line in lines {
      guard let cut = line.firstIndex(of: "=") else { return nil }
      fields[line[..<cut]] = line[line.index(after: cut)...]
    }
    guard let server = fields["server"], let version = fields["version"],
      let http = fields["http-port"].flatMap({ Int($0) }),
      let https = fields["https-port"].flatMap({ Int($0) }),
      let agent = fields["agent-port"].flatMap({ Int($0) }),
      let certificate = fields["certificate"].flatMap({ Data(base64Encoded: String($0)) })
    else { return nil }
    self.init(
      server: String(server), httpPort: http, httpsPort: https, agentPort: agent,
      version: String(version),
      certificate: [UInt8](certificate))
  }

  /// The package file's bytes.
  package func make() -> [UInt8] {
    let text =
      LabPackage.opening + """
        server=\(server)
        http-port=\(httpPort)
        https-port=\(httpsPort)
        agent-port=\(agentPort)
        version=\(version)
        certificate=\(Data(certificate).base64EncodedString())

        """
    return Array(text.utf8)
  }
}
