/// IpXfer's programs, and what of its folder goes to an endpoint.
package enum IpXferTool {
  package static let program32 = "IpXfer.exe"
  package static let program64 = "IpXfer_x64.exe"

  /// The program that runs on such a machine.
  package static func program(for architecture: EndpointArchitecture) throws(RemedyError) -> String {
    switch architecture {
    case .x86: program32
    case .x64: program64
    case .other(let name): throw RemedyError(.machine, "the machine is \(name); IpXfer exists for x86 and x64 only")
    }
  }

  /// The file names of the server's IpXfer folder to put on such a machine: all but the other bitness' program, and
  /// but a certificate that lies there, since the one to deploy has that name.
  package static func filesToStage(
    of names: [String], for architecture: EndpointArchitecture
  ) throws(RemedyError) -> [String] {
    let own = try program(for: architecture)
    let other = own == program32 ? program64 : program32
    if let strange = names.first(where: { !isPlainFileName($0) }) {
      throw RemedyError(.tool, "the server's IpXfer folder lists \(strange.debugDescription), which is no file name")
    }
    guard names.contains(where: { isSame($0, own) }) else {
      throw RemedyError(.tool, "the server's IpXfer folder holds no \(own); see: check server")
    }
    return names.filter { !isSame($0, other) && !isSame($0, ServerLayout.certificateName) }.sorted()
  }

  /// The program as the folder spells it.
  package static func isProgram(_ name: String) -> Bool { isSame(name, program32) || isSame(name, program64) }

  private static func isSame(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }

  /// A name that stays in its folder on either system.
  static func isPlainFileName(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 255, name != ".", name != "..", !name.hasPrefix("-") else { return false }
    if name.hasSuffix(".") || name.hasSuffix(" ") { return false }
    return !name.unicodeScalars.contains { $0.value < 32 || "\\/:*?\"<>|".unicodeScalars.contains($0) }
  }
}
