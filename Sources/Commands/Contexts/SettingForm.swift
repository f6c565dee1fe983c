package import ApexOne
import Runs

/// The grammar of a setting's value.
package enum SettingForm: Sendable, Hashable {
  case text, path, serverAddress, serverName, serverNames, port, transportChain
  case oneOf([String])
  /// `of`: what is counted.
  case number(ClosedRange<Int>, of: String)
  /// `of`: what a percentage is of.
  case budget(of: String)
  case waves, yesOrNo
  /// `from`: the shortest, in seconds.
  case time(from: Int)

  /// Completes `it must be …`.
  package var description: String {
    switch self {
    case .text: "a text without control characters"
    case .path: "the path of a file"
    case .serverAddress: "an address without a password: ssh:// or file:// and a path, or lab:"
    case .serverName: "a host name, or an IP address without a zone"
    case .serverNames: "host names and IP addresses joined by ,"
    case .port: "a port from 1 to 65535"
    case .transportChain: "ssh, ssh://{agent}.contoso.local:22 or lab, joined by ,"
    case .oneOf(let words): "one of " + words.joined(separator: ", ")
    case .number(let range, let unit): "a number of \(unit) from \(range.lowerBound) to \(range.upperBound)"
    case .budget(let whole): "a number of agents, or a percentage of \(whole) from 0% to 100%"
    case .waves:
      "at most 32 numbers of agents from 1 and percentages of the plan from 1% to 100%, joined by ,: 1,20,10%,100%"
    case .time(let least):
      "a time from \(least)s to \(DurationText.format(DurationText.longest)): 15s, 5m, 2h, 3d, or a number of seconds"
        + (least == 0 ? "; 0 for none" : "")
    case .yesOrNo: "yes or no"
    }
  }

  /// Values that can be offered at Tab.
  package var words: [String] {
    switch self {
    case .oneOf(let words): words
    case .yesOrNo: ["yes", "no"]
    default: []
    }
  }

  /// The value in its standard spelling, or nil where it has not this form. What is wrong with an address is said.
  package func canonical(_ text: String) throws(AddressError) -> String? {
    guard !text.isEmpty, text.unicodeScalars.allSatisfy({ !OutputText.isHidden($0) }) else { return nil }
    switch self {
    case .text, .path: return text
    case .serverAddress:
      _ = try NotThereYet.address(text)
      return text
    case .serverName: return ServerName.canonical(text)
    case .serverNames:
      let names = text.split(separator: ",", omittingEmptySubsequences: false).map { ServerName.canonical(String($0)) }
      return names.contains(nil) ? nil : names.compactMap(\.self).joined(separator: ",")
    case .port: return whole(text, in: 1...65_535)
    case .transportChain:
      let chain = try TransportChain(text)
      try NotThereYet.check(chain)
      return chain.text
    case .oneOf(let words): return words.first { $0 == text.lowercased() }
    case .number(let range, _): return whole(text, in: range)
    case .budget: return Budget(text)?.description
    case .waves: return WaveSizes(text)?.description
    case .time(let least):
      return DurationText.parse(text).flatMap { $0 < .seconds(least) ? nil : DurationText.format($0) }
    case .yesOrNo: return Self.truth[text.lowercased()]
    }
  }

  private static let truth = ["yes": "yes", "on": "yes", "true": "yes", "no": "no", "off": "no", "false": "no"]

  private func whole(_ text: String, in range: ClosedRange<Int>) -> String? {
    guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let value = Int(text), range.contains(value) else {
      return nil
    }
    return String(value)
  }
}
