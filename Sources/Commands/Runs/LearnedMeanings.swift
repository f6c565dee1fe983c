import ApexOne
import Remote
import Runs

/// What this site has learned the vendor's programs to mean (`tool-results` in the config folder), put beside what a run's
/// tools said. A run keeps what the file said then; what was learned later shows as well.
struct LearnedMeanings: Sendable {
  static let fileName = "tool-results"
  private static let limit = 65_536
  private static let label = "tool-results: "

  let results: ToolResults
  private let remedy: Remedy
  /// By position in the plan.
  private let meanings: [Int: [String]]

  /// None where there is no such file. Throws 65, with the line, for one that is not of its form.
  static func load(_ folders: Folders) throws(CommandError) -> ToolResults {
    let path = folders.config + "/" + fileName
    guard let bytes = try OwnFile.read(path, limit: limit) else { return .none }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError(.unusableInput, "\(OutputText.visible(path)) is not UTF-8 text")
    }
    do throws(ToolResultsError) { return try ToolResults(text) } catch {
      throw CommandError(
        .unusableInput, "\(OutputText.visible(path)):\(error.line): \(OutputText.visible(error.description))")
    }
  }

  /// The same for what only looks, without the session's secrets: a file that can't be read is said, and explains nothing.
  static func loadOrSay(_ invocation: Invocation) async -> ToolResults {
    do {
      let results = try load(invocation.folders)
      if results == .none { return results }
      var secrets: [Secret] = []
      for key in SecretKey.allCases {
        // One that its source doesn't give now can't be looked for; what is looked at is not worth an error.
        let place = try? invocation.place()
        for secret in [try? await invocation.secrets.secret(key), place?.secrets[key]] {
          if let secret { secrets.append(secret) }
        }
      }
      return results.screened(OutputScreen(secrets).shown)
    } catch {
      invocation.console.note("\(error.message); no meaning is shown from it")
      return .none
    }
  }

  init(_ run: RunRecord, in journal: Journal, _ results: ToolResults) throws {
    self.results = results
    remedy = run.remedy
    guard results != .none else {
      meanings = [:]
      return
    }
    var meanings: [Int: [String]] = [:]
    for end in try journal.toolEnds(ofRun: run.number) {
      guard let meaning = Self.meaning(of: end.step, run.remedy, results) else { continue }
      if meanings[end.position]?.contains(meaning) != true { meanings[end.position, default: []].append(meaning) }
    }
    self.meanings = meanings
  }

  /// What an event of a run is known to mean; nil for one that is no tool's end.
  private static func meaning(of step: RepairStep, _ remedy: Remedy, _ results: ToolResults) -> String? {
    switch step {
    case .executed(let end): results.meaning(remedy == .transfer ? .ipxfer : .installer, end: end)
    case .uninstalled(let end): results.meaning(.uninstaller, end: end)
    default: nil
    }
  }

  /// An event's detail with what it is known to mean.
  static func explained(_ event: RunEvent, _ remedy: Remedy, _ results: ToolResults) -> String? {
    guard RepairStep.Name.toolEnds.contains(where: { $0 == event.name }),
      let meaning = meaning(of: event.step, remedy, results)
    else { return event.detail }
    return "\(event.detail ?? "") (\(label)\(meaning))"
  }

  /// A result with what its tools' ends are known to mean; its outcome stays what it is.
  func explained(_ result: AgentResult) -> AgentResult {
    guard let meanings = meanings[result.position]?.filter({ result.detail?.contains($0) != true }), !meanings.isEmpty
    else { return result }
    var result = result
    result.detail = ((result.detail.map { [$0] } ?? []) + meanings.map { Self.label + $0 }).joined(separator: "; ")
    return result
  }

  /// Who ended so, by meaning, the largest group first.
  func groups(_ results: [AgentResult]) -> [NameGroup] {
    if meanings.isEmpty { return [] }
    return NameGroup.groups(
      results.flatMap { result in
        (AgentName(result.name).map { name in (meanings[result.position] ?? []).map { (label: $0, name: name) } }) ?? []
      })
  }
}
