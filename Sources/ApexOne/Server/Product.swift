/// Which product, and which generation of it, the server is: decides IpXfer's switches.
package enum Product: String, Sendable, Hashable, CaseIterable, Codable {
  case apexOne = "apex-one"
  case apexOneService = "apex-one-saas"
  case officeScanXG = "officescan-xg"
  case officeScan11 = "officescan-11"
  case officeScan10 = "officescan-10"

  /// As people call it.
  package var title: String {
    switch self {
    case .apexOne: "Apex One"
    case .apexOneService: "Apex One as a Service"
    case .officeScanXG: "OfficeScan XG"
    case .officeScan11: "OfficeScan 11"
    case .officeScan10: "OfficeScan 10"
    }
  }

  /// The customer can run tools in the server's folder.
  package var hasServerFolder: Bool { self != .apexOneService }
}
