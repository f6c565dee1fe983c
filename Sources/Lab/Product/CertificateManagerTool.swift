import Remote

/// `CertificateManager.exe -l FULLPATH`, run in its own folder: writes the list of agents that hold another
/// certificate. The list's form is documented nowhere; this one has the columns that other lists of the product have.
enum CertificateManagerTool {
  /// Agents that it writes in a second.
  private static let rate = 25_000.0
  private static let header =
    "Computer Name,IP Address,Domain,GUID,Version,Platform,Connection Status\r\n"

  static func run(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    let folder = WindowsPath(ProductNames.serverFolder).appending("Admin").appending("Utility")
      .appending("CertificateManager")
    guard call.folder?.text.lowercased() == folder.text.lowercased() else {
      return .failure("The configuration file could not be opened.\r\n")
    }
    guard call.arguments.count == 2, call.arguments[0].lowercased() == "-l",
      call.arguments[1].dropFirst().hasPrefix(":\\")
    else { return .failure("Usage: CertificateManager.exe -l <CSV path>\r\n") }
    let target = call.path(call.arguments[1])
    guard (try? call.machine.write(Array(header.utf8), to: target, at: call.process.date)) != nil
    else {
      return .failure("The file could not be written.\r\n", exitCode: 2)
    }
    try await call.process.pause(1.5)
    let rows = call.fleet.mismatchedRows(at: call.process.date)
    let steps = 4
    for step in 1...steps {
      try await call.process.pause(max(0.3, Double(call.fleet.count) / rate / Double(steps)))
      // Cut anywhere: a reader that comes too early sees half a line.
      let part = step == steps ? rows[...] : rows.prefix(rows.count * step / steps)
      guard
        (try? call.machine.write(Array(header.utf8) + part, to: target, at: call.process.date))
          != nil
      else {
        return .failure("The file could not be written.\r\n", exitCode: 2)
      }
    }
    return .success("")
  }
}
