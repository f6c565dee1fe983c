import Foundation

/// A word that OpenSSH's client knows in its configuration file, what may follow it, and what becomes of it here.
struct SSHConfigKeyword {
  enum Form: Equatable {
    /// `yes`, `no`, or another of these.
    case flag([String])
    /// One word that is not empty.
    case word
    case words
    /// From so much on.
    case number(Int)
    case port
    /// One of these.
    case choice([String])
    /// Seconds, `1h30m`, or `none`.
    case time
    case special(SSHConfigValue)
    /// A command, or what else may hold anything.
    case rest
    /// One word or more, not looked at: it has no effect here, and versions differ in what they take.
    case anything
  }

  enum Use: Equatable {
    case block, honoured, ignoreUnknown
    /// It would change where a connection goes or whom it trusts; a value that says it doesn't is passed over.
    case refused([String])
    case idle
  }

  let name: String
  let form: Form
  let use: Use

  /// Nil for an unknown word.
  init?(_ key: String) {
    guard let (form, use) = SSHConfigKeyword.table[key] else { return nil }
    (name, self.form, self.use) = (key == "identityfile2" ? "identityfile" : key, form, use)
  }

  /// What is meant by the line's values.
  func values(_ line: SSHConfigLine.Reading) -> [String] {
    guard form == .rest else { return line.values }
    let rest = line.rest.drop { $0 == " " || $0 == "\t" || $0 == "=" }
    return [String(name == "proxyjump" ? rest.prefix { $0 != " " && $0 != "\t" } : rest)]
  }

  /// Throws what is wrong with what follows the word, as OpenSSH would refuse it.
  func check(_ line: SSHConfigLine.Reading) throws(SSHConfigLine.Fault) {
    let values = line.values
    if form == .rest, !line.rest.isEmpty { return try checkJump(line) }
    guard let first = values.first else { throw .init(text: "\(name) has no value") }
    switch form {
    case .rest, .anything: return
    case .words:
      if values.contains("") { throw .init(text: "\(name) has an empty value") }
      if name.hasSuffix("knownhostsfile"), values.count > 1, values.contains(where: { $0.lowercased() == "none" }) {
        throw .init(text: "\(name): none must stand alone")
      }
      return
    case .flag(let others):
      let known = ["yes", "no", "true", "false"] + others
      guard known.contains(first.lowercased()) else {
        throw .init(
          text: "\(name) takes \((["yes", "no"] + others).joined(separator: ", ")), not \(first.debugDescription)")
      }
    case .choice(let known):
      guard known.contains(first.lowercased()) else {
        throw .init(text: "\(name) takes \(known.joined(separator: ", ")), not \(first.debugDescription)")
      }
    case .port:
      guard SSHConfigKeyword.port(first) != nil else {
        throw .init(text: "\(name) takes a number from 1 to 65535, not \(first.debugDescription)")
      }
    case .word: if first.isEmpty { throw .init(text: "\(name) has an empty value") }
    case .number(let least):
      guard let number = SSHConfigValue.number(first), (least...Int(Int32.max)).contains(number) else {
        throw .init(text: "\(name) takes a number from \(least) on, not \(first.debugDescription)")
      }
    case .special(let value):
      guard let problem = value.problem(values) else { return }
      throw .init(text: problem.hasPrefix(":") ? name + problem : "\(name) \(problem)")
    case .time:
      guard first == "none" || SSHConfigValue.seconds(first) != nil else {
        throw .init(text: "\(name) takes a time, not \(first.debugDescription)")
      }
    }
    if values.count > 1 { throw .init(text: "\(name) takes one value, and more follow") }
  }

