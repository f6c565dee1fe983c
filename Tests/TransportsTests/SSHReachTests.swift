import Foundation
import Remote
import Synchronization
import Testing

@testable import Transports

@Suite("What SSH says of endpoints it can't reach")
struct SSHReachTests {
  private func connector(_ host: String = "127.0.0.1", port: UInt16) -> SSHConnector {
    var configuration = SSHConfiguration()
    configuration.usesAgent = false
    return SSHConnector(configuration) { _ in SSHTarget(host: host, port: port) }
  }

  private func error(_ connector: SSHConnector, within limit: Duration = .milliseconds(700)) async -> RemoteError? {
    await remoteError { try await connector.connect(to: Endpoint(name: "WS-001"), within: limit) }
  }

  @Test func `nobody listens`() async throws {
    let connector = connector(port: try Listener.freePort())
    let error = await error(connector)
    #expect(error?.kind == .unreachable)
    #expect(error?.message.contains("WS-001: connection refused") == true)
    let probed = await remoteError { try await connector.probe(Endpoint(name: "WS-001"), within: .seconds(5)) }
    #expect(probed?.kind == .unreachable)
  }

  @Test func `somebody listens and says nothing`() async throws {
    let listener = try Listener()
    let error = await error(connector(port: listener.port))
    #expect(error?.kind == .timedOut)
    #expect(error?.message.contains("says nothing") == true)
    try await connector(port: listener.port).probe(Endpoint(name: "WS-001"), within: .seconds(5))
  }

  private func served(_ text: String, thenClose: Bool) async throws -> RemoteError? {
    let listener = try Listener()
    WorkerPool.shared.submit {
      let descriptor = listener.accept()
      guard descriptor >= 0 else { return }
      if !text.isEmpty { _ = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) } }
      if !thenClose {
        // Until the other side goes.
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
      }
      close(descriptor)
    }
    return await error(connector(port: listener.port))
  }

  @Test func `silence after the greeting, an end, and a stranger`() async throws {
    let silent = try await served("SSH-2.0-Silence\r\n", thenClose: false)
    #expect(silent?.kind == .timedOut)
    #expect(silent?.message.contains("key exchange") == true)
    #expect(try await served("", thenClose: true)?.kind == .dropped)
    #expect(try await served("220 mail.contoso.local ready\r\n", thenClose: false)?.kind == .protocolFault)
  }

  /// Serves one text after the other, one a connection, and closes; `last` is kept open.
  private func served(_ texts: [String], within limit: Duration) async throws -> (error: RemoteError?, left: Int) {
    let listener = try Listener()
    let left = Mutex(texts.count)
    WorkerPool.shared.submit {
      for text in texts {
        let descriptor = listener.accept()
        guard descriptor >= 0 else { return }
        left.withLock { $0 -= 1 }
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
          _ = Array(part.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
          usleep(30_000)
        }
        close(descriptor)
      }
    }
    return (await error(connector(port: listener.port), within: limit), left.withLock { $0 })
  }

  @Test func `lines before the version are read over, whole or in pieces`() async throws {
    for text in [
      "Welcome\r\nto WS-001\r\nSSH-2.0-Short\r\n", "Wel|come\nS|SH no\nSS|H-2.0-Short\r\n",
      String(repeating: "x", count: 30_000) + "\nSSH-2.0-Short\r\n",
    ] {
      let (error, _) = try await served([text], within: .seconds(1))
      // Which got as far as the key exchange, where it ends.
      #expect(error?.message.contains("key exchange") == true, "\(String(describing: error))")
    }
  }

  @Test func `a server that turns us away is asked again, and quoted`() async throws {
    let away = "Exceeded MaxStartups\r\n"
    let (error, left) = try await served([away, away, away], within: .seconds(60))
    #expect(error?.kind == .dropped && error?.credential == nil)
    #expect(error?.message.contains(#"after saying "Exceeded MaxStartups""#) == true, "\(String(describing: error))")
    #expect(left == 0)
    let (taken, _) = try await served([away, "SSH-2.0-Short\r\n"], within: .seconds(60))
    #expect(taken?.message.contains("key exchange") == true, "\(String(describing: taken))")
    // The beginning of a version and no more.
    let (half, _) = try await served(["SSH"], within: .seconds(1))
    #expect(half?.kind == .dropped || half?.kind == .timedOut, "\(String(describing: half))")
  }

  @Test func `a server that resets the connection before its version is asked again`() async throws {
    let listener = try Listener()
    WorkerPool.shared.submit {
      for isLast in [false, true] {
        let descriptor = listener.accept()
        guard descriptor >= 0 else { return }
        if isLast {
          _ = Array("SSH-2.0-Short\r\n".utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
        } else {
          var now = linger(l_onoff: 1, l_linger: 0)
          setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        close(descriptor)
      }
    }
    let error = await error(connector(port: listener.port), within: .seconds(60))
    #expect(error?.message.contains("key exchange") == true, "\(String(describing: error))")
    let place = Dial(host: "WS-001", port: 22, label: "WS-001", wire: Wire(), deadline: .now)
    #expect(place.fault(ECONNRESET).kind == .dropped && place.fault(ECONNREFUSED).kind == .unreachable)
  }

  @Test func `what is said without end is no SSH server`() async throws {
    for text in [String(repeating: "x", count: 100_000), String(repeating: "x\n", count: 2_000)] {
      let (error, _) = try await served([text], within: .seconds(60))
      #expect(error?.kind == .protocolFault, "\(String(describing: error))")
      #expect(error?.message.contains("is not an SSH server: it said \"xx") == true || text.contains("\n"))
    }
  }

  @Test func `an end in the key exchange is no time-out`() async throws {
    let error = try await served("SSH-2.0-Short\r\n", thenClose: true)
    #expect(error?.kind == .protocolFault || error?.kind == .dropped)
  }

  @Test func `cancelling ends the wait`() async throws {
    let listener = try Listener()
    let connector = connector(port: listener.port)
    let accepted = Mutex<Int32>(-1)
    WorkerPool.shared.submit {
      let descriptor = listener.accept()
      accepted.withLock { $0 = descriptor }
    }
    defer { close(accepted.withLock { $0 }) }
    let task = Task { await error(connector, within: .seconds(600)) }
    while accepted.withLock({ $0 }) < 0 { try await Task.sleep(for: .milliseconds(20)) }
    task.cancel()
    #expect(await task.value?.kind == .dropped)
  }

  @Test func `a full pool answers in time too`() async throws {
    let pool = WorkerPool(limit: 1)
    let gate = DispatchSemaphore(value: 0)
    pool.submit { gate.wait() }
    let connector = SSHConnector(SSHConfiguration(), pool: pool) { _ in SSHTarget(host: "127.0.0.1", port: 9) }
    let error = await error(connector, within: .milliseconds(200))
    gate.signal()
    #expect(error?.kind == .timedOut)
    #expect(error?.message.contains("too many") == true)
  }

  @Test func `a host that is no host never becomes a shell's text`() async throws {
    for host in ["a b", "x;reboot", "-oProxyCommand=x", "", "$(x)", "a'b"] {
      #expect(await error(connector(host, port: 22))?.kind == .local)
    }
  }
}
