import ApexOne
import Runs

// Endpoints that a run may have left unprotected, in words.
extension EndangeredAgents {
  /// One line for a report.
  var line: String {
    "MAY BE UNPROTECTED: \(NameFolding.fold(names)): the tool had been started there; resume \(run) looks there first"
  }

  /// For a run that isn't carried on. `isServerKnown`: the server could be read.
  func say(to console: any Console, isServerKnown: Bool) {
    guard !names.isEmpty else { return }
    let selection = NameFolding.fold(names)
    console.note(
      "\(NumberText.grouped(names.count)) ENDPOINT\(names.count == 1 ? "" : "S") MAY BE UNPROTECTED: \(selection): run "
        + "\(run) broke off when the tool had been started there")
    console.note("to see whether their services run: check agent \(selection) --unlisted")
    if isServerKnown {
      let more = remedy == .transfer ? "" : ", with the options of run \(run)"
      console.note("a new run takes them up: \(remedy.rawValue) \(selection) --unlisted\(more)")
      return
    }
    let queries = AgentService.required.map { "sc.exe query \($0)" }.joined(separator: ", ")
    console.note(
      "that reads the server first; while it can't be read, ask each of them there: \(queries); sc.exe start starts one"
    )
  }
}
