import Foundation
import Remote
import Testing

@testable import Transports

@Suite("OpenSSH's files, read by ourselves")
struct SSHFilesTests {
  private func key(_ folder: TestFolder, _ name: String) throws -> HostKey {
    _ = try folder.makeKey(name)
    let words = try folder.read(name + ".pub").split(separator: " ").map(String.init)
    return try #require(HostKey(type: words[0], base64: words[1]))
  }

  @Test func `known_hosts: names, ports, patterns, markers, comments`() throws {
    let folder = try TestFolder()
    let (one, two) = (try key(folder, "one"), try key(folder, "two"))
    let text = """
      # a comment

      ws-001,10.0.0.1 \(one.type) \(one.base64) note
      [ws-002]:2222 \(one.type) \(one.base64)
      *.contoso.local,!bad.contoso.local \(two.type) \(two.base64)
      @revoked ws-003 \(two.type) \(two.base64)
      @other ws-004 \(two.type) \(two.base64)
      broken line here

      """
    var hosts = KnownHosts(text)
    #expect(hosts.malformed == [7, 8])
    #expect(hosts.text == text)
    #expect(hosts.verdict(for: "WS-001", key: one) == .known)
    #expect(hosts.verdict(for: "10.0.0.1", key: one) == .known)
    #expect(hosts.verdict(for: KnownHosts.name("ws-002", port: 2_222), key: one) == .known)
    #expect(hosts.verdict(for: "ws-002", key: one) == .unknown(hasAuthority: false))
    #expect(hosts.verdict(for: "a.contoso.local", key: two) == .known)
    #expect(hosts.verdict(for: "bad.contoso.local", key: two) == .unknown(hasAuthority: false))
    #expect(hosts.verdict(for: "ws-003", key: two) == .revoked)
    guard case .changed(let known) = hosts.verdict(for: "ws-001", key: two) else {
      Issue.record("another key must be a changed one")
      return
    }
    #expect(known.map(\.base64) == [one.base64])
    let removed = hosts.remove("ws-001")
    #expect(removed == 1)
    #expect(hosts.verdict(for: "10.0.0.1", key: one) == .known, "other names of the line stay")
    let added = [hosts.add("ws-001", key: two), hosts.add("ws-001", key: two)]
    #expect(added == [true, false])
    #expect(hosts.verdict(for: "ws-001", key: two) == .known)
    var merged = KnownHosts()
    let merges = [merged.merge(hosts), merged.merge(hosts)]
    #expect(merges == [hosts.entries.count, 0])
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\u{A0}\r\n", " \t\n", "\u{200B}\n", "\r\n\u{FEFF}"])
  func `known_hosts: revoked and changed keys, whatever ends the lines`(end: String) throws {
    let folder = try TestFolder()
    let (one, two) = (try key(folder, "one"), try key(folder, "two"))
    let lines = [
      "# keys", "ws-001 \(one.type) \(one.base64)", "@revoked ws-002 \(one.type) \(one.base64)",
      "ws-003\u{A0}\(one.type) \(one.base64)\tnote",
    ]
    let text = lines.joined(separator: end) + end
    let utf16: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16] {
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file("known")))
      let hosts = try KnownHostsFile(folder.file("known")).load()
      #expect(hosts.malformed.isEmpty && hosts.entries.count == 3)
      #expect(hosts.verdict(for: "ws-001", key: one) == .known)
      #expect(hosts.verdict(for: "ws-002", key: one) == .revoked)
      guard case .changed = hosts.verdict(for: "ws-001", key: two) else {
        Issue.record("another key must be a changed one")
        return
      }
      guard case .changed = hosts.verdict(for: "ws-003", key: two) else {
        Issue.record("another key must be a changed one")
        return
      }
    }
  }

  @Test func `a saved file is its owner's alone`() throws {
    let folder = try TestFolder()
    var hosts = KnownHosts()
    hosts.add("ws-001", key: try key(folder, "one"))
    let file = KnownHostsFile(folder.file("known"))
    #expect(try file.load().entries.isEmpty)
    try file.save(hosts)
    #expect(try file.load().entries == hosts.entries)
    var info = stat()
    #expect(stat(file.path, &info) == 0)
    #expect(info.st_mode & 0o777 == 0o600)
    #expect(throws: RemoteError.self) { try KnownHostsFile("/nowhere/known").save(hosts) }
  }

  @Test func `the config file: the first value counts, identities add up`() throws {
    let config = try SSHConfigFile(
      """
      IdentityFile ~/.ssh/all   # not a comment's place, but a value with one
      Host ws-* !ws-009
        HostName=%h.contoso.local
        Port 2222
        User "CONTOSO\\admin"
        IdentityFile /keys/ws
        Compression yes
      Host *
        Port 22
        ProxyJump jump.contoso.local
        ProxyCommand never
      """, path: "config")
    let settings = try config.settings(for: "ws-001")
    #expect(settings.hostName == "%h.contoso.local")
    #expect(settings.port == 2_222)
    #expect(settings.user == "CONTOSO\\admin")
    #expect(settings.identityFiles == ["~/.ssh/all", "/keys/ws"])
    #expect(settings.proxyJump == "jump.contoso.local")
    #expect(settings.proxyCommand == nil)
    #expect(try config.settings(for: "ws-009").port == 22)
    #expect(config.note == "config: no effect here: compression (line 7)")
  }

  @Test(arguments: ["Match all", "Include other", "Host x\nCertificateFile y", "Port", "Host *\nPort 99999"])
  func `what can't be honoured is refused`(text: String) {
    #expect(throws: RemoteError.self) { try SSHConfigFile(text, path: "config").settings(for: "x") }
  }

  @Test func `ProxyJump becomes a command, and can't become another`() throws {
    let folder = try TestFolder()
    func route(_ config: String) throws -> SSHRoute {
      var configuration = SSHConfiguration()
      configuration.configFile = try folder.write(config, to: "config")
      return try SSHRoute(Endpoint(name: "WS-001"), target: SSHTarget(host: "ws-001"), configuration)
    }
    #expect(
      try route("ProxyJump a@one:2222,two").proxyCommand
        == "ssh -o BatchMode=yes -J 'a@one:2222' -W '[ws-001]:22' -- 'ssh://two'")
    #expect(try route("ProxyCommand nc %h %p %%").proxyCommand == "nc 'ws-001' 22 %")
    #expect(throws: RemoteError.self) { try route("ProxyJump x;reboot") }
    #expect(throws: RemoteError.self) { try route("ProxyJump -oX=y") }
    #expect(throws: RemoteError.self) { try route("ProxyCommand nc %i") }
    #expect(try route("HostKeyAlias hq\nPort 2222").knownNames == ["[hq]:2222", "hq"])
  }
}
