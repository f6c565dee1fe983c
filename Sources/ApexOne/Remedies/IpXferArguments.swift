/// IpXfer's command line by product version: values in, arguments out, nothing run.
///
/// The vendor's article prints some switches with an en dash; here every switch is plain ASCII. What was checked can't
/// be taken for a switch: no value begins with a dash. The password is a marker that whoever runs the tool fills in.
package struct IpXferArguments: Sendable, Hashable {
  package var product: Product
  /// What the agent shall call the server.
  package var server: String
  package var httpPort: Int
  /// Needed by every product but `officescan-11`.
  package var httpsPort: Int?
  package var agentPort: Int
  /// Full path of the certificate on the endpoint.
  package var certificatePath: String
  /// Agents have an unload password, and it is known.
  package var hasUnloadPassword: Bool

  package init(
    product: Product, server: String, httpPort: Int, httpsPort: Int?, agentPort: Int, certificatePath: String,
    hasUnloadPassword: Bool
  ) {
    self.product = product
    self.server = server
    self.httpPort = httpPort
    self.httpsPort = httpsPort
    self.agentPort = agentPort
    self.certificatePath = certificatePath
    self.hasUnloadPassword = hasUnloadPassword
  }

  package func list() throws(RemedyError) -> [ToolArgument] {
    try IpXferArguments.check(product, hasUnloadPassword: hasUnloadPassword)
    if let problem = ServerName.problem(with: server) {
      throw RemedyError(.setting, "server-name \(problem); set server-name to a host name or an address")
    }
    var list: [ToolArgument] = [.text("-s"), .text(server)]
    list += [.text("-p"), .text(try IpXferArguments.port(httpPort, "http-port"))]
    if product != .officeScan11 {
      guard let httpsPort else {
        throw RemedyError(.setting, "https-port is not known; set https-port, or connect to read it from the server")
      }
      list += [.text("-sp"), .text(try IpXferArguments.port(httpsPort, "https-port"))]
    }
    list += [.text("-c"), .text(try IpXferArguments.port(agentPort, "agent-port"))]
    guard WindowsFullPath.isValid(certificatePath) else {
      throw RemedyError(.setting, "the certificate's place on the endpoint is no full Windows path")
    }
    list += [.text("-e"), .text(certificatePath)]
    if hasUnloadPassword { list += [.text("-pwd"), .unloadPassword] }
    return list
  }

  /// Can this product's IpXfer deploy a certificate at all? To be asked while planning, before anything else.
  package static func check(_ product: Product, hasUnloadPassword: Bool) throws(RemedyError) {
    switch product {
    case .apexOne, .apexOneService, .officeScanXG: return
    case .officeScan11:
      // The article prints -p twice for it, first for the port, then for the password: a slip or the truth, unknown.
      if hasUnloadPassword {
        throw RemedyError(
          .product,
          "IpXfer of OfficeScan 11 takes the unload password by a switch that is not known for sure; "
            + "take the unload password off the agents in the console, or use reinstall")
      }
    case .officeScan10:
      throw RemedyError(
        .product, "IpXfer of OfficeScan 10 takes no certificate, so a transfer repairs none; use reinstall")
    }
  }

  private static func port(_ number: Int, _ setting: String) throws(RemedyError) -> String {
    guard (1...65_535).contains(number) else {
      throw RemedyError(.setting, "\(setting) is \(number); it must be from 1 to 65535")
    }
    return String(number)
  }
}

/// The form of a full path on a Windows machine, where it becomes an argument.
package enum WindowsFullPath {
  /// `C:\…` or `\\server\share\…`, without a character that no Windows file name has, and without `.` and `..`.
  package static func isValid(_ path: String) -> Bool {
    if let isValid = isValidOnDrive(path) { return isValid }
    let bytes = Array(path.utf8)
    guard bytes.count >= 4, bytes.count <= 4_096 else { return false }
    let rest: Substring
    if bytes[1] == UInt8(ascii: ":"), bytes[2] == UInt8(ascii: "\\"), isLetter(bytes[0]) {
      rest = path.dropFirst(3)
    } else if path.hasPrefix("\\\\"), bytes[2] != UInt8(ascii: "\\") {
      rest = path.dropFirst(2)
    } else {
      return false
    }
    guard !rest.unicodeScalars.contains(where: { $0.value < 32 || "\"<>|?*:/".unicodeScalars.contains($0) }) else {
      return false
    }
    return rest.split(separator: "\\", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
    }
  }

  /// The same for what nearly every path is, ASCII on a drive, told without looking at characters; nil for another.
  private static func isValidOnDrive(_ path: String) -> Bool? {
    let bytes = path.utf8
    guard (4...4_096).contains(bytes.count), isLetter(bytes[bytes.startIndex]),
      bytes.dropFirst().starts(with: ":\\".utf8)
    else { return nil }
    var (length, dots) = (0, 0)
    for byte in bytes.dropFirst(3) {
      switch byte {
      case 128...: return nil
      case UInt8(ascii: "\\"):
        if length == 0 || length <= 2 && dots == length { return false }
        (length, dots) = (0, 0)
      case 0..<32, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "?"),
        UInt8(ascii: "*"), UInt8(ascii: ":"), UInt8(ascii: "/"):
        return false
      default:
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return length > 2 || length > dots
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
