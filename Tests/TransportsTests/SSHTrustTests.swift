import Foundation
import Remote
import Testing

@testable import Transports

@Suite("Whom SSH trusts", .enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"), .serialized)
struct SSHTrustTests {
  private func connect(_ server: OpenSSHServer, known text: String) async throws -> RemoteError? {
    let configuration = try server.configuration()
    try server.folder.write(text, to: "known")
    return await remoteError {
      await (try server.connector(configuration).connect(to: server.endpoint, within: .seconds(120))).close()
    }
  }

  @Test func `an unknown key is named by type and SHA-256`() async throws {
    let server = try await OpenSSHServer.start()
    let key = try server.hostKey()
    let error = try await connect(server, known: "")
    #expect(error?.kind == .hostKeyUnknown)
    #expect(error?.message.contains("ssh-ed25519 \(key.sha256)") == true)
    #expect(key.sha256.hasPrefix("SHA256:"))
    let authority = "@cert-authority [127.0.0.1]:* ssh-ed25519 \(key.base64)\n"
    #expect(try await connect(server, known: authority)?.kind == .hostKeyUnknown)
  }

  @Test func `a changed key, a key of another type, and a revoked key are refused`() async throws {
    let server = try await OpenSSHServer.start()
    let name = KnownHosts.name("127.0.0.1", port: server.port)
    let key = try server.hostKey()
    for type in ["ed25519", "rsa"] {
      _ = try server.folder.makeKey(type, type: type)
      let words = try server.folder.read("\(type).pub").split(separator: " ")
      let error = try await connect(server, known: "\(name) \(words[0]) \(words[1])\n")
      #expect(error?.kind == .hostKeyChanged)
      #expect(error?.message.contains(key.sha256) == true)
    }
    let plain = "\(name) \(key.type) \(key.base64)\n"
    #expect(try await connect(server, known: plain) == nil)
    #expect(try await connect(server, known: "@revoked * \(key.type) \(key.base64)\n" + plain)?.kind == .hostKeyChanged)
  }

  @Test func `hashed names are understood`() async throws {
    let server = try await OpenSSHServer.start()
    _ = try server.configuration()
    try server.folder.run("/usr/bin/ssh-keygen", ["-q", "-H", "-f", server.knownHosts])
    let text = try server.folder.read("known")
    #expect(text.hasPrefix("|1|"))
    #expect(try await connect(server, known: text) == nil)
    let name = KnownHosts.name("127.0.0.1", port: server.port)
    #expect(KnownHosts(text).entries(for: name).count == 1 && KnownHosts(text).entries(for: "127.0.0.2").isEmpty)
  }

  @Test func `a key can be learned without logging on`() async throws {
    let server = try await OpenSSHServer.start()
    let scanned = try await server.connector().scanHostKey(server.endpoint, within: .seconds(120))
    #expect(scanned == (try server.hostKey()))
  }

  @Test func `a wrong key is a refused logon, an encrypted one says so`() async throws {
    let server = try await OpenSSHServer.start()
    var configuration = try server.configuration()
    configuration.identityFiles = [try server.folder.makeKey("other")]
    func attempt() async -> RemoteError? {
      await remoteError {
        try await server.connector(configuration).connect(to: server.endpoint, within: .seconds(120))
      }
    }
    let refused = await attempt()
    #expect(refused?.kind == .logonRefused)
    #expect(refused?.credential == .key)
    configuration.identityFiles = [try server.folder.makeKey("locked", passphrase: "P@ssw0rd")]
    let locked = await attempt()
    #expect(locked?.kind == .local)
    #expect(locked?.message.contains("encrypted") == true)
    configuration.passphrase = Secret("wrong")
    #expect(await attempt()?.kind == .local)
    configuration.passphrase = Secret("P@ssw0rd")
    #expect(await attempt()?.kind == .logonRefused)
    try server.folder.write(server.folder.read("locked.pub"), to: "authorized")
    #expect(await attempt() == nil)
    configuration.identityFiles = [server.folder.file("absent")]
    #expect(await attempt()?.kind == .local)
    configuration.identityFiles = []
    #expect(await attempt()?.credential == RemoteError.Credential.none)
  }

  @Test func `the config file is honoured, with a ProxyCommand`() async throws {
    let server = try await OpenSSHServer.start()
    var configuration = try server.configuration()
    configuration.identityFiles = []
    let key = try server.hostKey()
    try server.folder.write("hq-gateway \(key.type) \(key.base64)\n", to: "known")
    configuration.configFile = try server.folder.write(
      """
      Host ws-*
        HostName 127.0.0.1
        Port \(server.port)
        IdentityFile "\(server.identity)"
        HostKeyAlias hq-gateway
        ProxyCommand bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & cat >&3; kill $!'
      """, to: "ssh-config")
    let connector = SSHConnector(configuration, shell: .program) { SSHTarget(host: $0.name.lowercased()) }
    #expect(try connector.knownHostsNames(server.endpoint).contains("hq-gateway"))
    let host = try await connector.connect(to: server.endpoint, within: .seconds(120))
    #expect(try await host.run(OpenSSHServer.shell("exit 5")).exitCode == 5)
    await host.close()
    try await connector.probe(server.endpoint, within: .seconds(120))
  }
}
