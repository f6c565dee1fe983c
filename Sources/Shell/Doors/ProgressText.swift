import Commands
import Runs

/// How far a work is, in one line: `repairing  1,204/4,211  28%  12/s  4m left  3 unreachable`.
enum ProgressText {
  static func of(_ snapshot: ProgressSnapshot) -> String {
    var parts = [snapshot.label]
    let seconds = Double(snapshot.elapsed.components.seconds) + Double(snapshot.elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Double(snapshot.done - snapshot.earlier) / seconds : 0
    if let total = snapshot.total {
      parts.append("\(grouped(snapshot.done))/\(grouped(total))")
      if total > 0 { parts.append("\(snapshot.done * 100 / total)%") }
    } else {
      parts.append(grouped(snapshot.done))
    }
    if rate > 0 {
      parts.append(rate >= 10 ? "\(grouped(Int(clamping: rate)))/s" : "\(Double(Int(clamping: rate * 10)) / 10)/s")
    }
    if let total = snapshot.total, rate > 0, total > snapshot.done {
      parts.append(left(Double(total - snapshot.done) / rate) + " left")
    }
    if let detail = snapshot.detail { parts.append(detail) }
    return parts.joined(separator: "  ")
  }

  /// `1,204`
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  private static func left(_ seconds: Double) -> String {
    let seconds = Int(clamping: min(seconds, 8_640_000).rounded(.up))
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3_600 { return "\(seconds / 60)m \(seconds % 60)s" }
    return "\(seconds / 3_600)h \(seconds % 3_600 / 60)m"
  }
}
