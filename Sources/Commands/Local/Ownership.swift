#if canImport(Glibc)
  import Glibc
  private typealias GroupEntry = Glibc.group
#else
  import Darwin
  private typealias GroupEntry = Darwin.group
#endif

/// Whether what is ours is ours alone: who owns a file or folder, who else may write it, and who could put another in its
/// place. What apexsh keeps for itself names machines, keys to be trusted and commands to be run.
enum Ownership {
  /// We ourselves, root, or whoever owns the root folder (in a user namespace that is not 0).
  static func isTrusted(_ owner: uid_t) -> Bool { owner == geteuid() || owner == 0 || owner == rootOwner }

  private static let rootOwner: uid_t = {
    var status = stat()
    return stat("/", &status) == 0 ? status.st_uid : 0
  }()

  /// Others than its owner may write it. A group that holds nobody but us doesn't count: many systems give each account
  /// one, and a umask of 002 with it.
  static func isWritableByOthers(_ status: stat) -> Bool {
    if status.st_mode & 0o002 != 0 { return true }
    return status.st_mode & 0o020 != 0 && !isOurOwn(group: status.st_gid)
  }

  /// A group of our account's name without further members.
  private static func isOurOwn(group: gid_t) -> Bool {
    guard let name = Account.current?.name else { return false }
    var entry = GroupEntry()
    var found: UnsafeMutablePointer<GroupEntry>?
    var buffer = [CChar](repeating: 0, count: 65_536)
    guard getgrgid_r(group, &entry, &buffer, buffer.count, &found) == 0, found != nil,
      String(cString: entry.gr_name) == name
    else { return false }
    var member = entry.gr_mem
    while let text = member?.pointee {
      if String(cString: text) != name { return false }
      member = member?.successor()
    }
    return true
  }

  /// Throws where somebody else could put another folder in the place of this one: a folder on the way to it, or a link,
  /// is theirs, or may be written by them (one that is sticky, such as /tmp, may: what is in it stays its owner's).
  static func checkParents(of folder: String) throws(CommandError) {
    let name = OutputText.visible(folder)
    var rest = Array(parts(LocalPath.absolute(folder)).reversed())
    var (place, links) = ("", 0)
    try check("/", of: name)
    while let part = rest.popLast() {
      if part == "." { continue }
      if part == ".." {
        place = String(place.prefix(upTo: place.lastIndex(of: "/") ?? place.startIndex))
        continue
      }
      let next = place + "/" + part
      var status = stat()
      // The folder itself is looked at by whoever uses it; what isn't there yet will be made by us.
      guard !rest.isEmpty, lstat(next, &status) == 0 else { return }
      guard status.st_mode & S_IFMT == S_IFLNK else {
        place = next
        try check(place, of: name)
        continue
      }
      links += 1
      guard links <= 40, let target = LocalPath.target(ofLink: next) else {
        throw CommandError(.ownFiles, "the folder \(name) can't be reached: \(OutputText.visible(next)) leads nowhere")
      }
      guard isTrusted(status.st_uid) else { throw refusal(name, next, "belongs to somebody else") }
      if target.hasPrefix("/") { place = "" }
      rest += parts(target).reversed()
    }
  }

  private static func parts(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  private static func check(_ parent: String, of name: String) throws(CommandError) {
    var status = stat()
    guard lstat(parent, &status) == 0 else { return }
    guard isTrusted(status.st_uid) else { throw refusal(name, parent, "belongs to somebody else") }
    if isWritableByOthers(status), status.st_mode & mode_t(S_ISVTX) == 0 {
      throw refusal(name, parent, "can be written by others")
    }
  }

  private static func refusal(_ name: String, _ parent: String, _ what: String) -> CommandError {
    let parent = OutputText.visible(parent)
    return CommandError(
      .ownFiles,
      "the folder \(name) could be replaced by others: \(parent) on the way to it \(what); run chmod go-w \(parent), or use "
        + "another --state-dir or --config-dir")
  }
}

/// The account that we run as, as the system knows it.
package struct Account: Sendable {
  package let name: String
  /// Its home folder; nil where it has none.
  package let home: String?

  /// Nil where the system knows no such account.
  package static let current: Account? = {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 65_536)
    guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    let home = String(cString: entry.pw_dir)
    return Account(name: String(cString: entry.pw_name), home: home.hasPrefix("/") ? home : nil)
  }()
}