  /// A number, or the name of a service in the system's list.
  static func port(_ text: String) -> UInt16? {
    if let number = SSHConfigValue.number(text) { return number > 0 ? UInt16(exactly: number) : nil }
    guard text.first?.isLetter == true else { return nil }
    var hints = addrinfo()
    (hints.ai_family, hints.ai_socktype, hints.ai_flags) = (AF_INET, streamSocket, AI_PASSIVE)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(nil, text, &hints, &list) == 0, let list else { return nil }
    defer { freeaddrinfo(list) }
    return list.pointee.ai_addr?.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      UInt16(bigEndian: $0.pointee.sin_port)
    }
  }

  /// Every hop is a host, wherever the line stands.
  private func checkJump(_ line: SSHConfigLine.Reading) throws(SSHConfigLine.Fault) {
    guard name == "proxyjump", let jump = values(line).first, jump.lowercased() != "none", jump != "\"\"" else {
      return
    }
    for hop in jump.split(separator: ",", omittingEmptySubsequences: false) {
      let uri = hop.hasPrefix("ssh://") ? hop.dropFirst(6).prefix { $0 != "/" } : hop
      let place = uri.lastIndex(of: "@").map { uri[uri.index(after: $0)...] } ?? uri
      let host: Substring
      let port: Substring?
      if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
        (host, port) = (place[..<end].dropFirst(), place[end...].count > 1 ? place[end...].dropFirst(2) : nil)
      } else {
        let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        (host, port) = (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
      }
      guard !host.isEmpty, port.map({ SSHConfigKeyword.port(String($0)) != nil }) ?? true else {
        throw .init(text: "\(name) takes [USER@]HOST[:PORT],…, not \(jump.debugDescription)")
      }
    }
  }

  private static let table: [String: (Form, Use)] = {
    var table: [String: (Form, Use)] = [
      "host": (.words, .block), "ignoreunknown": (.word, .ignoreUnknown),
      "hostname": (.word, .honoured), "user": (.word, .honoured), "port": (.port, .honoured),
      "identityfile": (.word, .honoured), "identityfile2": (.word, .honoured), "identitiesonly": (.flag([]), .honoured),
      "proxycommand": (.rest, .honoured), "proxyjump": (.rest, .honoured),
      "userknownhostsfile": (.words, .honoured), "hostkeyalias": (.word, .honoured),
      "addressfamily": (.choice(["any", "inet", "inet6"]), .refused(["any"])),
      "bindaddress": (.word, .refused([])), "bindinterface": (.word, .refused([])),
      "match": (.anything, .refused([])), "include": (.words, .refused([])),
      "canonicalizehostname": (.flag(["always"]), .refused(["no", "false"])),
      "certificatefile": (.word, .refused(["none"])), "knownhostscommand": (.rest, .refused(["none"])),
      "pkcs11provider": (.word, .refused(["none"])), "smartcarddevice": (.word, .refused(["none"])),
      "revokedhostkeys": (.word, .refused(["none"])), "proxyusefdpass": (.flag([]), .refused(["no", "false"])),
    ]
    func add(_ form: Form, _ names: String) {
      for name in names.split(whereSeparator: \.isWhitespace) { table[String(name)] = (form, .idle) }
    }
    add(
      .flag([]),
      """
      gssapiauthentication gssapidelegatecredentials gssapikeyexchange gssapirenewalforcesrekey gssapitrustdns
      forwardx11 forwardx11trusted exitonforwardfailure gatewayports passwordauthentication
      kbdinteractiveauthentication challengeresponseauthentication skeyauthentication tisauthentication
      dsaauthentication hostbasedauthentication batchmode checkhostip tcpkeepalive keepalive
      clearallforwardings enablesshkeysign nohostauthenticationforlocalhost hashknownhosts permitlocalcommand
      visualhostkey stdinnull forkafterauthentication canonicalizefallbacklocal streamlocalbindunlink
      enableescapecommandline warnweakcrypto
      """)
    add(.flag(["unbound", "host-bound"]), "pubkeyauthentication")
    add(.flag(["ask", "off", "accept-new"]), "stricthostkeychecking")
    add(.flag(["ask"]), "verifyhostkeydns updatehostkeys")
    add(.flag(["ask", "auto", "autoask"]), "controlmaster")
    add(.flag(["auto", "force"]), "requesttty")
    add(.flag(["point-to-point", "ethernet"]), "tunnel")
    add(.flag([]), "compression")
    add(
      .word,
      """
      gssapiclientidentity gssapiserveridentity forwardagent xauthlocation kbdinteractivedevices identityagent
      preferredauthentications controlpath securitykeyprovider versionaddendum tag
      """)
    add(.words, "globalknownhostsfile")
    add(.number(0), "numberofpasswordprompts serveralivecountmax canonicalizemaxdots requiredrsasize")
    add(.number(1), "connectionattempts")
    add(.time, "forwardx11timeout connecttimeout serveraliveinterval")
    add(.rest, "localcommand remotecommand")
    add(
      .choice("quiet fatal error info verbose debug debug1 debug2 debug3".split(separator: " ").map(String.init)),
      "loglevel")
    add(
      .choice(["daemon", "user", "auth", "authpriv"] + (0...7).map { "local\($0)" }), "syslogfacility")
    add(.choice(["md5", "sha1", "sha256", "sha384", "sha512"]), "fingerprinthash")
    add(.choice(["none", "subsystem", "default"]), "sessiontype")
    let special: [(SSHConfigValue, String)] = [
      (.ciphers, "ciphers"), (.macs, "macs"), (.keyExchanges, "kexalgorithms"),
      (.gssKeyExchanges, "gssapikexalgorithms"),
      (
        .keyTypes,
        """
        hostkeyalgorithms casignaturealgorithms hostbasedacceptedalgorithms hostbasedkeytypes pubkeyacceptedalgorithms
        pubkeyacceptedkeytypes
        """
      ),
      (.rekeyLimit, "rekeylimit"), (.quality, "ipqos"), (.escape, "escapechar"), (.addKeys, "addkeystoagent"),
      (.persist, "controlpersist"), (.tunnelDevice, "tunneldevice"), (.mask, "streamlocalbindmask"),
      (.localForward, "localforward"), (.remoteForward, "remoteforward"), (.dynamicForward, "dynamicforward"),
      (.remoteOpen, "permitremoteopen"), (.canonicalNames, "canonicalizepermittedcnames"),
      (.domains, "canonicaldomains"), (.setEnvironment, "setenv"), (.sendEnvironment, "sendenv"),
      (.noneAlone, "logverbose"),
    ]
    for (value, names) in special { add(.special(value), names) }
    // Newer ones, of which versions differ in what they take.
    add(.anything, "channeltimeout obscurekeystroketiming refuseconnection")
    // What OpenSSH passes over itself: gone from it, or never built in.
    add(
      .anything,
      """
      protocol cipher fallbacktorsh globalknownhostsfile2 rhostsauthentication userknownhostsfile2 useroaming usersh
      useprivilegedport afstokenpassing kerberosauthentication kerberostgtpassing rsaauthentication
      rhostsrsaauthentication compressionlevel
      """)
    return table
  }()
}
