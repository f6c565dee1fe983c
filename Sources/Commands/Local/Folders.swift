#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Our own two folders. They are made when first needed, for us alone; one that is somebody else's, a link, or one that
/// others could put another in the place of, is refused; one that others may write is closed to them.
package struct Folders: Sendable, Hashable {
  /// Journal, history, caches.
  package let state: String
  /// Saved contexts, `tool-results`, known hosts of our own.
  package let config: String

  package init(state: String, config: String) {
    self.state = Folders.bare(state)
    self.config = Folders.bare(config)
  }

  /// Without slashes and dots at its end: with them a link would be followed.
  private static func bare(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") || path.hasSuffix("/.") { path = path.dropLast() }
    return String(path)
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
    if let home = LocalPath.home { return home + "/" + homeFolder + "/apexsh" }
    throw CommandError(.ownFiles, "neither HOME nor an account's home to keep apexsh's files in; give \(option) FOLDER")
  }

  /// A variable that is set and not empty.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The state folder, made and checked. `isLooking`: nothing will be written, so one that can't be made, on a full disk
  /// or a read-only file system, is as good as an empty one.
  package func readyState(isLooking: Bool = false) throws(CommandError) -> String {
    if isLooking, try Folders.existing(state) == nil {
      do throws(CommandError) { return try Folders.ready(state) } catch {
        if Folders.isThere(state) { throw error }
        return state
      }
    }
    return try Folders.ready(state)
  }

  /// The config folder, made and checked.
  package func readyConfig() throws(CommandError) -> String { try Folders.ready(config) }
  /// A folder inside one of ours, made and checked with it.
  package func readyContexts() throws(CommandError) -> String { try Folders.ready(try readyConfig() + "/contexts") }

  /// The config folder, checked, for reading; nil where there is none.
  package func existingConfig() throws(CommandError) -> String? { try Folders.existing(config) }
  /// Likewise the folder of saved contexts.
  package func existingContexts() throws(CommandError) -> String? {
    guard let config = try existingConfig() else { return nil }
    return try Folders.existing(config + "/contexts")
  }

  /// Closes those of our folders that others may write and can be closed; a sentence for each. What is refused is said
  /// by whatever needs the folder.
  package func closeToOthers() -> [String] {
    [("state", state), ("config", config), ("config", config + "/contexts")].compactMap { kind, folder in
      var status = stat()
      guard lstat(folder, &status) == 0, Ownership.isWritableByOthers(status), status.st_mode & S_IFMT == S_IFDIR,
        (try? Folders.existing(folder)) != nil
      else { return nil }
      return "the \(kind) folder \(OutputText.visible(folder)) could be written by others; it was closed to them: look "
        + "whether what is in it is yours"
    }
  }

  /// Makes `folder` (0700) where it is missing, and its parents; checks that it is a folder, ours, and closed to others.
  package static func ready(_ folder: String) throws(CommandError) -> String {
    if access(folder, F_OK) != 0 { try make(folder) }
    if let folder = try existing(folder) { return folder }
    throw CommandError(.ownFiles, "the folder \(OutputText.visible(folder)) could not be made")
  }

  /// The same for a folder that is not to be made; nil where it isn't there.
  package static func existing(_ folder: String) throws(CommandError) -> String? {
    var status = stat()
    let name = OutputText.visible(folder)
    guard lstat(folder, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw CommandError(.ownFiles, "can't look at the folder \(name): \(LocalPath.errorText())")
    }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      throw CommandError(.ownFiles, "the folder \(name) is a link; name the folder itself, or remove the link")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw CommandError(.ownFiles, "\(name) is not a folder") }
    guard status.st_uid == geteuid() else {
      throw CommandError(.ownFiles, "the folder \(name) belongs to somebody else; use --state-dir or --config-dir")
    }
    try Ownership.checkParents(of: folder)
    if status.st_mode & 0o077 != 0 { try close(folder, name) }
    return folder
  }

  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// A file system without such rights (a Windows drive) answers that it was done, and one that is read-only can't: what
  /// others can only read is taken then.
  private static func close(_ folder: String, _ name: String) throws(CommandError) {
    let reason = chmod(folder, 0o700) == 0 ? "the file system keeps no such rights" : LocalPath.errorText()
    var status = stat()
    guard lstat(folder, &status) == 0, !Ownership.isWritableByOthers(status) else {
      throw CommandError(.ownFiles, "can't close the folder \(name) to others: \(reason)")
    }
  }

  private static func make(_ folder: String) throws(CommandError) {
    var made = folder.hasPrefix("/") ? "" : "."
    for part in folder.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      let reason = LocalPath.errorText()
      // A parent that can't be made again may well be there (a read-only file system, an automounter).
      if access(made, F_OK) == 0 { continue }
      throw CommandError(.ownFiles, "can't make the folder \(OutputText.visible(made)): \(reason)")
    }
  }
}
