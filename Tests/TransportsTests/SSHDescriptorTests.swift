import Foundation
import Remote
import Testing

@testable import Transports

/// However a connection ends, none of its descriptors may stay: a session lives for weeks and meets thousands.
@Suite("Descriptors of SSH connections", .enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"), .serialized)
struct SSHDescriptorTests {
  @Test func `a closed connection leaves none`() async throws {
    let server = try await OpenSSHServer.start()
    for _ in 0..<5 {
      let host = try await server.connect()
      #expect(try await host.run(OpenSSHServer.shell("exit 3")).exitCode == 3)
      #expect(try OpenSockets.count(to: server.port) > 0)
      await host.close()
      #expect(try OpenSockets.count(to: server.port) == 0)
    }
  }

  @Test func `a scan, a probe, a refusal and an abort leave none`() async throws {
    let server = try await OpenSSHServer.start()
    _ = try await server.connector().scanHostKey(server.endpoint, within: .seconds(60))
    #expect(try OpenSockets.count(to: server.port) == 0)
    try await server.connector().probe(server.endpoint, within: .seconds(60))
    #expect(try OpenSockets.count(to: server.port) == 0)
    var configuration = try server.configuration()
    configuration.identityFiles = []
    let refused = await remoteError {
      try await server.connector(configuration).connect(to: server.endpoint, within: .seconds(60))
    }
    #expect(refused?.kind == .logonRefused)
    #expect(try OpenSockets.count(to: server.port) == 0)
    let host = try await server.connect()
    host.abort()
    await host.close()
    #expect(try OpenSockets.count(to: server.port) == 0)
  }

  @Test func `a connection that nobody closes goes with its host`() async throws {
    let server = try await OpenSSHServer.start()
    do { _ = try await server.connect() }
    // The last reference may go on a thread of the pool, a moment later.
    for _ in 0..<500 where try OpenSockets.count(to: server.port) > 0 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try OpenSockets.count(to: server.port) == 0)
  }

  @Test func `a logon that came too late leaves none`() async throws {
    let listener = try Listener()
    let connector = SSHConnector(SSHConfiguration()) { _ in SSHTarget(host: "127.0.0.1", port: listener.port) }
    for _ in 0..<3 {
      let error = await remoteError {
        try await connector.connect(to: Endpoint(name: "WS-001"), within: .milliseconds(200))
      }
      #expect(error?.kind == .timedOut)
    }
    for _ in 0..<500 where try OpenSockets.count(to: listener.port) > 0 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try OpenSockets.count(to: listener.port) == 0)
  }
}
