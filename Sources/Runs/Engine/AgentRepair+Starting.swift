import ApexOne
import Remote

// Services that must run, and don't.
extension AgentRepair {
  /// The certificate is right already, and services that must run are stopped: starts them, and proves that they run.
  func bringUpMatching(_ before: AgentFacts, _ text: String) async throws -> Ending {
    if engine.controls.cutsIdle { return Ending(.notAttempted, .interrupted) }
    try await lockAlone()
    // From now on they count as services that ran.
    var wanted = before
    for name in AgentService.required { wanted[service: name] = ServiceFact(.running) }
    looks = [ProofLook(at: engine.clock.now, before)]
    connection.hold()
    await startStopped(wanted)
    var ending = await settle(wanted)
    // No tool was run, so this proves nothing of the run's way: it is no repair, though the listener was restarted.
    if ending.outcome == .repaired || ending.outcome == .unproved && ending.cause == .restartUnproved {
      ending = Ending(.alreadyMatching, .listStale, "\(stoppedText(before)), and started now; \(text)")
    } else if ending.outcome == .failed, ending.cause == .servicesStopped {
      ending.detail =
        "the certificate is \(engine.work.expectations.certificate.owner) already, and "
        + (ending.detail ?? "services do not run")
    }
    return ending
  }

  private func stoppedText(_ before: AgentFacts) -> String {
    let names = AgentService.required.filter { before[service: $0]?.state != .running }
    return "\(names.joined(separator: " and ")) \(names.count == 1 ? "was" : "were") not running"
  }

  /// Required services that ran before and are stopped now.
  func stopped(_ before: AgentFacts) -> [String] {
    guard let now = looks.last?.facts else { return [] }
    return required(before).filter { name in
      now[service: name]?.state == .stopped && (before[service: name]?.state == .running || engine.work.installs)
    }
  }

  func required(_ before: AgentFacts) -> [String] {
    before.isInstalled && !engine.work.installs ? before.servicesToRestore : AgentService.required
  }

  func startStopped(_ before: AgentFacts) async {
    for name in stopped(before) {
      do {
        try await intend(.startService(name))
      } catch {
        // Where a tool was run, that is on disk already; nothing must stay down because no more can be written.
        guard hasActed else { return }
      }
      do throws(RemoteError) {
        let output = try await connection.within(options.connectSeconds * 2, "starting \(name)") {
          host throws(RemoteError) in
          ServiceOutput(try await host.run(RemoteCommand("sc.exe", ["start", .plain(name)])))
        }
        note(.startedService(output.error.map { "\(name): error \($0)" } ?? name))
      } catch {
        note(.startFailed("\(name): \(error.message)"))
        return
      }
    }
  }
}
