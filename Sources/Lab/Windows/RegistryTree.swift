/// Which keys a simulated registry has: they follow from the machine's kind, so one table serves thousands of machines.
enum RegistryTree {
  enum Kind: Sendable { case environment, windows, control, network, computer, agent, program, uninstall }

  struct Key: Sendable {
    let path: String
    /// For comparing: Windows ignores case.
    let folded: String
    let kind: Kind

    init(_ path: String, _ kind: Kind) {
      self.path = #"HKEY_LOCAL_MACHINE\"# + path
      folded = self.path.lowercased()
      self.kind = kind
    }

    /// Is it under the key `folded`?
    func isBelow(_ folded: String) -> Bool {
      let (own, other) = (self.folded.utf8, folded.utf8)
      return own.count > other.count && own.starts(with: other)
        && own[own.index(own.startIndex, offsetBy: other.count)] == UInt8(ascii: "\\")
    }

    /// The key directly below `root` that this one is, or is under.
    func child(of root: String) -> String {
      let start = path.utf8.index(path.startIndex, offsetBy: root.utf8.count + 1)
      let end = path.utf8[start...].firstIndex(of: UInt8(ascii: "\\"))
      return String(path[..<(end ?? path.endIndex)])
    }
  }

  /// The keys that a view of the registry shows.
  static func of(_ architecture: AgentSpec.Architecture, sees32Bit: Bool, hasAgent: Bool) -> [Key] {
    guard hasAgent else { return windows }
    if architecture == .x86 { return narrow }
    return sees32Bit ? both : wide
  }

  private static let windows = [
    Key(#"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#, .environment),
    Key(#"SOFTWARE\Microsoft\Windows NT\CurrentVersion"#, .windows),
    Key(#"SYSTEM\CurrentControlSet\Control\Windows"#, .control),
    Key(#"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"#, .network),
    Key(#"SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName"#, .computer),
  ]
  private static let narrow = windows + agent(in: #"SOFTWARE\"#)
  private static let wide = windows + agent(in: #"SOFTWARE\WOW6432Node\"#)
  private static let both = wide + agent(in: #"SOFTWARE\"#)

  private static func agent(in place: String) -> [Key] {
    let key = place + #"TrendMicro\PC-cillinNTCorp\CurrentVersion"#
    return [
      Key(key, .agent), Key(key + #"\Misc."#, .program),
      Key(place + #"Microsoft\Windows\CurrentVersion\Uninstall\ApexOneNT"#, .uninstall),
    ]
  }
}

/// What a machine's registry keys hold.
struct RegistryValues {
  struct Value {
    let name: String
    let type: String
    let data: String

    static func text(_ name: String, _ data: String) -> Value {
      Value(name: name, type: "REG_SZ", data: data)
    }
    static func number(_ name: String, _ data: Int) -> Value {
      Value(name: name, type: "REG_DWORD", data: "0x" + String(data, radix: 16))
    }
  }

  let identity: SimulatedWindows.Identity
  let agent: AgentRegistration?
  /// How often the machine booted.
  let boots: Int

  func values(of kind: RegistryTree.Kind) -> [Value] {
    switch kind {
    case .environment:
      [.text("PROCESSOR_ARCHITECTURE", identity.architecture.rawValue), .text("OS", "Windows_NT")]
    case .windows: [.text("SystemRoot", #"C:\Windows"#), .text("ProductName", "Windows")]
    case .control: [Value(name: "ShutdownTime", type: "REG_BINARY", data: shutdownTime)]
    case .network: [.text("Hostname", identity.ownName)]
    case .computer: [.text("ComputerName", String(identity.ownName.uppercased().prefix(15)))]
    case .agent: agent.map(agentValues) ?? []
    case .program:
      agent.map { [.text("ProgramVer", $0.version), .text("ProductName", "Apex One Security Agent")] } ?? []
    case .uninstall: agent.map(uninstallValues) ?? []
    }
  }

  /// When it was last shut down: 16 digits that no two boots share.
  private var shutdownTime: String {
    let digits = String(0x01DA_0000_0000_0000 &+ boots &* 0x2540_BE40, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
  }

  private func agentValues(_ agent: AgentRegistration) -> [Value] {
    [
      .text("Application Path", agent.folder + "\\"), .text("Domain", identity.domain),
      .text("GUID", identity.guid), .number("LocalServerPort", agent.agentPort),
      .text("Server", agent.server), .number("ServerPort", agent.httpPort),
      .number("ServerSSLPort", agent.httpsPort),
    ]
  }

  private func uninstallValues(_ agent: AgentRegistration) -> [Value] {
    [
      .text("DisplayName", "Trend Micro Apex One Security Agent"), .text("DisplayVersion", agent.version),
      .text("UninstallString", "\"\(agent.folder)\\\(ProductNames.trayProgram)\" -m"),
    ]
  }
}
