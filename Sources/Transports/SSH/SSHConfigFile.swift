import Foundation
import InputText
package import Remote
import Synchronization

/// A reader of `~/.ssh/config` for the settings that mean something here.
///
/// What can't be honoured and would change where a connection goes, or whom it trusts, is refused with the reason, and so
/// is what OpenSSH's client refuses; what merely has no effect is named in `note`.
package struct SSHConfigFile: Sendable {
  /// The settings for one host: the first value counts, identity files add up.
  package struct Settings: Sendable, Hashable {
    package var hostName: String?
    package var port: UInt16?
    package var user: String?
    package var identityFiles: [String] = []
    package var identitiesOnly = false
    package var proxyCommand: String?
    package var proxyJump: String?
    package var userKnownHostsFiles: [String]?
    package var hostKeyAlias: String?
    /// Lines of `Host` that would hold if upper and lower case were one, and do not: as with OpenSSH.
    package var otherCase: [Int] = []
  }

  private struct Entry: Sendable {
    var key: String
    var values: [String]
    var line: Int
  }

  private struct Block: Sendable {
    var patterns: [String]
    var line = 0
    var entries: [Entry] = []
  }

  private var blocks: [Block] = [Block(patterns: ["*"])]
  private let path: String
  /// Patterns of `IgnoreUnknown`; they hold for the lines below, as OpenSSH reads them.
  private var ignored: [String] = []
  /// Settings without effect here, by name, with the line of the first of each.
  private var idle: [(key: String, line: Int)] = []

  /// What has no effect here, in one sentence; nil where everything has.
  package var note: String? {
    guard !idle.isEmpty else { return nil }
    let names = idle.map { "\($0.key) (line \($0.line))" }.joined(separator: ", ")
    return "\(path): no effect here: \(names)".cut(to: 1_000)
  }

  /// `path` is for the words of errors. Throws `.local`, with the line, for whatever OpenSSH's client refuses too: a
  /// misspelt `Host` would have the next machine's settings hold for this one.
  package init(_ text: String, path: String) throws(RemoteError) { try self.init(Array(text.utf8), path: path) }

  package init(_ bytes: [UInt8], path: String) throws(RemoteError) {
    self.path = path
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw fault(1, "it begins with a byte order mark, which ssh refuses too; save it as UTF-8 without one")
    }
    for (index, bytes) in Lines.endedByLF(bytes).enumerated() {
      let line: SSHConfigLine.Reading?
      do throws(SSHConfigLine.Fault) { line = try SSHConfigLine.read(bytes) } catch {
        throw fault(index + 1, error.text)
      }
      if let line { try take(line, at: index + 1) }
    }
  }

  package static func load(_ path: String) throws(RemoteError) -> SSHConfigFile {
    let full = expandingHome(path)
    guard access(full, F_OK) == 0 else { return try SSHConfigFile("", path: path) }
    try checkOwner(full, path)
    return try SSHConfigFile(try PlainFile.read(full, limit: 1 << 20), path: path)
  }

  /// A line in it can name a command to run: it must be nobody else's to write. As OpenSSH.
  private static func checkOwner(_ full: String, _ path: String) throws(RemoteError) {
    var status = stat()
    guard stat(full, &status) == 0 else { return }
    guard status.st_uid == 0 || status.st_uid == geteuid() else {
      throw RemoteError(.local, "\(path) belongs to somebody else; it must be yours: it can name commands to run")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw RemoteError(.local, "\(path) can be written by others; run: chmod go-w \(path)")
    }
  }

  private mutating func take(_ line: SSHConfigLine.Reading, at number: Int) throws(RemoteError) {
    let key = line.key
    guard let keyword = SSHConfigKeyword(key) else {
      if HostPattern.matches(key, ignored), !line.rest.isEmpty { return }
      throw fault(
        number, "unknown word \(line.shownKey); ssh refuses it too; correct it, or name it by IgnoreUnknown above")
    }
    do throws(SSHConfigLine.Fault) { try keyword.check(line) } catch { throw fault(number, error.text) }
    let entry = Entry(key: keyword.name, values: keyword.values(line), line: number)
    switch keyword.use {
    case .block: blocks.append(Block(patterns: line.values, line: number))
    case .honoured: blocks[blocks.count - 1].entries.append(entry)
    case .ignoreUnknown:
      // Under a Host line it holds for some hosts, and a word must be known for all.
      if ignored.isEmpty, blocks[blocks.count - 1].patterns == ["*"] {
        ignored = line.values[0].split(separator: ",").map { $0.lowercased() }
      }
    case .refused(let harmless):
      if let value = line.values.first?.lowercased(), harmless.contains(value) { return }
      throw fault(
        number, "\(key) is not supported; put a copy without it into the config folder as ssh_config")
    case .idle: if !idle.contains(where: { $0.key == key }) { idle.append((key, number)) }
    }
  }

  private func fault(_ line: Int, _ text: String) -> RemoteError {
    RemoteError(.local, "\(path) line \(line): \(text)")
  }

  /// What holds for a host, by the name it was asked for.
  package func settings(for host: String) throws(RemoteError) -> Settings {
    var settings = Settings()
    var only: String?
    for block in blocks {
      guard HostPattern.matches(host, block.patterns, ignoringCase: false) else {
        if HostPattern.matches(host, block.patterns) { settings.otherCase.append(block.line) }
        continue
      }
      for entry in block.entries {
        if entry.key == "identitiesonly" { only = only ?? entry.values[0].lowercased() }
        try apply(entry, to: &settings)
      }
    }
    settings.identitiesOnly = only == "yes" || only == "true"
    if settings.proxyCommand?.lowercased() == "none" { settings.proxyCommand = nil }
    if settings.proxyJump?.lowercased() == "none" { settings.proxyJump = nil }
    return settings
  }

  private func apply(_ entry: Entry, to settings: inout Settings) throws(RemoteError) {
    let value = entry.values[0]
    switch entry.key {
    case "hostname": settings.hostName = settings.hostName ?? value
    case "user": settings.user = settings.user ?? value
    case "identityfile": settings.identityFiles.append(value)
    case "proxycommand":
      if settings.proxyJump.map({ $0.lowercased() == "none" }) ?? true {
        settings.proxyCommand = settings.proxyCommand ?? value
      }
    case "proxyjump": if settings.proxyCommand == nil { settings.proxyJump = settings.proxyJump ?? value }
    case "userknownhostsfile":
      settings.userKnownHostsFiles = settings.userKnownHostsFiles ?? entry.values.filter { $0.lowercased() != "none" }
    case "hostkeyalias": settings.hostKeyAlias = settings.hostKeyAlias ?? value
    case "port": settings.port = settings.port ?? SSHConfigKeyword.port(value)
    default: break
    }
  }
}

/// `~` is the home folder.
func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/") else { return path }
  return NSHomeDirectory() + path.dropFirst()
}

/// Reads each configuration file once: a run's connections all follow the same one, however it is edited meanwhile.
final class SSHConfigCache: Sendable {
  private let files = Mutex<[String: Result<SSHConfigFile, RemoteError>]>([:])

  func file(_ path: String) throws(RemoteError) -> SSHConfigFile {
    let result = files.withLock { files in
      if let known = files[path] { return known }
      let result: Result<SSHConfigFile, RemoteError>
      do throws(RemoteError) { result = .success(try SSHConfigFile.load(path)) } catch { result = .failure(error) }
      files[path] = result
      return result
    }
    return try result.get()
  }
}
