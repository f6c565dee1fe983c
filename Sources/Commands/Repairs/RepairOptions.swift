import ArgumentParser
import Runs

/// What every repair takes, whichever way it repairs.
package struct RepairOptions: ParsableArguments, Sendable {
  @Flag(help: "Show the plan; touch nothing.") var dryRun = false
  @Flag(help: "With --dry-run: look at the endpoints too, changing nothing.") var probe = false
  @Option(help: ArgumentHelp("Confirm without a prompt: the count, or the plan's digest.", valueName: "count|digest"))
  var confirm: String?
  @Flag(help: "Take agents over that belong to another server.") var move = false
  @Flag(help: "Repair agents whose certificate is right already, too.") var force = false
  @Flag(help: "Take plain names that are not in the list.") var unlisted = false
  @Flag(help: "Work with a list that is over seven days old.") var oldList = false
  @Flag(help: "Deploy the certificate of the setting although it is not the server's own.")
  var certificateDiffers = false
  @Flag(help: "Take a new list afterwards, for information: the server's may lag.") var verifyList = false
  @OptionGroup var run: RunSettingOptions

  package init() {}

  /// What a run is carried out with.
  func runOptions(_ settings: Settings) -> RunOptions {
    var options = settings.runOptions
    options.move = move
    options.force = force
    return options
  }

  package mutating func validate() throws {
    if probe && !dryRun { throw ValidationError("--probe goes with --dry-run") }
  }
}
