import ArgumentParser
import Foundation
import Runs
import Testing

@testable import Commands

/// Walks the table of settings: what one row says holds wherever the setting is met.
@Suite struct SettingTableTests {
  /// A value that is not the default, in its standard spelling, and values that are none.
  private static func values(_ key: SettingKey) -> (good: String, bad: [String]) {
    switch key.definition.form {
    case .text: ("two words", [""])
    case .path: ("/tmp/a file", [""])
    case .serverAddress: ("lab:", ["apexone"])
    case .serverName: ("apexone.contoso.local", ["a b"])
    case .serverNames: ("apexone,10.0.0.5", ["a,,b"])
    case .port: ("8081", ["0", "65536", "x"])
    case .transportChain: ("lab", ["telnet"])
    case .oneOf(let words): (words[words.count - 1], ["none-of-them"])
    case .number(let range, _):
      (
        String(range.upperBound), ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "1.5", "many"]
      )
    case .budget: ("7%", ["101%", "-1", "5 %", "1.5"])
    case .waves: ("2,50%", ["0", "101%", "1,,2", Array(repeating: "1", count: 33).joined(separator: ",")])
    case .time(let least): ("90s", (least > 0 ? ["\(least - 1)"] : []) + ["3654d", "-1", "soon", "1.5m"])
    case .yesOrNo: ("yes", ["perhaps"])
    }
  }

  /// What a refusal must name: the range, with what is counted.
  private static func range(_ form: SettingForm) -> [String] {
    switch form {
    case .number(let range, let unit): ["number of \(unit) from \(range.lowerBound) to \(range.upperBound)"]
    case .budget(let whole): ["number of agents", "percentage of \(whole) from 0% to 100%"]
    case .waves: ["at most 32", "numbers of agents from 1", "percentages of the plan from 1% to 100%"]
    case .time(let least): ["a time from \(least)s to 3653d", "seconds"]
    case .port: ["from 1 to 65535"]
    case .oneOf(let words): words
    default: []
    }
  }

  @Test(arguments: SettingKey.allCases)
  func everySettingIsSetShownAndKept(key: SettingKey) async throws {
    let rig = try await CommandRig(agents: 1, isConnected: false)
    let good = Self.values(key).good
    let typed = "set \(key.rawValue) \(WordText.quoted(good))"
    #expect(try await rig.run(typed).code == .success)
    func row() async throws -> [String]? { try await rig.run("set").rows.first { $0[0] == key.rawValue } }
    #expect(try await row() == [key.rawValue, good, "set"])
    #expect(try await rig.run("context save kept").code == .success)
    #expect(try await rig.run("unset \(key.rawValue)").code == .success)
    #expect(
      try await row() == [key.rawValue, key.definition.standard ?? "", key.definition.standard == nil ? "" : "default"])
    #expect(try await rig.run("context use kept").code == .success)
    // What holds for a session alone is kept by none.
    let kept =
      key.definition.isKept
      ? [key.rawValue, good, "context kept"] : [key.rawValue, key.definition.standard ?? "", "default"]
    #expect(try await row() == kept)
    #expect(HelpTopic.keys.text.contains(key.definition.summary))
  }

  @Test(arguments: SettingKey.allCases)
  func whatIsNoValueIsRefusedWithItsRange(key: SettingKey) throws {
    for text in Self.values(key).bad {
      let error = #expect(throws: CommandError.self, "\(text)") { try key.definition.canonical(text) }
      #expect(error?.exitCode == .misuse)
      for part in Self.range(key.definition.form) {
        #expect(error?.message.contains(part) == true, "\(error?.message ?? ""): \(part)")
      }
      guard key.definition.isOfRuns else { continue }
      let words = ["1", "--\(key.rawValue)=\(text)"]
      let refusal = #expect(throws: CommandError.self) { try CommandParsing.parse(Resume.self, words) }
      #expect(refusal?.message.contains(key.definition.form.description) == true, "\(refusal?.message ?? "")")
    }
  }

  private static func fields(_ options: RunOptions) throws -> [String: NSObject] {
    let object = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(options))
    return try #require(object as? [String: NSObject])
  }

  /// What an option changes of the options of a plan.
  private static func change(_ key: SettingKey) throws -> Set<String> {
    let options = try RunSettingOptions.parse(["--\(key.rawValue)", values(key).good])
    let settings = try options.applied(to: Settings())
    #expect(settings[key]?.text == values(key).good && settings[key]?.source == .option)
    #expect(settings.runOptions == options.applied(to: RunOptions()), "of an older plan it makes the same")
    let (before, after) = (try fields(RunOptions()), try fields(settings.runOptions))
    return Set(after.keys.filter { before[$0] != after[$0] })
  }

  @Test(arguments: SettingKey.ofRuns)
  func theOptionOfARunSettingIsOneFieldOfThePlan(key: SettingKey) throws {
    #expect(try Self.change(key).count == (key == .timeoutList ? 0 : 1))
    // What holds anyhow, said: the plan keeps its digest.
    let standard = try #require(key.definition.standard)
    let said = try RunSettingOptions.parse(["--\(key.rawValue)", standard])
    #expect(said.applied(to: RunOptions()) == RunOptions())
    // An option takes back what an older plan was made with.
    let given = try RunSettingOptions.parse(["--\(key.rawValue)", Self.values(key).good])
    #expect(said.applied(to: given.applied(to: RunOptions())) == RunOptions())
  }

  @Test func everyFieldOfThePlanHasItsSetting() throws {
    #expect(Settings().runOptions == RunOptions())
    let bySetting = try SettingKey.ofRuns.map { try Self.change($0) }
    let all = bySetting.reduce(into: Set()) { $0.formUnion($1) }
    #expect(all.count == bySetting.reduce(0) { $0 + $1.count }, "two settings are one field")
    let byCommand: Set = ["move", "changePort", "force", "canaries", "otherMachines"]
    let declared = Set(Mirror(reflecting: RunOptions()).children.compactMap(\.label))
    #expect(declared == all.union(byCommand), "\(declared.symmetricDifference(all.union(byCommand)))")
  }

  @Test func everyCommandThatRepairsTakesThem() throws {
    for name in ["transfer", "reinstall", "apply", "retry", "resume"] {
      let type = try #require(CommandRegistry.all.command(named: name))
      let options = CommandShape.of(type).options
      for key in SettingKey.ofRuns {
        let option = try #require(options.first { $0.names == ["--\(key.rawValue)"] }, "\(name) --\(key.rawValue)")
        #expect(option.completion == .valueOf(key) && option.takesValue && !option.isRepeating)
      }
    }
  }
}
