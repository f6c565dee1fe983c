import ApexOne
import Remote

extension AgentRepair {
  /// Between two looks.
  static let interval = Duration.seconds(5)
  /// Between the two looks that prove; a little more than the rule asks for.
  private static let apart = Duration.seconds(16)

  /// Waits for the services and proves, by looks with nothing held between them.
  func settle(_ before: AgentFacts) async -> Ending {
    // Waiting for a slot of ours (a run throttled to one) is no time of the endpoint's.
    let waited = connection.slotWait
    var now: Duration { engine.clock.now - (connection.slotWait - waited) }
    var until = now + .seconds(options.settleSeconds)
    connection.letGo()
    let last = until + .seconds(120)
    var starts = 0
    // A tool that has ended leaves services behind that are on their way: a look at once proves nothing.
    if cut == nil { await connection.rest(AgentRepair.interval) }
    while true {
      var isGood = false
      var failure: RemoteError?
      do throws(RemoteError) {
        isGood = try await lookAgain(before, isWhole: now >= until)
        // Its time went by while it was looked at: then the verdict wants everything.
        if now >= until, looks.last?.facts.certificate == nil, before.applicationPath != nil {
          isGood = try await lookAgain(before, isWhole: true)
        }
      } catch { failure = error }
      let decision = engine.work.decide(before, looks, toolResult)
      if isFinal(decision, isGood: isGood, before) { return ending(decision, failure) }
      if engine.controls.cutsAll {
        return Ending(.unknown, .interrupted, "cut in the middle of it; resume \(engine.run) looks there first")
      }
      if let failure, !EndpointConnection.mayPass(failure) { return ending(decision, failure) }
      let isLate = now >= until
      if isGood {
        // The second look that proves has its time, however late the first one came.
        until = min(last, max(until, now + AgentRepair.apart + .seconds(1)))
      } else if failure == nil, starts < 3, cut != nil || isLate, !stopped(before).isEmpty {
        starts += 1
        await startStopped(before)
        until = min(last, max(until, now + .seconds(min(30, options.settleSeconds))))
      } else if isLate {
        return ending(decision, failure)
      }
      if now >= last { return ending(decision, failure) }
      // What failed is not kept over the rest, however short that is.
      if failure != nil { await connection.close() }
      await connection.rest(isGood ? AgentRepair.apart : AgentRepair.interval)
    }
  }

  /// One look; true when all services that must run do. Until they do, the certificate is read only where `isWhole`: it
  /// may still be replaced, and reading it starts one more program there.
  private func lookAgain(_ before: AgentFacts, isWhole: Bool) async throws(RemoteError) -> Bool {
    try await connection.open()
    let facts = engine.work.installs ? try await wholeLook() : try await lookAtChanges(before, isWhole: isWhole)
    looks.append(ProofLook(at: engine.clock.now, facts))
    await refreshLock()
    let isGood = allRun(required(before), facts)
    if isGood { engine.controls.seen(position) }
    return isGood
  }

  /// A look at what a transfer changes: services and certificate.
  private func lookAtChanges(_ before: AgentFacts, isWhole: Bool) async throws(RemoteError) -> AgentFacts {
    let readings = engine.readings
    let changesPlace = engine.work.expectations.changesPlace(of: before)
    return try await connection.within(options.copySeconds, "looking") { host throws(RemoteError) in
      var facts = before.with(try await EndpointLook.services(host, before.servicesToWatch))
      (facts.certificate, facts.certificateSHA256) = (nil, nil)
      guard isWhole || allRun(required(before), facts) else { return facts }
      if changesPlace { return try await EndpointLook.facts(host, against: readings) }
      let reading = try await EndpointLook.certificate(host, folder: before.applicationPath, against: readings)
      (facts.certificate, facts.certificateSHA256) = (reading?.verdict, reading?.sha256)
      return facts
    }
  }

  private func allRun(_ services: [String], _ facts: AgentFacts) -> Bool {
    services.allSatisfy { facts[service: $0]?.state == .running }
  }

  /// `repaired` is final at once. A failure is, once the services were seen running on two looks: the tool has ended and
  /// nothing will change by itself.
  private func isFinal(_ decision: ProofDecision, isGood: Bool, _ before: AgentFacts) -> Bool {
    switch decision.outcome {
    case .repaired, .rebootRequired: return true
    case .failed where decision.cause == .installerBusy || decision.isOver: return true
    default: break
    }
    guard isGood, looks.count >= 2 else { return false }
    let last = looks[looks.count - 1]
    let names = required(before)
    let earlier = looks.dropLast().last { look in
      allRun(names, look.facts) && last.at - look.at >= .seconds(15)
    }
    return earlier != nil && last.facts.certificate != nil
  }

  private func ending(_ decision: ProofDecision, _ lastError: RemoteError?) -> Ending {
    var ending = Ending(decision.outcome, decision.cause, decision.detail)
    if let lastError, looks.isEmpty, decision.outcome != .rebootRequired {
      ending.cause = Ending(connecting: lastError).cause
      ending.detail = "\(decision.detail): \(lastError.message)"
    }
    if cut != nil, ending.outcome == .unproved, ending.cause == .restartUnproved || ending.cause == nil {
      ending.cause = .dropped
    }
    if endedUnseen, ending.outcome == .failed, ending.cause == .toolHadNoEffect {
      // It may still be at work: the connection, with which Windows would have ended it, stands.
      return Ending(
        .unproved, .dropped,
        "the tool's channel was closed without an exit code, so whether it ran to its end is not known; the certificate "
          + "is what it was")
    }
    if let cut, ending.outcome == .failed, ending.cause == .toolHadNoEffect {
      // It was not seen to end, so nothing is known of its password: this must not stop a first wave.
      ending.cause = cut
      ending.detail =
        "the \(cut == .timedOut ? "tool's time was up" : "connection ended") before the tool did, and "
        + "the certificate is what it was"
    }
    return ending
  }
}
