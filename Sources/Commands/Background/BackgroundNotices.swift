import ApexOne
import Runs

/// What a run behind the prompt says of itself while it goes on: the end of each wave, and every endpoint that it leaves
/// unprotected.
struct BackgroundNotices: Sendable {
  private let run: Int
  private let console: any Console
  /// Seconds between two waves.
  private let pause: Double?

  init(run: Int, of plan: Plan, to console: any Console) {
    self.run = run
    pause = plan.options.wavePauseSeconds
    self.console = console
  }

  func ended(wave tally: RunTally) {
    // The last one is told by the account.
    guard tally.wave < tally.waves else { return }
    console.note("run \(run): wave \(tally.wave) of \(tally.waves) is over: \(tally.counted)\(next)")
  }

  private var next: String {
    pause.map { "; the next in \(TimeText.age($0)), or at once: continue \(run)" } ?? ""
  }

  func ended(_ result: AgentResult) {
    guard result.protected == false, !result.outcome.isGood else { return }
    let why = result.detail.map { ": \(OutputText.visible($0))" } ?? ""
    console.note("run \(run): \(OutputText.visible(result.name)) IS UNPROTECTED, \(result.causeLabel)\(why)")
  }
}
