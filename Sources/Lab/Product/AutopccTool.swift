import Remote

/// `autopcc.exe` on the server's share: installs where there is no agent, and brings an agent's files up to date where
/// there is one. Whether it renews the certificate then, no document says: a recipe for each.
enum AutopccTool {
  static func run(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    let machine = call.machine
    try await call.process.pause(2)
    guard machine.identity.fault != .noRights else { return .success("", exitCode: 5) }
    let package = call.fleet.settings.package(certificate: call.fleet.certificates.current)
    guard machine.state(at: call.process.date, { $0.agent }) != nil else {
      return try await InstallerTool.runPackage(package, call)
    }
    // Every file that changed comes over the network.
    AgentServices.stop(on: machine, at: call.process.date, within: 4)
    try await call.process.pause(30 + machine.identity.toolTime)
    if call.fleet.faults != .autopccKeepsCertificate {
      AgentServices.writeCertificate(package.certificate, on: machine, at: call.process.date)
    }
    AgentServices.start(
      on: machine, at: call.process.date, listener: 2, all: machine.identity.settleTime)
    return .success("")
  }

  /// `\\apexone\ofcscan\…`: the `PCCSRV` folder of the server as others see it; nil for another path.
  static func path(onShare text: String) -> WindowsPath? {
    guard text.hasPrefix(#"\\"#) else { return nil }
    let parts = text.dropFirst(2).split(separator: "\\", omittingEmptySubsequences: false)
    guard parts.count > 2, parts[1].lowercased() == "ofcscan",
      [LabServerSettings.name, LabServerSettings.shortName].contains(parts[0].lowercased())
    else { return nil }
    return parts.dropFirst(2).reduce(WindowsPath(ProductNames.serverFolder)) { $0.appending(String($1)) }
  }
}
