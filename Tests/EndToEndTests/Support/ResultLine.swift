import Foundation

/// One line that `transfer --format json` prints: an agent's, or the summary.
struct ResultLine: Decodable, Sendable {
  var run: Int
  var agent: String?
  var outcome: String?
  var cause: String?
  var protected: Bool?
  var detail: String?
  var attempts: Int?
  var seconds: Double?
  var summary: [String: Int]?

  static func all(_ lines: [String]) throws -> [ResultLine] {
    try lines.map { try JSONDecoder().decode(ResultLine.self, from: Data($0.utf8)) }
  }
}
