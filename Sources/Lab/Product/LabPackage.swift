package import ApexOne
import Foundation

/// An agent package of the lab, `.msi` or `.exe`: a real OLE compound file or PE file with a short text in it that says
/// which server's agent it installs.
package struct LabPackage: Sendable, Hashable {
  package var server: String
  package var httpPort: Int
  package var httpsPort: Int
  package var agentPort: Int
  package var version: String
  /// The bytes of the `OfcNTCer.dat` that it brings.
  package var certificate: [UInt8]
  /// The kind of machine that it is for.
  package var architecture: AgentSpec.Architecture

  static let streamName = "LabPackage"
  static let sectionName = ".lab"
  private static let opening = "lab-package 1\n"

  package init(
    server: String, httpPort: Int, httpsPort: Int, agentPort: Int, version: String,
    certificate: [UInt8], architecture: AgentSpec.Architecture = .x64
  ) {
    self.server = server
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
    self.version = version
    self.certificate = certificate
    self.architecture = architecture
  }

  /// Nil when `bytes` are no package.
  init?(bytes file: [UInt8]) {
    guard let bytes = LabPackage.text(in: file), bytes.starts(with: LabPackage.opening.utf8) else { return nil }
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
      let certificate = fields["certificate"].flatMap({ Data(base64Encoded: String($0)) }),
      let machine = fields["machine"].flatMap({ AgentSpec.Architecture(rawValue: String($0)) })
    else { return nil }
    self.init(
      server: String(server), httpPort: http, httpsPort: https, agentPort: agent,
      version: String(version),
      certificate: [UInt8](certificate), architecture: machine)
  }

  /// What is in the package's own stream or section.
  private static func text(in file: [UInt8]) -> [UInt8]? {
    if file.starts(with: CompoundFile.signature) {
      return try? CompoundFile(file).stream(streamName, limit: 1 << 20)
    }
    guard let program = try? PortableExecutable(file),
      let section = program.sections.first(where: { $0.name == sectionName })
    else { return nil }
    return file[section.bytes].prefix { $0 != 0 } + []
  }

  /// The package file's bytes.
  package func make(_ form: AgentPackage.Form = .msi) -> [UInt8] {
    let text =
      LabPackage.opening + """
        server=\(server)
        http-port=\(httpPort)
        https-port=\(httpsPort)
        agent-port=\(agentPort)
        version=\(version)
        machine=\(architecture.rawValue)
        certificate=\(Data(certificate).base64EncodedString())

        """
    return switch form {
    case .msi: LabInstallerFile.make(Array(text.utf8), for: architecture, version: version)
    case .exe: LabProgramFile.make(Array(text.utf8), for: architecture, version: version)
    }
  }
}
