/// What is wrong with one endpoint of the lab, beside its certificate.
package enum Fault: String, Sendable, Hashable, CaseIterable, Codable {
  case none
  /// Switched off: nothing answers.
  case offline
  /// Switched off when the lab begins, and started within its first day.
  case asleep
  /// The account may log on but not write or start services.
  case noRights = "no-rights"
  /// Folders can be made, files can't be written.
  case fullDisk = "full-disk"
  /// The agent belongs to another server.
  case otherServer = "other-server"
  /// Another machine answers under the agent's name, as with stale DNS: it looks the same but for what it calls itself.
  case otherMachine = "other-machine"
  /// An ARM64 machine, for which there is no tool.
  case wrongBitness = "wrong-bitness"
  /// IpXfer never ends; on some before it touched anything, on others with the services stopped.
  case hangingTool = "hanging-tool"
  /// IpXfer takes its time, ends with 0 and has done nothing.
  case saysZeroRepairsNothing = "says-0-repairs-nothing"
  /// IpXfer ends with 5 and has done everything.
  case saysFiveRepairs = "says-5-repairs"
  /// The agent's services don't come up again.
  case servicesStayDown = "services-stay-down"
  /// The connection ends while the tool runs, once.
  case connectionDropped = "connection-dropped"
  /// The machine reboots while the tool runs, once; an installer asks for a reboot there.
  case reboot
  /// The certificate is right already; the list doesn't know.
  case alreadyMatching = "already-matching"
  case noAgent = "no-agent"
  case slow
  case hostKeyChanged = "host-key-changed"
  /// Windows Installer is busy with something else, and stays so.
  case installerBusy = "installer-busy"
  /// Windows Installer is busy with something else for a minute and a half.
  case installerBusyForAWhile = "installer-busy-for-a-while"
  /// The installer ends with 1603 and has installed nothing.
  case installFails = "install-fails"
  /// The installer does all, ends with 1641, and the machine reboots.
  case installReboots = "install-reboots"
  /// The uninstaller ends with 3010 and leaves the services to the next boot, half an hour later.
  case uninstallWantsReboot = "uninstall-wants-reboot"
  /// The same with 1641: the machine reboots at once.
  case uninstallReboots = "uninstall-reboots"
  /// The connection ends when the uninstaller has done its work, once.
  case uninstallDropped = "uninstall-dropped"
  /// The uninstaller stops the services, ends with 1603 and leaves the rest.
  case uninstallBreaksOff = "uninstall-breaks-off"
  /// The agent has no certificate file.
  case certificateMissing = "certificate-missing"
}

/// Which faults a fleet has: a recipe with a name, and which agents it strikes follows from the seed.
package struct FaultRecipe: Sendable, Hashable {
  package let name: String
  /// One line for people.
  package let summary: String

  package static let none = FaultRecipe(name: "none", summary: "nothing goes wrong")
  package static let typical = FaultRecipe(
    name: "typical",
    summary: "what a fleet always has: some offline, slow, without rights, without effect, dropped")
  package static let wrongPassword = FaultRecipe(
    name: "wrong-password", summary: "the unload password is another one, on every agent")
  package static let logonRefused = FaultRecipe(
    name: "logon-refused", summary: "the account's password is another one, everywhere")
  package static let wrongUninstallPassword = FaultRecipe(
    name: "wrong-uninstall-password", summary: "the uninstall password is another one, on every agent")
  package static let keyLogon = FaultRecipe(
    name: "key-logon", summary: "the account logs on by a key: programs there have no network credentials")
  package static let autopccKeepsCertificate = FaultRecipe(
    name: "autopcc-keeps-certificate", summary: "autopcc repairs an agent and leaves its certificate as it is")
  package static let listLag = FaultRecipe(
    name: "list-lag", summary: "the server's list knows of a repair only ten minutes later")

  /// Every recipe, `none` and `typical` first.
  package static let all: [FaultRecipe] =
    [none, typical] + Fault.allCases.filter { $0 != .none }.map(FaultRecipe.init) + [
      wrongPassword, wrongUninstallPassword, logonRefused, keyLogon, autopccKeepsCertificate, listLag,
    ]

  /// The recipe of that name; faults joined by `+` strike a tenth of the agents each. Nil when there is none.
  package init?(named name: String) {
    if let recipe = FaultRecipe.all.first(where: { $0.name == name }) {
      self = recipe
      return
    }
    let faults = FaultRecipe.faults(in: name)
    guard faults.count > 1, faults.allSatisfy({ $0 != nil && $0 != Fault.none }), Set(faults).count == faults.count
    else {
      return nil
    }
    self.init(name: name, summary: "each of these on a tenth of the agents, on one at least")
  }

  /// The faults of a recipe that is nothing but faults; nil for a word that is none.
  static func faults(in name: String) -> [Fault?] {
    name.split(separator: "+", omittingEmptySubsequences: false).map { Fault(rawValue: String($0)) }
  }

  /// One fault on a tenth of the fleet, on one agent at least.
  package init(_ fault: Fault) {
    self.init(
      name: fault.rawValue, summary: "\(fault.rawValue) on a tenth of the agents, on one at least")
  }

  private init(name: String, summary: String) {
    self.name = name
    self.summary = summary
  }
}
