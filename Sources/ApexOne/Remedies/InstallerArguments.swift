/// How an agent is installed or removed, unattended: by an Agent Packager's package, autopcc, or its own uninstaller.
package struct InstallerCommand: Sendable, Hashable {
  /// `msiexec.exe`, or a full path.
  package var program: String
  package var arguments: [ToolArgument]

  /// For a package that was put on the endpoint at a full path. `.msi` goes to Windows Installer; `.exe` is run itself,
  /// with what the administrator gives and nothing of ours: its switches follow from how it was made.
  package static func install(packageAt path: String, extra: [String]) throws(RemedyError) -> InstallerCommand {
    guard WindowsFullPath.isValid(path) else {
      throw RemedyError(.setting, "the package's place on the endpoint is no full Windows path")
    }
    let more = try words(extra)
    let name = path.lowercased()
    if name.hasSuffix(".msi") {
      return InstallerCommand(
        program: "msiexec.exe", arguments: [.text("/i"), .text(path), .text("/qn"), .text("/norestart")] + more)
    }
    guard name.hasSuffix(".exe") else {
      throw RemedyError(.setting, "the package is neither .msi nor .exe; give one that the Agent Packager made")
    }
    return InstallerCommand(program: path, arguments: more)
  }

  /// AutoPcc from the server's share: the agent's endpoint fetches the program and what it installs by itself.
  package static func autopcc(server: String, extra: [String]) throws(RemedyError) -> InstallerCommand {
    if let problem = ServerName.problem(with: server) {
      throw RemedyError(.setting, "server-name \(problem); set server-name to a host name or an address")
    }
    if server.contains(":") {
      throw RemedyError(.setting, "server-name is an IPv6 address, which no network path can hold; set a host name")
    }
    return InstallerCommand(program: #"\\\#(server)\ofcscan\autopcc.exe"#, arguments: try words(extra))
  }

  private static func words(_ extra: [String]) throws(RemedyError) -> [ToolArgument] {
    if let strange = extra.first(where: { $0.unicodeScalars.contains { $0.value < 32 } }) {
      throw RemedyError(.setting, "the argument \(strange.debugDescription) holds a control character")
    }
    return extra.map(ToolArgument.text)
  }

  /// The agent's own uninstaller with the uninstall password.
  package static func uninstall(agentFolder: String) throws(RemedyError) -> InstallerCommand {
    let path = agentFolder.hasSuffix("\\") ? agentFolder + "PccNTMon.exe" : agentFolder + "\\PccNTMon.exe"
    guard WindowsFullPath.isValid(path) else {
      throw RemedyError(.setting, "the agent's folder as the registry has it is no full Windows path")
    }
    return InstallerCommand(program: path, arguments: [.text("-m"), .uninstallPassword])
  }
}
