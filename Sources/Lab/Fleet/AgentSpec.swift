/// What one agent of the lab is before anybody touches it: everything follows from the seed and its place in the fleet.
package struct AgentSpec: Sendable {
  /// From 0.
  package let index: Int
  /// `WS-001`, padded to the fleet's width.
  package let name: String
  let random: SeededRandom
  package let fault: Fault

  package enum Architecture: String, Sendable, Codable {
    case x64 = "AMD64"
    case x86 = "x86"
    case arm64 = "ARM64"
  }

  package var architecture: Architecture {
    if fault == .wrongBitness { return .arm64 }
    return random.number(index, .machine) % 10 == 0 ? .x86 : .x64
  }

  package var address: String { AgentSpec.address(of: index) }

  package var domain: String {
    AgentSpec.domains[Int(random.number(index, .platform) >> 8) % AgentSpec.domains.count]
  }

  package var version: String {
    AgentSpec.versions[Int(random.number(index, .machine) >> 8 & 0xFF) % AgentSpec.versions.count]
  }

  package var platform: String {
    AgentSpec.platforms[Int(random.number(index, .platform) & 0xFF) % AgentSpec.platforms.count]
  }

  /// `8-4-4-4-12` lower-case hex digits.
  package var guid: String {
    var digits = String(repeating: "0", count: 0)
    digits.reserveCapacity(36)
    for (place, word) in [random.number(index, .guid), random.number(index, .guidTail)].enumerated() {
      for nibble in 0..<16 {
        if place == 0 && (nibble == 8 || nibble == 12) || place == 1 && (nibble == 0 || nibble == 4) {
          digits.append("-")
        }
        digits.unicodeScalars.append(AgentSpec.hex[Int(word >> UInt64(60 - 4 * nibble) & 15)])
      }
    }
    return digits
  }

  /// Services beside the required two that are installed there.
  var extraServices: [String] {
    let bits = random.number(index, .machine) >> 16
    return (bits % 10 < 7 ? ["TmCCSF"] : []) + (bits >> 8 % 10 < 8 ? ["TMBMServer"] : [])
  }

  /// Seconds that the network and the machine add to each operation.
  var latency: Double {
    let usual = 0.01 + 0.07 * random.fraction(index, .latency)
    return fault == .slow ? usual * 15 : usual
  }

  /// Seconds to connect and log on.
  var connectTime: Double { fault == .slow ? 7 + latency : 0.4 + 25 * latency }

  /// Seconds that IpXfer takes there.
  var toolTime: Double {
    let usual = 8 + 12 * random.fraction(index, .tool)
    return fault == .slow ? usual * 5 : usual
  }

  /// Seconds from the tool's end until the last service runs.
  var settleTime: Double {
    let usual = 2 + 18 * random.fraction(index, .settle)
    return fault == .slow ? usual * 4 : usual
  }

  /// Seconds of lab time from which on the machine is switched on.
  var wakes: Double { fault == .asleep ? 600 + 85_000 * random.fraction(index, .variant) : 0 }

  /// One of two ways in which a fault shows.
  var isOtherVariant: Bool { random.number(index, .variant) & 1 == 1 }

  static func address(of index: Int) -> String {
    "10.\(20 + index / 62_500).\(index / 250 % 250).\(index % 250 + 1)"
  }

  /// The place of the agent that has this address.
  static func index(ofAddress address: String) -> Int? {
    let parts = address.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 4, parts[0] == 10, let high = parts[1], let middle = parts[2],
      let low = parts[3],
      (20...255).contains(high), (0..<250).contains(middle), (1...250).contains(low)
    else { return nil }
    return (high - 20) * 62_500 + middle * 250 + low - 1
  }

  private static let hex = Array("0123456789abcdef".unicodeScalars)
  private static let domains = [
    "Sales", "Sales\\North", "Sales\\South", "Engineering", "Engineering\\Test Bench", "Finance",
    "Production", "Human Resources",
  ]
  private static let versions = ["14.0.12737", "14.0.12737", "14.0.12032", "14.0.11136"]
  private static let platforms = [
    "Windows 11", "Windows 11", "Windows 10", "Windows 10", "Windows Server 2019",
    "Windows Server 2022",
  ]
}
