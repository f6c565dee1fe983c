import Foundation
import Remote
import Testing

@testable import Transports

@Suite("ssh_config is read as OpenSSH reads it") struct SSHConfigTests {
  /// Files that OpenSSH 9.2 takes or refuses; `|` stands for a line's end.
  private static let texts = [
    "Host ws-001|HostName 127.0.0.9", "Hots ws-002|HostName 127.0.0.9", "Hos *|HostName 127.0.0.9", "Mach all",
    "\u{FEFF}Host ws-002|HostName 127.0.0.9", "Host ws-002|HostName 127.0.0.9|Hst *|Port 24",
    "IgnoreUnknown hot*|Hots x", "Hots x|IgnoreUnknown hots", "IgnoreUnknown Hots|hots x|HostName 127.0.0.9",
    "IgnoreUnknown foo,hots|Hots x", "IgnoreUnknown foo hots|Hots x", "IgnoreUnknown !hots,h*|Hots x",
    "IgnoreUnknown a|IgnoreUnknown hots|hots x", "Host other|IgnoreUnknown hots|Hots x", "IgnoreUnknown hots|hots",
    "IgnoreUnknown host|host zzz|HostName 127.0.0.9", "UseKeychain yes", "IgnoreUnknown UseKeychain|UseKeychain yes",
    "Host|HostName 127.0.0.9", "Host \"\"", "Host a # ws-001|HostName 127.0.0.9", "Host a#b ws-001|HostName 127.0.0.9",
    "Host \"a b\" ws-001|HostName 127.0.0.9", "Host \"ws-001|HostName 127.0.0.9", "Host=ws-001|HostName = 127.0.0.9",
    "Host other ws-001|HostName 127.0.0.9", "Host ws-001,other|HostName 127.0.0.9", "Host !ws-001|HostName 127.0.0.9",
    "Host * !ws-001|HostName 127.0.0.9", "Host ws-00?|HostName 127.0.0.9", "Host\"ws-001\"|HostName 127.0.0.9",
    "\"HostName\" 127.0.0.9", "HostName", "HostName a b", "HostName \"a", "HostName 'a'", "HostName a\"b\"",
    "HostName =127.0.0.9", "HostName = = 127.0.0.9", "HostName a # \"x", "# \"x", " # x", "", "\tHostName\t127.0.0.9\t",
    "\u{A0}HostName 127.0.0.9", "HostName\u{A0}127.0.0.9", "\u{C}HostName a", "HostName a\u{C}",
    "Port", "Port 0", "Port 99999", "Port abc1", "Port 22 23", "Port 23 # x", "Port 23#x", "Port 022|User a",
    "User \"a b\"", "User a b", "User \"\"", "User CONTOSO\\admin", "User \"CONTOSO\\\\admin\"", "User a\\ b",
    "IdentitiesOnly maybe", "IdentitiesOnly TRUE", "IdentitiesOnly yes no", "Compression maybe", "Compression yes",
    "UserKnownHostsFile a b", "UserKnownHostsFile a none", "UserKnownHostsFile none", "GlobalKnownHostsFile a none",
    "ProxyCommand", "ProxyCommand nc %h \"%p", "ProxyCommand nc %h %p # x", "ProxyCommand none", "HostKeyAlias a b",
    "ConnectTimeout x", "ConnectTimeout 1h30m", "ConnectTimeout 10", "ServerAliveInterval none", "ForwardAgent",
    "StrictHostKeyChecking accept-new", "StrictHostKeyChecking maybe", "ControlMaster auto", "ControlMaster maybe",
    "ControlPersist 10m", "ConnectionAttempts three", "ConnectionAttempts 3", "Protocol 2", "UseRoaming no",
    "RSAAuthentication yes", "Cipher 3des", "SendEnv LANG LC_*", "Ciphers aes128-ctr", "LogLevel quiet",
    "PreferredAuthentications publickey", "CertificateFile none", "CanonicalizeHostname no", "Foo=bar", "= HostName a",
    "Host ws-001|HostName 127.0.0.9|Host *|HostName 1.2.3.4|Port 24", "IdentityFile a b", "GSSAPIAuthentication yes",
    // Wherever it stands.
    "Host other|Port 0", "Host other|Port 65536", "Host other|Port x", "Port 65535",
    "Host other|Port 22|Host *|Port -1",
    "AddressFamily any", "AddressFamily ANY", "AddressFamily yes", "Host other|AddressFamily inet4",
    // A CR alone ends no line.
    "Host ws-001\rHostName 127.0.0.9", "Port\r24", "\rPort 24", "HostName 127.0.0.9\rPort 24", "# x\rPort 24",
    "Host ws-002\rPort 24|HostName 127.0.0.9", "HostName 127.0.0.9\r", "Host\r=\rws-001|\r\rPort 24\r\r", "\r",
  ]

