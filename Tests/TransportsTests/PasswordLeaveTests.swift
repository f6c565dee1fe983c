import CLibssh
import Foundation
import Remote
import Synchronization
import Testing

@testable import Transports

/// The password goes out with leave only, and nothing else of a logon waits for it.
@Suite("Leave to send the password")
struct PasswordLeaveTests {
  private let endpoint = Endpoint(name: "WS-001")

  private final class Leave: PasswordLeave {
    private let answer: @Sendable () async -> Bool
    private let count = Mutex(0)
    private let seen = Mutex(MachineMarks())
    var asked: Int { count.withLock { $0 } }
    /// What the machine showed, the last time that leave was asked for.
    var machine: MachineMarks { seen.withLock { $0 } }

    init(_ answer: @escaping @Sendable () async -> Bool) { self.answer = answer }

    func mayBeSent(to machine: MachineMarks) async -> Bool {
      count.withLock { $0 += 1 }
      seen.withLock { $0 = machine }
      return await answer()
    }
  }

  private func connector(
    _ server: ScriptedSSHServer, _ folder: TestFolder, password: String = "P@ssw0rd"
  ) async throws -> SSHConnector {
    try await server.connector(endpoint, trustedIn: folder, password: password)
  }

  @Test func `is asked for once, and given`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let leave = Leave { server.record.passwords.isEmpty }
    let host = try await connector(server, folder).connect(to: endpoint, within: .seconds(120), asking: leave)
    #expect(leave.machine.texts.contains("at 127.0.0.1"), "\(leave.machine)")
    #expect(leave.machine.texts.contains { $0.hasPrefix("key SHA256:") }, "\(leave.machine)")
    #expect(leave.asked == 1 && host.credential == .password && server.record.passwords == ["P@ssw0rd"])
    await host.close()
  }

  /// A ^C does not take the password back.
  @Test func `cancelled after it was sent, it may have been refused`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let connector = try await connector(server, folder, password: "say nothing")
    let endpoint = endpoint
    let task = Task { await remoteError { try await connector.connect(to: endpoint, within: .seconds(120)) } }
    while server.record.passwords.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    task.cancel()
    let error = await task.value
    #expect(error?.kind == .dropped && error?.mayHaveRefusedPassword == true, "\(String(describing: error))")
    server.hangUp()
  }

  @Test func `cancelled before, it says nothing of it`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let connector = try await connector(server, folder)
    let endpoint = endpoint
    let isAsked = Mutex(false)
    let leave = Leave {
      isAsked.withLock { $0 = true }
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
      return false
    }
    let task = Task {
      await remoteError { try await connector.connect(to: endpoint, within: .seconds(120), asking: leave) }
    }
    while !isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
    task.cancel()
    #expect(await task.value?.mayHaveRefusedPassword == false && server.record.passwords.isEmpty)
  }

  @Test func `without it nothing is sent`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let connector = try await connector(server, folder)
    let leave = Leave { false }
    let error = await remoteError { try await connector.connect(to: endpoint, within: .seconds(120), asking: leave) }
    #expect(error?.kind == .logonRefused && error?.credential == nil, "\(String(describing: error))")
    #expect(server.record.passwords.isEmpty && server.record.interactive == 0)
  }

  @Test func `its wait is no time of the endpoint's`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let leave = Leave {
      try? await Task.sleep(for: .seconds(11))
      return true
    }
    let host = try await connector(server, folder).connect(to: endpoint, within: .seconds(10), asking: leave)
    #expect(host.credential == .password)
    await host.close()
  }

  /// Before the password was sent, a connection that ends says nothing of it.
  @Test func `an end while it is waited for is no refusal`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let connector = try await connector(server, folder)
    let leave = Leave {
      server.hangUp()
      return true
    }
    let error = await remoteError { try await connector.connect(to: endpoint, within: .seconds(120), asking: leave) }
    #expect(error?.kind == .dropped && error?.mayHaveRefusedPassword == false, "\(String(describing: error))")
    #expect(server.record.passwords.isEmpty)
  }

  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"))
  func `a key that is taken needs none`() async throws {
    let server = try await OpenSSHServer.start()
    var configuration = try server.configuration()
    configuration.password = Secret("P@ssw0rd")
    let leave = Leave { false }
    let host = try await server.connector(configuration).connect(
      to: server.endpoint, within: .seconds(120), asking: leave)
    #expect(leave.asked == 0 && host.credential == .key)
    await host.close()
  }
}
