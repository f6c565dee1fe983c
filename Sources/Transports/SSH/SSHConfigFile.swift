import Foundation
package import Remote

/// A reader of `~/.ssh/config` for the settings that mean something here.
///
/// What can't be honoured and would change where a connection goes, or whom it trusts, is refused with the reason; what
/// merely has no effect is listed in `notes`.
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
  }

  private struct Entry: Sendable {
    var key: String
    var values: [String]
    var line: Int
  }

  private struct Block: Sendable {
    var patterns: [String]
    var entries: [Entry] = []
  }

  private var blocks: [Block] = [Block(patterns: ["*"])]
  private let path: String
  /// Settings without effect here, with their lines.
  package private(set) var notes: [String] = []

  /// `path` is for the words of errors.
  package init(_ text: String, path: String) throws(RemoteError) {
    self.path = path
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      var words = SSHConfigFile.words(String(line))
      guard !words.isEmpty else { continue }
      let key = words.removeFirst().lowercased()
      try take(Entry(key: key, values: words, line: index + 1), rest: SSHConfigFile.rest(String(line)))
    }
  }

  package static func load(_ path: String) throws(RemoteError) -> SSHConfigFile {
    let full = expandingHome(path)
    guard access(full, F_OK) == 0 else { return try SSHConfigFile("", path: path) }
    guard let data = FileManager.default.contents(atPath: full) else {
      throw RemoteError(.local, "\(path) can't be read")
    }
    return try SSHConfigFile(String(decoding: data, as: UTF8.self), path: path)
  }

  private mutating func take(_ entry: Entry, rest: String) throws(RemoteError) {
    guard !entry.values.isEmpty else { throw fault(entry, "\(entry.key) has no value") }
    switch entry.key {
    case "host":
      blocks.append(Block(patterns: entry.values))
    case "match", "include", "canonicalizehostname", "certificatefile", "knownhostscommand", "pkcs11provider",
      "revokedhostkeys":
      throw fault(entry, "\(entry.key) is not supported; put a copy without it into the config folder as ssh_config")
    case "proxycommand":
      blocks[blocks.count - 1].entries.append(Entry(key: entry.key, values: [rest], line: entry.line))
    case "hostname", "user", "identityfile", "proxyjump", "userknownhostsfile", "hostkeyalias", "port",
      "identitiesonly":
      blocks[blocks.count - 1].entries.append(entry)
    default:
      notes.append("\(path) line \(entry.line): \(entry.key) has no effect here")
    }
  }

  private func fault(_ entry: Entry, _ text: String) -> RemoteError {
    RemoteError(.local, "\(path) line \(entry.line): \(text)")
  }

  /// What holds for a host, by the name it was asked for.
  package func settings(for host: String) throws(RemoteError) -> Settings {
    var settings = Settings()
    var only: String?
    for block in blocks where HostPattern.matches(host, block.patterns) {
      for entry in block.entries {
        if entry.key == "identitiesonly" { only = only ?? entry.values[0].lowercased() }
        try apply(entry, to: &settings)
      }
    }
    settings.identitiesOnly = only == "yes"
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
    case "proxycommand": if settings.proxyJump == nil { settings.proxyCommand = settings.proxyCommand ?? value }
    case "proxyjump": if settings.proxyCommand == nil { settings.proxyJump = settings.proxyJump ?? value }
    case "userknownhostsfile": settings.userKnownHostsFiles = settings.userKnownHostsFiles ?? entry.values
    case "hostkeyalias": settings.hostKeyAlias = settings.hostKeyAlias ?? value
    case "port":
      guard let port = UInt16(value), port > 0 else { throw fault(entry, "\(value) is not a port") }
      settings.port = settings.port ?? port
    default: break
    }
  }

  /// The words of a line: separated by blanks or one `=`, quoted by `"`; none of a comment.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var hasWord = false
    for character in line.trimmingCharacters(in: .whitespaces) {
      if character == "#", !isQuoted, !hasWord { break }
      if character == "\"" {
        isQuoted.toggle()
        hasWord = true
      } else if !isQuoted, character == " " || character == "\t" || (character == "=" && words.count < 1) {
        if hasWord { words.append(word) }
        (word, hasWord) = ("", false)
      } else {
        word.append(character)
        hasWord = true
      }
    }
    if hasWord { words.append(word) }
    return words
  }

  /// All after the key, as it stands: a proxy command is a shell's line.
  private static func rest(_ line: String) -> String {
    let line = line.trimmingCharacters(in: .whitespaces)
    let value = line.drop { $0 != " " && $0 != "\t" && $0 != "=" }
    let text = value.drop { $0 == " " || $0 == "\t" }
    let body = text.first == "=" ? text.dropFirst() : text
    return body.trimmingCharacters(in: .whitespaces)
  }
}

/// `~` is the home folder.
func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/") else { return path }
  return NSHomeDirectory() + path.dropFirst()
}
