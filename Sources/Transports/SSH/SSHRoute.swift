import Foundation
import Remote

/// Everything one connection needs to know: the configuration, the endpoint's target and the config file, put together.
struct SSHRoute: Sendable {
  /// What errors begin with.
  var label: String
  var host: String
  var port: UInt16
  var user: String
  var identityFiles: [String]
  var usesAgent: Bool
  var knownHostsFiles: [String]
  /// The names to look for in known_hosts, the first one is shown.
  var knownNames: [String]
  var proxyCommand: String?
  /// What may be why nobody is found there, or somebody else; behind an error.
  private var hint = ""

  /// The same error, with what in the config file may have led to it.
  func explained(_ error: RemoteError) -> RemoteError {
    let isOfPlace = [.unreachable, .timedOut, .hostKeyUnknown, .hostKeyChanged, .logonRefused].contains(error.kind)
    guard isOfPlace, !hint.isEmpty else { return error }
    var error = error
    error.message += hint
    return error
  }

  /// There is a key to log on with, or an agent that may have one.
  var hasKeys: Bool { !identityFiles.isEmpty || usesAgent && getenv("SSH_AUTH_SOCK") != nil }

  init(
    _ endpoint: Endpoint, target: SSHTarget, _ configuration: SSHConfiguration, _ configs: SSHConfigCache = .init()
  ) throws(RemoteError) {
    label = endpoint.name
    var settings = SSHConfigFile.Settings()
    if let file = configuration.configFile {
      settings = try configs.file(file).settings(for: target.host)
    }
    host = SSHRoute.lowercased(settings.hostName?.replacingOccurrences(of: "%h", with: target.host) ?? target.host)
    if let line = settings.otherCase.first, let file = configuration.configFile {
      hint = "; the Host of \(file) line \(line) is not for it: ssh, too, tells upper from lower case there"
    }
    // A template's port is a choice; only its default gives way to the config file.
    port = target.port == 22 ? settings.port ?? 22 : target.port
    user = configuration.user ?? settings.user ?? NSUserName()
    let named = configuration.identityFiles + settings.identityFiles
    identityFiles =
      named.isEmpty
      ? configuration.usualIdentityFiles.filter { access($0, R_OK) == 0 } : named.map(expandingHome)
    usesAgent = configuration.usesAgent && !settings.identitiesOnly
    knownHostsFiles = (configuration.knownHostsFiles + (settings.userKnownHostsFiles ?? [])).map(expandingHome)
    let alias = settings.hostKeyAlias ?? target.alias
    knownNames = [KnownHosts.name(alias ?? host, port: port)]
    if let alias, port != 22 { knownNames.append(alias) }
    try SSHRoute.check(host, label)
    proxyCommand = try SSHRoute.proxy(settings, host: host, port: port, user: user, name: target.host, label: label)
  }

  /// As OpenSSH hands a name on. What stands behind `%` is an interface.
  private static func lowercased(_ host: String) -> String {
    let name = host.prefix { $0 != "%" }
    return name.lowercased() + host[name.endIndex...]
  }

  /// The host becomes part of a proxy's shell line: only what a name or an address can hold.
  private static func check(_ host: String, _ label: String) throws(RemoteError) {
    let isGood =
      !host.isEmpty && host.utf8.count <= 255 && host.first != "-"
      && host.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-._:%".unicodeScalars.contains($0)
      }
    guard isGood else { throw RemoteError(.local, "\(label): \(host) is not a host name or an address") }
  }

  private static func proxy(
    _ settings: SSHConfigFile.Settings, host: String, port: UInt16, user: String, name: String, label: String
  ) throws(RemoteError) -> String? {
    if let jump = settings.proxyJump {
      return try jumpCommand(jump, host: host, port: port, label: label)
    }
    guard let command = settings.proxyCommand else { return nil }
    var line = ""
    var rest = command[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        line.append(character)
        continue
      }
      switch rest.popFirst() {
      case "%": line.append("%")
      case "h": line += quoted(host)
      case "n": line += quoted(name)
      case "p": line += String(port)
      case "r": line += quoted(user)
      case let other:
        let token = other.map(String.init) ?? ""
        throw RemoteError(.local, "\(label): %\(token) in a ProxyCommand is not supported; %h %n %p %r %% are")
      }
    }
    return line
  }

  /// `ProxyJump [USER@]HOST[:PORT],…`: libssh has no such thing, the `ssh` program does.
  private static func jumpCommand(
    _ jump: String, host: String, port: UInt16, label: String
  ) throws(RemoteError) -> String {
    let hops = jump.split(separator: ",").map(String.init)
    let isGood =
      !hops.isEmpty
      && hops.allSatisfy { hop in
        hop.first != "-"
          && hop.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-._:@[]\\".unicodeScalars.contains($0)
          }
      }
    guard isGood, let last = hops.last else {
      throw RemoteError(.local, "\(label): ProxyJump \(jump) is not [USER@]HOST[:PORT]")
    }
    var words = ["ssh", "-o", "BatchMode=yes"]
    if hops.count > 1 { words += ["-J", quoted(hops.dropLast().joined(separator: ","))] }
    words += ["-W", quoted("[\(host)]:\(port)"), "--", quoted("ssh://" + last)]
    return words.joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: #"'\''"#) + "'"
  }
}
