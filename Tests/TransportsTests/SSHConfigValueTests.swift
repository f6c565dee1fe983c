import Foundation
import Remote
import Testing

@testable import Transports

@Suite("Values of an ssh_config are taken and refused as OpenSSH does") struct SSHConfigValueTests {
  /// A word, and values of it, good and bad; words and values that only some versions of OpenSSH know are left out.
  private static let table = """
    Ciphers|aes128-ctr|aes128-ctr,aes256-ctr|+aes128-cbc|-aes*|-nonsense|^aes256-ctr|nonsense|aes128-ctr,
    Ciphers|,aes128-ctr|aes128-ctr,bogus|+bogus|aes*|AES128-CTR|aes128-ctr aes256-ctr|"aes128-ctr"|""|+|none
    Ciphers|default|3des-cbc|arcfour|blowfish-cbc|rijndael-cbc@lysator.liu.se
    MACs|hmac-sha2-256|hmac-sha2-256,bogus|+hmac-sha1|-hmac*|bogus|hmac-ripemd160|hmac-sha2-256,|,hmac-sha2-256
    MACs|HMAC-SHA2-256
    KexAlgorithms|curve25519-sha256|+diffie-hellman-group1-sha1|bogus|-bogus|curve25519-sha256,bogus
    KexAlgorithms|sntrup4591761x25519-sha512@tinyssh.org|^ecdh-sha2-nistp256|curve*
    HostKeyAlgorithms|ssh-ed25519|ssh-*|+ssh-rsa|+ssh-dss|bogus|bog*|*|-bogus|ssh-ed25519,bogus|ssh-ed25519,
    HostKeyAlgorithms|rsa-sha2-512,rsa-sha2-256|SSH-RSA|ssh-ed25519-cert-v01@openssh.com
    PubkeyAcceptedAlgorithms|+ssh-rsa
    PubkeyAcceptedKeyTypes|bogus
    HostbasedAcceptedAlgorithms|bogus
    HostbasedKeyTypes|ssh-rsa
    CASignatureAlgorithms|ssh-ed25519|bogus|ssh-*
    LogLevel|quiet|QUIET|DEBUG3|DEBUG4|loud|3|INFO x|fatal
    SyslogFacility|USER|local7|local8|auth|AUTHPRIV|bogus|kern
    RekeyLimit|1G|1G 1h|default none|none|1X|1G x|1G none|1G 1h x|15|0|1k|K|-1|99999999999G|1G 0|default|1.5G
    RekeyLimit|default 1h|default default|16
    IPQoS|lowdelay|lowdelay throughput|af21 cs1|bogus|0x10|300|255|none|ef bogus|le|a b c|LOWDELAY|-1|010
    IPQoS|lowdelay throughput x
    EscapeChar|~|^A|none|ab|^1|^|^AB|NONE
    FingerprintHash|sha256|md5|bogus|SHA1|sha512
    SessionType|none|subsystem|default|shell|NONE
    AddKeysToAgent|yes|confirm|1h|confirm 1h|yes 1h|bogus|ask|confirm bogus|1h 1h|no|false|-1|0|confirm 1h x|ask 1h
    ControlPersist|yes|no|10m|bogus|0|none|10 m
    TunnelDevice|any|0:1|any:any|bogus|0|0:|0:x|:0|1:2:3|-1:0
    StreamLocalBindMask|0177|999|x|77777|0
    LocalForward|8080 localhost:80|8080|x y|8080 localhost|127.0.0.1:8080 localhost:80|/tmp/a /tmp/b
    LocalForward|8080 localhost:80 x|[::1]:8080 [::1]:80|99999 localhost:80|0 localhost:80|8080:localhost:80
    LocalForward|*:8080 localhost:80|8080 localhost:99999|8080 localhost:x|8080 /tmp/b|:8080 localhost:80
    LocalForward|127.0.0.1/8080 localhost:80
    RemoteForward|8080 localhost:80|8080|x|x y|0 localhost:80|127.0.0.1:8080|0|0 /tmp/a|8080 localhost:80 x
    DynamicForward|1080|x|127.0.0.1:1080|0|99999|1080 x|[::1]:1080|/tmp/a|*:1080
    PermitRemoteOpen|any|none|localhost:80|localhost|any x|localhost:x|*:80|localhost:*|a:1 b:2|a:99999|[::1]:80
    PermitRemoteOpen|:80
    CanonicalizePermittedCNAMEs|none|bogus|none x|:|a:
    CanonicalDomains|a b|none|none a|..|a_b|.a|-a|a..b
    SetEnv|A=b|A|A=b C=d|A=b C|=b|""
    SendEnv|A=b|A B|-A|""
    LogVerbose|a:b|none x|x
    GlobalKnownHostsFile|a b
    ForwardAgent|yes|/tmp/x|$X|bogus|ask
    ForwardX11Timeout|1h|x|none
    ConnectTimeout|none|-1|0|1h 2|99999999999|1.5|1hh|1h1|NONE|3000000w
    ServerAliveInterval|1y
    ServerAliveCountMax|x|-1|0x5|5 5|99999999999|+5|" 5"
    ConnectionAttempts|0|0x10
    NumberOfPasswordPrompts|3x
    RequiredRSASize|1024|x
    CanonicalizeMaxDots|-1
    PubkeyAuthentication|host-bound|bogus
    StrictHostKeyChecking|ask|off
    VerifyHostKeyDNS|ask|auto
    UpdateHostKeys|ask
    RequestTTY|force|auto|bogus
    Tunnel|ethernet|bogus
    Compression|5
    BatchMode|1|Yes|true
    CheckHostIP|on
    PreferredAuthentications|bogus|""
    IdentityAgent|none|""|$SSH_AUTH_SOCK
    ControlPath|""
    KbdInteractiveDevices|""
    XAuthLocation|""|relative|none
    HostKeyAlias|""
    RemoteCommand|none
    LocalCommand|
    HashKnownHosts|maybe
    User|""
    Protocol|1|x|
    CompressionLevel|x
    Cipher|x
    UseRoaming|
    ProxyJump|a:b|a,b|""|a@b:22|,a|a:99999|none|a b|ssh://a|[::1]:22
    Port|+22|0x16|22x|ssh|" 22"|-22|022
    SecurityKeyProvider|internal|""
    VisualHostKey|x
    PermitLocalCommand|x
    EnableEscapeCommandline|maybe
    GSSAPIAuthentication|maybe
    GSSAPIServerIdentity|""
    """

