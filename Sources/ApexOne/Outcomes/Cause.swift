/// The stable word for why an agent ended as it did. New words may be added; none is ever renamed.
package enum Cause: String, Sendable, Hashable, CaseIterable, Codable {
  case unreachable
  case timedOut = "timed-out"
  case hostKeyUnknown = "host-key-unknown"
  case hostKeyChanged = "host-key-changed"
  case logonRefused = "logon-refused"
  case accessDenied = "access-denied"
  case dropped
  case noAgent = "no-agent"
  case otherMachine = "other-machine"
  case otherServer = "other-server"
  case otherPort = "other-port"
  case unsupportedMachine = "unsupported-machine"
  case wrongPackage = "wrong-package"
  case busy
  case cannotCarry = "cannot-carry"
  case channelRefused = "channel-refused"
  case noSFTP = "no-sftp"
  case noCommonAlgorithm = "no-common-algorithm"
  case notListed = "not-listed"
  case toolHadNoEffect = "tool-had-no-effect"
  case servicesStopped = "services-stopped"
  case restartUnproved = "restart-unproved"
  case servicesUnproved = "services-unproved"
  case certificateUnreadable = "certificate-unreadable"
  case certificateChanged = "certificate-changed"
  case stagingFailed = "staging-failed"
  case noSpace = "no-space"
  case installFailed = "install-failed"
  case installerBusy = "installer-busy"
  case uninstallFailed = "uninstall-failed"
  case reboot
  case listStale = "list-stale"
  case interrupted
  case budgetSpent = "budget-spent"
  case runStopped = "run-stopped"
  case journal
  case unexpected

  package var meaning: String {
    switch self {
    case .unreachable: "no connection: refused, no route, or no such name"
    case .timedOut: "no answer within the time allowed"
    case .hostKeyUnknown: "its host key is not trusted yet; see: help trust"
    case .hostKeyChanged: "its host key is not the one that is trusted"
    case .logonRefused: "the account or its password was refused"
    case .accessDenied: "logged on, but without the rights for this"
    case .dropped: "the connection ended in the middle"
    case .noAgent: "no agent is installed there"
    case .otherMachine: "the machine that answers is not the agent's"
    case .otherServer: "the agent belongs to another server"
    case .otherPort: "the agent's port would change"
    case .unsupportedMachine: "neither an x86 nor an x64 machine"
    case .wrongPackage: "the package is for another kind of machine"
    case .busy: "another apexsh works on it"
    case .cannotCarry: "the transport can't carry this command unchanged"
    case .channelRefused: "the endpoint refuses another channel on its connection: nothing was run on it"
    case .noSFTP: "SFTP does not begin there: refused, or a text comes in its place; see the detail"
    case .noCommonAlgorithm:
      "the endpoint's sshd and apexsh have no algorithm in common; the detail says what both offer"
    case .notListed: "not in this server's inventory"
    case .toolHadNoEffect: "the tool ran, and the certificate is what it was"
    case .servicesStopped: "a required service does not run"
    case .restartUnproved: "no evidence that the listener was restarted"
    case .servicesUnproved: "the services could not be looked at to the end"
    case .certificateUnreadable: "the agent's certificate could not be read"
    case .certificateChanged: "the certificate changed while the run went on"
    case .stagingFailed: "the files could not be put there, or read back wrong"
    case .noSpace: "the disk is full"
    case .installFailed: "the installer reported a failure"
    case .installerBusy: "another installation is in progress there, and did not end in time"
    case .uninstallFailed: "the uninstaller left parts of the agent"
    case .reboot: "a reboot is needed"
    case .listStale: "the list is stale, or the service has not loaded the certificate"
    case .interrupted: "apexsh was interrupted"
    case .budgetSpent: "the failure budget of the run was spent"
    case .runStopped: "the run was stopped before its turn"
    case .journal: "the journal could not be written"
    case .unexpected: "something else; see the detail"
    }
  }
}
