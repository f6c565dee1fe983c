import Remote

/// Is the key that a server showed the one we know? Asked before any credential is sent.
struct HostKeyCheck {
  let route: SSHRoute
  let cache: KnownHostsCache

  /// Throws `.hostKeyUnknown` or `.hostKeyChanged`, both with the key's type and SHA-256.
  func check(_ key: HostKey) throws(RemoteError) {
    var isKnown = false
    var known: [KnownHosts.Entry] = []
    var hasAuthority = false
    for file in route.knownHostsFiles {
      let hosts = try cache.hosts(file)
      for name in route.knownNames {
        switch hosts.verdict(for: name, key: key) {
        case .known: isKnown = true
        case .revoked:
          throw RemoteError(
            .hostKeyChanged, "\(route.label): its host key \(text(key)) is marked @revoked in \(file)")
        case .changed(let entries): known += entries
        case .unknown(let authority): hasAuthority = hasAuthority || authority
        }
      }
    }
    if isKnown { return }
    guard known.isEmpty else { throw changed(key, known) }
    let note = hasAuthority ? "; a @cert-authority line for it can't be used here" : ""
    throw RemoteError(
      .hostKeyUnknown, "\(route.label): the host key of \(route.knownNames[0]) is not known: \(text(key))\(note)")
  }

  /// The key types known for the host: what to ask the server for first, so that it shows one that we can compare.
  func knownTypes() throws(RemoteError) -> [String] {
    var types: [String] = []
    for file in route.knownHostsFiles {
      let hosts = try cache.hosts(file)
      for name in route.knownNames {
        types += hosts.entries(for: name).filter { $0.marker == nil }.map(\.type)
      }
    }
    return types
  }

  private func changed(_ key: HostKey, _ known: [KnownHosts.Entry]) -> RemoteError {
    let expected = known.prefix(3).compactMap { entry in
      HostKey(type: entry.type, base64: entry.base64).map(text)
    }
    return RemoteError(
      .hostKeyChanged,
      "\(route.label): the host key of \(route.knownNames[0]) has changed: it shows \(text(key)), "
        + "known is \(expected.joined(separator: ", "))")
  }

  private func text(_ key: HostKey) -> String { "\(key.type) \(key.sha256)" }
}