  private static let rows = table.split(separator: "\n").map { line in
    line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }

  @Test(.enabled(if: SSHConfigTests.isPossible, "needs openssh-client"), arguments: rows)
  func `each value of a word`(row: [String]) throws {
    let folder = try TestFolder()
    for value in row.dropFirst() {
      // Wherever it stands: below a Host line that is not for the host, too.
      for head in ["", "Host other\n"] {
        let path = try folder.write("\(head)\(row[0]) \(value)\n", to: "config")
        chmod(path, 0o600)
        let theirs = try SSHConfigTests.openSSH(path, "ws-001", folder)
        let ours = Result { try SSHConfigFile.load(path) }
        switch ours {
        case .success: #expect(theirs != nil, "OpenSSH refuses: \(row[0]) \(value)")
        case .failure(let error):
          // Checked by OpenSSH only where it holds.
          guard head.isEmpty || theirs == nil || row[0] == "ConnectionAttempts" || row[0].hasSuffix("Kex") else {
            #expect(Bool(false), "OpenSSH takes: \(row[0]) \(value), and ours: \(error)")
            continue
          }
          #expect(theirs == nil || !head.isEmpty, "OpenSSH takes: \(row[0]) \(value), and ours: \(error)")
          #expect("\(error)".contains("config line \(head.isEmpty ? 1 : 2): "), "\(error)")
        }
      }
    }
  }

  private static let hosts = [
    "Host WS-001|User a|Host ws-001|User b", "Host *|User a|Host WS-*|User b", "Host WS-* !WS-001|User a",
    "Host WS-* !ws-001|User a", "Host ws-* !WS-001|User a", "Host WS-00?|User a", "Host ws-00?|User a",
    "Host w?-001|User a",
    "Host \"WS-001\"|User a", "Host 'ws-001'|User a", "Host x WS-001 y|User a", "Host x ws-001 y|User a",
    "Host !ws-001 *|User a",
    "Host !WS-001 *|User a", "Host *-001|User a", "Host W*1|User a", "Host w*1|User a", "Host \"WS-001 ws-001\"|User a",
    "Host WS-001,x|User a", "host WS-001|User a", "HOST ws-001|User a", "Host *|HostName %h.Contoso.local",
    "HostName WS-009",
    "Host !x|User a", "Host ws-001*|User a", "Host ??-???|User a", "Host ws-0[0-9]1|User a",
  ]

  @Test(.enabled(if: SSHConfigTests.isPossible, "needs openssh-client"), arguments: hosts)
  func `a Host line holds for the name as it was typed`(text: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(text.replacing("|", with: "\n") + "\n", to: "config")
    chmod(path, 0o600)
    for host in ["WS-001", "ws-001", "Ws-001"] {
      let theirs = try #require(try SSHConfigTests.openSSH(path, host, folder))
      let settings = try SSHConfigFile.load(path).settings(for: host)
      #expect(settings.user ?? NSUserName() == theirs["user"], "\(host)")
      var configuration = SSHConfiguration()
      configuration.configFile = path
      let route = try SSHRoute(.init(name: host), target: SSHTarget(host: host), configuration)
      #expect(route.host == theirs["hostname"], "\(host)")
    }
  }

  @Test func `a Host line that differs in case only is named where nobody is found`() throws {
    let folder = try TestFolder()
    var configuration = SSHConfiguration()
    configuration.configFile = try folder.write("# x\nHost ws-001\nPort 24\n", to: "config")
    chmod(folder.file("config"), 0o600)
    let route = try SSHRoute(.init(name: "WS-001"), target: SSHTarget(host: "WS-001"), configuration)
    let error = route.explained(.init(.unreachable, "WS-001: no such name"))
    #expect(error.message.contains("config line 2 is not for it") && route.port == 22, "\(error)")
    #expect(route.explained(.init(.noSpace, "full")).message == "full")
    let same = try SSHRoute(.init(name: "ws-001"), target: SSHTarget(host: "ws-001"), configuration)
    #expect(same.port == 24 && same.explained(.init(.unreachable, "x")).message == "x")
  }
}
