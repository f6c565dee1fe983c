/// Folds names back to a selection: `WS-[001-120,200],SRV01`. What it gives, parsed and evaluated, is the same names.
package enum NameFolding {
  /// - Returns: groups in the order of their first names, numbers rising, padding kept; empty for no names.
  package static func fold(_ names: some Sequence<AgentName>) -> String {
    var groups: [Group] = []
    var places: [GroupKey: Int] = [:]
    var seen: Set<String> = []
    for name in names where seen.insert(name.key).inserted {
      let parts = split(name)
      guard let place = places[parts.key] else {
        places[parts.key] = groups.count
        groups.append(Group(name: name, prefix: parts.prefix, suffix: parts.suffix, digits: [parts.digits]))
        continue
      }
      groups[place].digits.append(parts.digits)
    }
    return groups.map(text).joined(separator: ",")
  }

  private struct GroupKey: Hashable {
    let prefix: String
    let suffix: String
    let isNumbered: Bool
  }

  private struct Group {
    let name: AgentName
    let prefix: String
    let suffix: String
    var digits: [String]
  }

  private typealias Parts = (key: GroupKey, prefix: String, digits: String, suffix: String)

  /// A name around the last number of its first part: what differs among machines of one kind.
  private static func split(_ name: AgentName) -> Parts {
    let text = Array(name.text.utf8)
    let label = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    let end = text[..<label].lastIndex { isDigit($0) }.map { $0 + 1 } ?? 0
    let start = text[..<end].lastIndex { !isDigit($0) }.map { $0 + 1 } ?? 0
    guard end > start, end - start <= NumberRange.mostDigits else {
      return (GroupKey(prefix: name.key, suffix: "", isNumbered: false), name.text, "", "")
    }
    let prefix = String(decoding: text[..<start], as: UTF8.self)
    let suffix = String(decoding: text[end...], as: UTF8.self)
    let key = GroupKey(
      prefix: AgentName.key(of: prefix), suffix: AgentName.key(of: suffix), isNumbered: true)
    return (key, prefix, String(decoding: text[start..<end], as: UTF8.self), suffix)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func text(_ group: Group) -> String {
    if group.digits.count == 1 { return group.name.key == "all" ? "\"\(group.name.text)\"" : group.name.text }
    let digits = group.digits.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    var words: [String] = []
    var ranges: [String] = []
    var total = 0
    var start = 0
    while start < digits.count {
      let end = endOfRange(digits, from: start)
      // Together they may stand for no more names than a pattern may.
      if total + end - start > NamePattern.mostNames {
        words.append("\(group.prefix)[\(ranges.joined(separator: ","))]\(group.suffix)")
        (ranges, total) = ([], 0)
      }
      ranges.append(end - start == 1 ? digits[start] : "\(digits[start])-\(digits[end - 1])")
      total += end - start
      start = end
    }
    words.append("\(group.prefix)[\(ranges.joined(separator: ","))]\(group.suffix)")
    return words.joined(separator: ",")
  }

  /// Where the numbers stop following each other in value and in padding.
  private static func endOfRange(_ digits: [String], from start: Int) -> Int {
    let isPadded = digits[start].utf8.count > 1 && digits[start].utf8.first == UInt8(ascii: "0")
    guard let low = Int(digits[start]) else { return start + 1 }
    let range = NumberRange(low: low, high: low + digits.count, width: isPadded ? digits[start].utf8.count : 1)
    var end = start + 1
    while end < digits.count, end - start < NamePattern.mostNames, digits[end] == range.text(end - start) { end += 1 }
    return end
  }
}

extension NumberRange {
  init(low: Int, high: Int, width: Int) {
    self.low = low
    self.high = high
    self.width = width
  }
}
