/// The commands that look at the server and its certificate.
package enum CertificateCommands {
  package static let all: [any ShellCommand.Type] = [ShowServer.self, ShowCertificate.self]
}
