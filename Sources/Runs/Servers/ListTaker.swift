package import ApexOne
package import Remote

/// Has the server list its mismatched agents: runs `CertificateManager.exe -l` with a path in a folder of ours, waits
/// until the file is whole, fetches it, and removes what is ours.
package struct ListTaker: Sendable {
  package struct Taken: Sendable {
    /// The file as the tool wrote it.
    package var bytes: [UInt8]
    package var command: String
    package var exitCode: UInt32?
  }

  /// Bytes of a list that are accepted: some 200 a row for a million agents.
  package static let sizeLimit = 256 << 20
  /// A list that has not grown for this long, with its tool ended, is whole.
  private static let quiet = Duration.seconds(2)
  /// A file that the tool has not begun this long after its own end never comes.
  private static let patience = Duration.seconds(20)

  private let host: any Host
  private let layout: ServerLayout
  private let clock: any Timekeeper
  private let limit: Duration

  package init(host: any Host, layout: ServerLayout, clock: any Timekeeper, limit: Duration) {
    self.host = host
    self.layout = layout
    self.clock = clock
    self.limit = limit
  }

  /// `progress` is told the bytes written so far, about once a second; `leftBehind`, what could not be removed from the
  /// server, whatever became of the list.
  package func take(
    progress: @escaping @Sendable (Int) -> Void, leftBehind: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(ServerError) -> Taken {
    let late = RemoteError(
      .timedOut,
      "CertificateManager.exe was not ready after \(Int(limit.seconds)) s; raise timeout-list, or give its file by --from"
    )
    do throws(RemoteError) {
      return try await host.cutting(after: limit, on: clock, grace: .milliseconds(300), late: late) {
        () throws(RemoteError) in try await takeAll(progress, leftBehind)
      }
    } catch {
      throw ServerError(error, doing: "listing mismatched agents")
    }
  }

  private func takeAll(
    _ progress: @escaping @Sendable (Int) -> Void, _ leftBehind: @Sendable (String) -> Void
  ) async throws(RemoteError) -> Taken {
    let root = try await EndpointLook.systemRoot(host)
    let folder = Staging(systemRoot: root).folder
    try await host.makeFolder(folder)
    let file = folder.appending("mismatched.csv")
    var result: Result<Taken, RemoteError>
    do throws(RemoteError) {
      result = .success(try await take(into: file, progress))
    } catch {
      result = .failure(error)
    }
    if let leftover = await remove(file, folder) { leftBehind(leftover) }
    return try result.get()
  }

  private func take(
    into file: WindowsPath, _ progress: @escaping @Sendable (Int) -> Void
  ) async throws(RemoteError) -> Taken {
    let arguments: [ToolArgument]
    do {
      arguments = try CertificateManagerArguments.list(to: file.text, product: layout.product ?? .apexOne)
    } catch {
      throw RemoteError(.unsupported, error.description)
    }
    let command = RemoteCommand(
      layout.certificateManager, arguments.map { RemoteArgument.plain($0.masked) },
      in: WindowsPath(layout.certificateManagerFolder))
    let result = try await host.run(command)
    try check(result)
    try await waitUntilWhole(file, result, progress)
    return Taken(bytes: try await fetch(file), command: command.masked, exitCode: result.exitCode)
  }

  /// Its exit codes are documented nowhere, so only what Windows itself says of a program that can't run counts.
  private func check(_ result: CommandResult) throws(RemoteError) {
    let text = String(decoding: (result.errors + result.output).prefix(300), as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: " ")
    switch result.exitCode {
    case 5:
      throw RemoteError(
        .accessDenied, "CertificateManager.exe ended with 5 (access denied): run it as an administrator")
    case 9009, 2, 3:
      throw RemoteError(.notFound, "\(layout.shown(layout.certificateManager)) could not be run: \(text)")
    case nil:
      throw RemoteError(
        .dropped, "CertificateManager.exe ended without an exit code\(result.signal.map { " (\($0))" } ?? "")")
    default: return
    }
  }

  private func waitUntilWhole(
    _ file: WindowsPath, _ result: CommandResult, _ progress: @Sendable (Int) -> Void
  ) async throws(RemoteError) {
    let started = clock.now
    var last: (size: UInt64, since: Duration)?
    while true {
      let size = try await size(file)
      progress(Int(clamping: size ?? 0))
      if let size {
        if size > UInt64(ListTaker.sizeLimit) {
          throw RemoteError(.tooLarge, "the list is over \(ListTaker.sizeLimit) bytes")
        }
        if let known = last, known.size == size {
          // A file without a byte may still be waited for: nothing says that it is meant.
          let needed = size == 0 ? ListTaker.patience : ListTaker.quiet
          if clock.now - known.since >= needed { return }
        } else {
          last = (size, clock.now)
        }
      } else if clock.now - started >= ListTaker.patience {
        let text = String(decoding: (result.output + result.errors).prefix(300), as: UTF8.self)
        let code = result.exitCode.map { "\($0)" } ?? "none"
        throw RemoteError(.notFound, "CertificateManager.exe ended (exit code \(code)) and wrote no list: \(text)")
      }
      do { try await clock.sleep(for: .seconds(1)) } catch { throw RemoteError(.dropped, "interrupted") }
    }
  }

  private func size(_ file: WindowsPath) async throws(RemoteError) -> UInt64? {
    guard let parent = file.parent else { return nil }
    return try await host.list(parent).first { $0.name.lowercased() == file.name.lowercased() }.map { $0.size ?? 0 }
  }

  private func fetch(_ file: WindowsPath) async throws(RemoteError) -> [UInt8] {
    try await host.get(file, limit: ListTaker.sizeLimit)
  }

  private func remove(_ file: WindowsPath, _ folder: WindowsPath) async -> String? {
    do {
      do { try await host.removeFile(file) } catch { if error.kind != .notFound { throw error } }
      try await host.removeFolder(folder)
      return nil
    } catch {
      return "left behind on the server: \(folder)"
    }
  }
}
