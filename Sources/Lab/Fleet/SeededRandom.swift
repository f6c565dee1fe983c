/// Numbers that follow from a seed and what they are for, not from the order in which they are asked: an agent that is
/// touched first is the same as one that is touched last.
struct SeededRandom: Sendable {
  /// Independent uses of one agent's randomness.
  enum Purpose: UInt64 {
    case guid = 1
    case guidTail, machine, platform, latency, tool, settle, pid, fault, variant, key, noise, port
  }

  let seed: UInt64

  /// A number for `index` (an agent's place in the fleet) and one purpose.
  func number(_ index: Int, _ purpose: Purpose) -> UInt64 {
    SeededRandom.mix(
      SeededRandom.mix(seed ^ (purpose.rawValue &* 0x9E37_79B9_7F4A_7C15))
        &+ UInt64(bitPattern: Int64(index)))
  }

  /// Between 0 and 1.
  func fraction(_ index: Int, _ purpose: Purpose) -> Double {
    Double(number(index, purpose) >> 11) / Double(UInt64(1) << 53)
  }

  /// `count` bytes for one purpose.
  func bytes(_ count: Int, _ purpose: Purpose, from start: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number(start + $0, purpose) >> 24) }
  }

  /// The finishing step of SplitMix64: every bit of the result depends on every bit of `value`.
  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Where `position` of 0..<count lands when those numbers are shuffled: a bijection, in constant time and memory.
  /// Four Feistel rounds over the next even number of bits, walked on until inside the range.
  func shuffled(_ position: Int, of count: Int) -> Int {
    let half = max(1, (Int.bitWidth - max(1, count - 1).leadingZeroBitCount + 1) / 2)
    let mask = (UInt64(1) << UInt64(half)) - 1
    var value = UInt64(position)
    repeat {
      var left = value >> UInt64(half)
      var right = value & mask
      for round in 0..<UInt64(4) {
        (left, right) = (right, left ^ (SeededRandom.mix(right ^ seed ^ (round << 56)) & mask))
      }
      value = left << UInt64(half) | right
    } while value >= UInt64(count)
    return Int(value)
  }
}
