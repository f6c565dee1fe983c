/// What a Windows machine calls itself, by its own registry: whoever answers under an agent's name is not always the
/// agent's endpoint (stale DNS, a mistake in ssh_config).
package struct MachineNames: Sendable, Hashable {
  /// `Services\Tcpip\Parameters`, `Hostname`: the first label of its DNS name. Nil where it could not be read.
  package var host: String?
  /// `Control\ComputerName\ActiveComputerName`, `ComputerName`: its NetBIOS name, cut at 15 characters.
  package var computer: String?

  package init(host: String? = nil, computer: String? = nil) {
    (self.host, self.computer) = (host, computer)
  }

  private static let netBIOSLength = 15

  package var isEmpty: Bool { host == nil && computer == nil }

  /// For sentences: `WS-001`, or both where they are two.
  package var text: String {
    guard let host, let computer else { return host ?? computer ?? "nothing that can be read" }
    return isCut(computer, of: host) ? host : "\(host) (\(computer))"
  }

  /// Is one of these the first label of `name`? A NetBIOS name that was cut stands for every name that begins so, where
  /// the machine's host name doesn't say more.
  package func include(_ name: String) -> Bool {
    let label = String(name.prefix { $0 != "." })
    if let host, MachineNames.isSame(host, label) || isCut(label, of: host) { return true }
    guard let computer else { return false }
    if MachineNames.isSame(computer, label) { return true }
    // The whole of it is another one: two long names may be cut to the same.
    if let host, isCut(computer, of: host) { return false }
    return isCut(computer, of: label)
  }

  /// Is `short` what NetBIOS leaves of `name`?
  private func isCut(_ short: String, of name: String) -> Bool {
    let label = name.prefix { $0 != "." }
    if label.count <= MachineNames.netBIOSLength { return MachineNames.isSame(short, String(label)) }
    return short.count == MachineNames.netBIOSLength
      && MachineNames.isSame(short, String(label.prefix(MachineNames.netBIOSLength)))
  }

  /// Letter case counts for nothing. Beyond ASCII a console's code page may have garbled what was read: of names that
  /// hold such characters only the others are compared.
  private static func isSame(_ read: String, _ name: String) -> Bool {
    let (read, name) = (read.prefix { $0 != "." }.lowercased(), name.lowercased())
    if read == name { return true }
    guard name.utf8.contains(where: { $0 > 127 }) else { return false }
    let parts = plainParts(read)
    return parts.count > 1 && parts == plainParts(name)
  }

  /// The parts between runs of what is not plain: `b?ro-7` and `büro-7` have the same.
  private static func plainParts(_ text: String) -> [String] {
    var (parts, isInGap) = ([""], false)
    for scalar in text.unicodeScalars {
      let isPlain = scalar.value < 128 && scalar != "?"
      if isPlain { parts[parts.count - 1].unicodeScalars.append(scalar) } else if !isInGap { parts.append("") }
      isInGap = !isPlain
    }
    return parts
  }
}
