import Remote

/// What IpXfer, the uninstaller and an installer do alike to an agent's services and certificate.
enum AgentServices {
  /// Services that go down with the agent; unauthorized change prevention stays up.
  private static func touched(_ state: MachineState) -> [String] {
    state.services.services.map(\.name).filter { $0 != "TMBMServer" }
  }

  static func stop(on machine: SimulatedWindows, at date: Double, within seconds: Double) {
    machine.state(at: date) { state in
      for name in touched(state) { state.services.stop(name, by: date + seconds) }
    }
  }

  /// The listener runs after `listener` seconds, everything after `all` seconds; where the machine has that fault,
  /// they never do.
  static func start(on machine: SimulatedWindows, at date: Double, listener: Double, all: Double) {
    let isBroken = machine.identity.fault == .servicesStayDown
    machine.state(at: date) { state in
      state.services.setBroken(isBroken)
      for name in touched(state) {
        state.services.start(name, by: date + (name == ProductNames.listener ? listener : all))
      }
    }
  }

  static func writeCertificate(_ bytes: [UInt8], on machine: SimulatedWindows, at date: Double) {
    guard let agent = machine.state(at: date, { $0.agent }) else { return }
    // The agent's folder is there as long as the agent is registered.
    try? machine.write(
      bytes, to: WindowsPath(agent.folder).appending(ProductNames.certificate), at: date)
    machine.state(at: date) { $0.certificateWrittenAt = date }
  }
}
