import Foundation
import Runs

/// A plan as a file: JSON that holds no secret, with its digest, so that one that was edited is noticed.
struct PlanFile: Codable, Sendable {
  private static let form = 1
  private static let sizeLimit = 256 << 20

  private let apexshPlan: Int
  private let digest: String
  private let plan: Plan

  private enum CodingKeys: String, CodingKey {
    case apexshPlan = "apexsh_plan"
    case digest, plan
  }

  /// Replaces the file whole or not at all.
  static func write(_ plan: Plan, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let bytes = try encoder.encode(PlanFile(apexshPlan: form, digest: plan.digest, plan: plan))
    try OwnFile.replace(path, with: [UInt8](bytes) + [0x0A])
  }

  static func read(_ path: String) throws -> Plan {
    let name = OutputText.visible(path)
    let bytes = try InputFile.read(path, limit: sizeLimit)
    struct Form: Decodable { let apexsh_plan: Int }
    let decoder = JSONDecoder()
    guard let form = try? decoder.decode(Form.self, from: Data(bytes)) else {
      throw CommandError(.unusableInput, "\(name): not a plan; make one by: transfer … --dry-run --plan-out FILE")
    }
    guard form.apexsh_plan == PlanFile.form else {
      throw CommandError(
        .unusableInput, "\(name): a plan of form \(form.apexsh_plan), this apexsh knows \(PlanFile.form); plan anew")
    }
    guard let file = try? decoder.decode(PlanFile.self, from: Data(bytes)) else {
      throw CommandError(.unusableInput, "\(name): a plan that is cut short or damaged; plan anew")
    }
    guard file.plan.digest == file.digest else {
      throw CommandError(
        .unusableInput, "\(name): the plan is not the one that was written (digest \(file.digest)); plan anew")
    }
    return file.plan
  }
}
