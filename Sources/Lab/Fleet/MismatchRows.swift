extension LabFleet {
  /// The rows of the server's list at `date`: agents whose certificate is not the server's now. The server knows of
  /// agents that are switched off, and of those that match already without having said so; of endpoints without an
  /// agent it does not know that the agent is gone.
  func mismatchedRows(at date: Double) -> [UInt8] {
    let server = try? serverMachine().read(BaseTrees.serverCertificate)
    var text = ""
    text.reserveCapacity(count * 112)
    for index in 0..<count {
      let spec = spec(index)
      guard isListed(spec, server: server ?? [], at: date) else { continue }
      text += spec.name
      text += ","
      text += spec.address
      text += ","
      text += spec.domain
      text += ","
      text += spec.guid
      text += ","
      text += spec.version
      text += ","
      text += spec.platform
      text += spec.fault == .offline || spec.fault == .asleep ? ",Offline\r\n" : ",Online\r\n"
    }
    return Array(text.utf8)
  }

  private func isListed(_ spec: AgentSpec, server: [UInt8], at date: Double) -> Bool {
    guard let machine = touchedMachine(spec.index) else { return true }
    let certificate = machine.agentCertificate(at: date)
    guard certificate == server else { return true }
    guard let changed = machine.state(at: date, { $0.certificateWrittenAt }) else {
      return spec.fault == .alreadyMatching
    }
    return faults == .listLag && date - changed < 600
  }
}
