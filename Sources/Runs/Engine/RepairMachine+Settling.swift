import ApexOne
import Remote

// The wait for the services and the proof, by inspections with nothing held between them.
extension RepairMachine {
  mutating func settle(
    _ purpose: Settling.Purpose, of agent: AgentFacts? = nil, _ now: RepairConditions
  ) -> RepairPhase {
    effect(.release)
    let until = now.now + .seconds(policy.options.settleSeconds)
    // Where the agent was removed, what the inspection before it showed proves nothing of the new one.
    let none = state.isRemoved ? AgentFacts(isInstalled: false, architecture: base.architecture) : nil
    let settling = Settling(
      base: agent ?? none ?? base, purpose: purpose, slotWait: now.slotWait, until: until, last: until + .seconds(120))
    // A tool that has ended leaves services behind that are on their way: an inspection at once proves nothing.
    return evidence.cut == nil ? .pausing(RepairPolicy.interval, then: .settling(settling)) : .settling(settling)
  }

  mutating func inspected(_ settling: Settling, _ facts: AgentFacts, _ now: RepairConditions) -> RepairPhase {
    evidence.add(facts, at: now.now)
    if policy.requiredRun(settling.base, facts.services) { effect(.servicesRun) }
    // Its time went by while it was looked at: then the verdict wants everything.
    if settling.now(now) >= settling.until, facts.certificate == nil, settling.base.applicationPath != nil,
      !settling.isRepeated
    {
      var next = settling
      next.isRepeated = true
      return .settling(next)
    }
    return judge(settling, nil, now)
  }

  /// What the evidence comes to after an inspection, or after one that could not be made.
  mutating func judge(_ settling: Settling, _ failure: RemoteError?, _ now: RepairConditions) -> RepairPhase {
    var next = settling
    next.isRepeated = false
    let (base, isLate) = (settling.base, settling.now(now) >= settling.until)
    let isGood = failure == nil && evidence.last.map { policy.requiredRun(base, $0.services) } ?? false
    let decision = policy.decide(base, evidence.inspections, evidence.result)
    if policy.isFinal(decision, isGood: isGood, base, evidence.inspections) {
      return settled(settling, result(decision, failure), now)
    }
    if now.cutsAll {
      let text = "cut in the middle of it; resume \(policy.run) looks there first"
      return settled(settling, RepairResult(.unknown, .interrupted, text), now)
    }
    if isGood {
      // The second inspection that proves has its time, however late the first one came.
      next.extend(by: RepairPolicy.apart + .seconds(1), now)
    } else if failure == nil, next.starts < RepairPolicy.mostStarts, evidence.cut != nil || isLate,
      let names = evidence.last.map({ policy.servicesToStart(base, $0) }), !names.isEmpty
    {
      next.starts += 1
      return .startingServices(names, for: .proof(next))
    }
    guard failure?.isTransient != false, isGood || !isLate, settling.now(now) < next.last else {
      return settled(settling, result(decision, failure), now)
    }
    // What failed is not kept over the pause, however short that is.
    if failure != nil { effect(.close) }
    return .pausing(isGood ? RepairPolicy.apart : RepairPolicy.interval, then: .settling(next))
  }

  private func result(_ decision: ProofDecision, _ lastError: RemoteError?) -> RepairResult {
    var result = RepairResult(decision.outcome, decision.cause, decision.detail)
    if let lastError, evidence.inspections.isEmpty, decision.outcome != .rebootRequired {
      result.cause = RepairResult(connecting: lastError).cause
      result.detail = "\(decision.detail): \(lastError.message)"
    }
    if evidence.endedUnseen, result.outcome == .failed, result.cause == .toolHadNoEffect {
      // It may still be at work: the connection, with which Windows would have ended it, stands.
      return RepairResult(
        .unproved, .dropped,
        "the tool's channel was closed without an exit code, so whether it ran to its end is not known; the certificate "
          + "is what it was")
    }
    guard let cut = evidence.cut else { return result }
    if result.outcome == .unproved, result.cause == .restartUnproved || result.cause == nil { result.cause = .dropped }
    if result.outcome == .failed, result.cause == .toolHadNoEffect {
      // It was not seen to end, so nothing is known of its password: this must not stop a first wave.
      result.cause = cut
      result.detail =
        "the \(cut == .timedOut ? "tool's time was up" : "connection ended") before the tool did, and "
        + "the certificate is what it was"
    }
    return result
  }

  /// What follows on a proof, or on the want of one.
  private mutating func settled(_ settling: Settling, _ result: RepairResult, _ now: RepairConditions) -> RepairPhase {
    let hasAgent = evidence.last?.isInstalled
    switch settling.purpose {
    case .services(let text): return end(besideRightCertificate(result, text))
    case .tool(let run):
      // An endpoint must not stay without an agent because a connection broke: an installer that left nothing is started
      // once more, as a resumed run would.
      if state.isRemoved, evidence.cut != nil, result.outcome == .failed, hasAgent == false, !now.cutsAll, !run.isSecond
      {
        evidence.forget()
        effect(.hold)
        return .reopening(until: nil, for: .tool(toolRun(.install, isSecond: true, now)))
      }
      guard state.isRemoved, hasAgent == nil, result.outcome == .unproved else { return end(result) }
      return end(
        RepairResult(
          .unknown, result.cause, "the agent was removed, and whether the new one runs could not be looked at"))
    case .resumed where state.isRemoved:
      // An installer that was cut short may have left nothing: then it is as if it had not been started.
      guard result.outcome == .failed, hasAgent == false else { return end(result) }
      effect(.hold)
      return installAnew()
    case .resumed:
      // The tool left the certificate as it was, and the services run: as if nothing had begun.
      guard result.outcome == .failed, !evidence.isRebootUnknown, isAsBefore, state.before != nil, state.reboot == nil
      else { return end(result) }
      if let stop = now.stop {
        // It would be repaired anew, and the run begins nothing any more: that is for the next attempt.
        return end(
          RepairResult(
            .unknown, stop == .interrupted ? .interrupted : .runStopped,
            "the endpoint is as it was before the tool; resume \(policy.run) repairs it anew"))
      }
      return beginAnew()
    }
  }

  /// What ran left the endpoint as it was: an agent that runs, or, for an installer, none.
  private var isAsBefore: Bool {
    guard let last = evidence.last else { return false }
    return last.isProtected == true || policy.installs && !base.isInstalled && !last.isInstalled
  }

  /// No tool was run, so this proves nothing of the run's way: it is no repair, though the listener was restarted.
  private func besideRightCertificate(_ result: RepairResult, _ text: String) -> RepairResult {
    var result = result
    if result.outcome == .repaired || result.outcome == .unproved && result.cause == .restartUnproved {
      let names = AgentService.required.filter { base[service: $0]?.state != .running }
      let stopped = "\(names.joined(separator: " and ")) \(names.count == 1 ? "was" : "were") not running"
      return RepairResult(.alreadyMatching, .listStale, "\(stopped), and started now; \(text)")
    }
    if result.outcome == .failed, result.cause == .servicesStopped {
      result.detail =
        "the certificate is \(policy.expectations.certificate.owner) already, and "
        + (result.detail ?? "services do not run")
    }
    return result
  }
}
