/// A word that OpenSSH's client knows in its configuration file, what may follow it, and what becomes of it here.
struct SSHConfigKeyword {
  enum Form: Equatable {
    /// `yes`, `no`, or another of these.
    case flag([String])
    /// One word that is not empty.
    case word
    case words
    case number
    case port
    /// One of these.
    case choice([String])
    /// Seconds, `1h30m`, or `none`.
    case time
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
    if form == .rest, !line.rest.isEmpty { return }
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
      guard let port = UInt16(first), port > 0 else {
        throw .init(text: "\(name) takes a number from 1 to 65535, not \(first.debugDescription)")
      }
    case .word: if first.isEmpty { throw .init(text: "\(name) has an empty value") }
    case .number: if Int32(first) == nil { throw .init(text: "\(name) takes a number, not \(first.debugDescription)") }
    case .time:
      guard first == "none" || first.wholeMatch(of: #/([0-9]+[smhdwSMHDW]?)+/#) != nil else {
        throw .init(text: "\(name) takes a time, not \(first.debugDescription)")
      }
    }
    if values.count > 1 { throw .init(text: "\(name) takes one value, and more follow") }
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
    add(.words, "globalknownhostsfile logverbose sendenv canonicaldomains")
    add(.number, "connectionattempts numberofpasswordprompts serveralivecountmax canonicalizemaxdots requiredrsasize")
    add(.time, "forwardx11timeout connecttimeout serveraliveinterval")
    add(.rest, "localcommand remotecommand")
    add(
      .anything,
      """
      gssapikexalgorithms addkeystoagent ciphers macs remoteforward localforward permitremoteopen escapechar
      syslogfacility loglevel dynamicforward hostkeyalgorithms casignaturealgorithms rekeylimit setenv
      controlpersist tunneldevice kexalgorithms ipqos sessiontype canonicalizepermittedcnames streamlocalbindmask
      fingerprinthash hostbasedacceptedalgorithms hostbasedkeytypes pubkeyacceptedalgorithms pubkeyacceptedkeytypes
      channeltimeout obscurekeystroketiming refuseconnection
      """)
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