  static let isPossible = access("/usr/bin/ssh", X_OK) == 0

  /// What `ssh -G` makes of it: nil where it is refused, else host name, port and user.
  static func openSSH(_ path: String, _ host: String, _ folder: TestFolder) throws -> [String: String]? {
    let output = folder.file("out")
    let line = "exec ssh -G -F '\(path)' \(host) > '\(output)' 2> /dev/null < /dev/null"
    guard try ChildProcess("/bin/sh", ["-c", line], descriptors: []).wait() == .exited(0) else { return nil }
    var found: [String: String] = [:]
    for line in try folder.read("out").split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2 { found[words[0]] = found[words[0]] ?? words[1] }
    }
    return found
  }

  @Test(.enabled(if: isPossible, "needs openssh-client"), arguments: texts)
  func `what OpenSSH refuses is refused, and what it takes is taken as it takes it`(text: String) throws {
    let folder = try TestFolder()
    for lineEnd in ["\n", "\r\n"] {
      let path = try folder.write(text.replacing("|", with: lineEnd) + lineEnd, to: "config")
      chmod(path, 0o600)
      let theirs = try Self.openSSH(path, "ws-001", folder)
      var ours: SSHConfigFile.Settings?
      let error = Result { ours = try SSHConfigFile.load(path).settings(for: "ws-001") }
      guard let theirs else {
        #expect(ours == nil, "OpenSSH refuses it")
        guard case .failure(let error as RemoteError) = error else { return }
        #expect(error.message.contains(#/config line [0-9]+: /#), "\(error)")
        continue
      }
      let settings = try #require(ours, "OpenSSH takes it: \(error)")
      #expect(settings.hostName ?? "ws-001" == theirs["hostname"])
      #expect(settings.port ?? 22 == theirs["port"].flatMap(UInt16.init))
      #expect(settings.user ?? NSUserName() == theirs["user"])
    }
  }

  @Test func `what changes where a connection goes is refused wherever it stands`() throws {
    for text in [
      "Host x\nAddressFamily inet", "AddressFamily inet6", "Host x\nBindAddress 127.0.0.1", "BindInterface lo",
    ] {
      let error = #expect(throws: RemoteError.self) { try SSHConfigFile(text, path: "config") }
      #expect(error?.message.contains("is not supported") == true, "\(String(describing: error))")
    }
    let error = #expect(throws: RemoteError.self) { try SSHConfigFile("Host x\nPort 65536", path: "config") }
    #expect(error?.message.hasPrefix("config line 2: port takes") == true, "\(String(describing: error))")
    #expect(try SSHConfigFile("AddressFamily any", path: "config").note == nil)
  }

  @Test func `a line ended by CR alone does not end, and an unknown word is named with its line`() throws {
    #expect(try SSHConfigFile("# x\rHost ws-001\rPort 24", path: "config").settings(for: "ws-001").port == nil)
    let error = #expect(throws: RemoteError.self) { try SSHConfigFile("# x\r\n\r\nHots ws-001\r\n", path: "config") }
    #expect(error?.message.hasPrefix("config line 3: unknown word \"Hots\"") == true, "\(String(describing: error))")
    for bytes in [[0xFF, 0xFE, 0x48, 0x00], [0xEF, 0xBB, 0xBF, 0x48]] as [[UInt8]] {
      let error = #expect(throws: RemoteError.self) { try SSHConfigFile(bytes, path: "config") }
      #expect(error?.message.contains("byte order mark") == true)
    }
  }

  @Test func `what has no effect is named once`() throws {
    let file = try SSHConfigFile("Compression yes\nHost a\nForwardAgent no\nHost b\nCompression no", path: "config")
    #expect(file.note == "config: no effect here: compression (line 1), forwardagent (line 3)")
    #expect(try SSHConfigFile("CanonicalizeHostname no\nCertificateFile none", path: "config").note == nil)
  }

  @Test func `none means none`() throws {
    let settings = try SSHConfigFile(
      "ProxyJump none\nProxyCommand nc\nUserKnownHostsFile none", path: "config"
    ).settings(for: "a")
    #expect(settings.proxyCommand == "nc" && settings.proxyJump == nil && settings.userKnownHostsFiles == [])
    let other = try SSHConfigFile("ProxyJump a # b\nProxyCommand nc", path: "config").settings(for: "a")
    #expect(other.proxyCommand == nil && other.proxyJump == "a")
  }

  @Test func `a file that others can write is refused`() throws {
    let folder = try TestFolder()
    let path = try folder.write("Port 24\n", to: "config")
    chmod(path, 0o666)
    let error = #expect(throws: RemoteError.self) { try SSHConfigFile.load(path) }
    #expect(error?.message.contains("chmod go-w") == true)
    chmod(path, 0o644)
    #expect(try SSHConfigFile.load(path).settings(for: "a").port == 24)
  }
}
