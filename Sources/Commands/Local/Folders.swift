#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Our own two folders. They are made when first needed, for us alone; one that is somebody else's, or a link, is refused.
package struct Folders: Sendable, Hashable {
  /// Journal, history, caches.
  package let state: String
  /// Saved contexts, `tool-results`, known hosts of our own.
  package let config: String

  package init(state: String, config: String) {
    self.state = state
    self.config = config
  }

  /// Options win over our own variables, those over the XDG ones, those over the home folder.
  package static func resolve(state: String?, config: String?) throws(CommandError) -> Folders {
    Folders(
      state: try place(state, "APEXSH_STATE_DIR", "XDG_STATE_HOME", ".local/state", option: "--state-dir"),
      config: try place(config, "APEXSH_CONFIG_DIR", "XDG_CONFIG_HOME", ".config", option: "--config-dir"))
  }

  private static func place(
    _ given: String?, _ own: String, _ xdg: String, _ homeFolder: String, option: String
  ) throws(CommandError) -> String {
    if let given { return given }
    if let folder = variable(own) { return folder }
    if let folder = variable(xdg), folder.hasPrefix("/") { return folder + "/apexsh" }
    if let home = variable("HOME") { return home + "/" + homeFolder + "/apexsh" }
    throw CommandError(.ownFiles, "no HOME to keep apexsh's files in; give \(option) FOLDER")
  }

  /// A variable that is set and not empty.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The state folder, made and checked.
  package func readyState() throws(CommandError) -> String { try Folders.ready(state) }
  /// The config folder, made and checked.
  package func readyConfig() throws(CommandError) -> String { try Folders.ready(config) }
  /// A folder inside one of ours, made and checked with it.
  package func readyContexts() throws(CommandError) -> String { try Folders.ready(try readyConfig() + "/contexts") }

  /// Makes `folder` (0700) where it is missing, and its parents; checks that it is a folder, ours, and closed to others.
  package static func ready(_ folder: String) throws(CommandError) -> String {
    if access(folder, F_OK) != 0 { try make(folder) }
    var status = stat()
    let name = OutputText.visible(folder)
    guard lstat(folder, &status) == 0 else {
      throw CommandError(.ownFiles, "can't look at the folder \(name): \(LocalPath.errorText())")
    }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      throw CommandError(.ownFiles, "the folder \(name) is a link; name the folder itself, or remove the link")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw CommandError(.ownFiles, "\(name) is not a folder") }
    guard status.st_uid == geteuid() else {
      throw CommandError(.ownFiles, "the folder \(name) belongs to somebody else; use --state-dir or --config-dir")
    }
    if status.st_mode & 0o077 != 0 && chmod(folder, 0o700) != 0 {
      throw CommandError(.ownFiles, "can't close the folder \(name) to others: \(LocalPath.errorText())")
    }
    return folder
  }

  private static func make(_ folder: String) throws(CommandError) {
    var made = folder.hasPrefix("/") ? "" : "."
    for part in folder.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      // A parent that can't be made again may well be there (a read-only file system, an automounter).
      if access(made, F_OK) == 0 { continue }
      throw CommandError(.ownFiles, "can't make the folder \(OutputText.visible(made)): \(LocalPath.errorText())")
    }
  }
}
