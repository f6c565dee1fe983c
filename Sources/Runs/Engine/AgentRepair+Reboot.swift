import ApexOne
import Remote

// What a reinstallation does about reboots that Windows asks for.
extension AgentRepair {
  /// Notes which boot of the machine this is, so that `resume` can tell whether it was rebooted since.
  func markBoot() async {
    guard let mark = await bootMark() else { return }
    note(.boot(mark))
  }

  private func bootMark() async -> BootMark? {
    do throws(RemoteError) {
      return try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
        try await EndpointLook.bootMark(host)
      }
    } catch {
      // The next step meets whatever is wrong with the connection.
      return nil
    }
  }

  /// The uninstaller asks for a reboot: what is left to do waits for it, and is in the journal before anybody is told.
  func rebootAfterRemoval(_ result: InstallerResult) async throws -> Ending {
    let meaning = result.meaning(at: .uninstall)
    try await intend(.reboot(.uninstall, meaning))
    await lookOnce()
    return Ending(
      .rebootRequired, .reboot, "\(meaning); the package is installed after it, by: resume \(engine.run)")
  }

  /// Nil where the machine was rebooted since `trace`, or it can't be told: then the looks decide.
  func stillToReboot(_ trace: RepairState, _ now: AgentFacts) async -> Ending? {
    guard let asked = trace.reboot, let mark = await bootMark() else { return nil }
    switch mark.since(trace.boot ?? BootMark(shutdown: nil, processID: nil)) {
    case .rebooted:
      note(.rebooted(mark))
      return nil
    case .unknown:
      note(.rebootUnknown(mark))
      isRebootUnknown = true
      return nil
    case .same:
      looks = [ProofLook(at: engine.clock.now, now)]
      return Ending(
        .rebootRequired, .reboot,
        "not rebooted yet since \(asked.program) asked for it; reboot it, then: resume \(engine.run)")
    }
  }

  /// What a look that proves nothing comes to where the reboot may still be to come.
  func afterReboot(_ ending: Ending) -> Ending {
    guard isRebootUnknown, [.failed, .unproved].contains(ending.outcome) else { return ending }
    return Ending(
      .rebootRequired, .reboot,
      "it can't be told whether it was rebooted, and it is not repaired: \(ending.detail ?? "")")
  }
}
