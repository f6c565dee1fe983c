import ApexOne
import ArgumentParser
import Runs

/// `resume N`: carries a run on that broke off.
struct Resume: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Carry on a run that was interrupted, stopped, or broke off.",
    discussion: """
      Agents that were proved are left alone. Those that were being worked on are looked at first: what may have been \
      left stopped is started, and one is repaired anew only where nothing had been done. Where an agent had been \
      uninstalled, it is installed, never uninstalled again; after a reboot that an installer asked for, what was \
      left is done and proved, and before it the agent stays reboot-required. It keeps the run's number and its \
      confirmation, and refuses where server, certificate or tools are not what was confirmed: it names then whose \
      services may be stopped. What failed before ^C or a crash stays counted for max-failures, max-wave-failures and \
      max-unprotected; what had stopped the run is counted anew. Where every agent has its outcome, it gives the run \
      the end that it lacks.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [
      .init("resume 7", "after ^C, a crash, or a power cut"),
      .init("resume 7 --max-failures 10", "after a budget had stopped it"),
      .init("resume 8", "after the reboots that a reinstall asked for"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: RepairRun.keys, mayRunInBackground: true)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber
  @Flag(help: "Deploy the run's certificate although it is not the server's own.") var certificateDiffers = false
  @OptionGroup var run: RunSettingOptions
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let journal = try invocation.journal(of: place)
    let old = try journal.plan(ofRun: number.value, server: place.identity)
    let record = try journal.record(ofRun: number.value)
    if record.state == .running {
      throw JournalError.owned(run: number.value, isHere: journal.owns(number.value))
    }
    let progress = try journal.progress(ofRun: number.value)
    if let completed = try CompletedRun(record, progress, of: old, in: journal) {
      return try await completed.account(place, in: invocation)
    }
    let again = try await plan(again: old, progress, invocation)
    return try await RepairRun(
      plan: again.plan, work: again.work, connector: again.ground.connector, place: place,
      invocation: again.invocation
    ).resume(number.value)
  }

  /// The plan made again from the server. Where the run can't be carried on, those are named whose services its last attempt
  /// may have left stopped: nobody looks after them then.
  private func plan(again old: Plan, _ progress: RunProgress, _ invocation: Invocation) async throws -> PlanAgain {
    let endangered = EndangeredAgents(progress, of: old, run: number.value)
    let again: PlanAgain
    do { again = try await PlanAgain(old, run, certificateDiffers: certificateDiffers, in: invocation) } catch {
      endangered.say(to: invocation.console, isServerKnown: false)
      throw error
    }
    do { try again.checkSame(since: .confirmed) } catch {
      endangered.say(to: invocation.console, isServerKnown: true)
      throw error
    }
    return again
  }
}
