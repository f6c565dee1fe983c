import Commands

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names in a folder on our own machine, for completion.
enum LocalFolder {
  struct Entry: Sendable, Hashable {
    /// As it must be typed: what was typed of the folder, and the name; a folder ends in `/`.
    var path: String
    var isFolder: Bool
  }

  /// Entries whose paths begin with `typed`. Hidden ones only where their dot is typed.
  static func entries(matching typed: String, onlyFolders: Bool) -> [Entry] {
    let cut = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    let folder = String(typed[..<cut])
    let prefix = typed[cut...]
    let place = folder.isEmpty ? "." : LocalPath.expandingHome(folder)
    return OwnFile.names(in: place).compactMap { name in
      guard name.hasPrefix(prefix), !name.hasPrefix(".") || prefix.hasPrefix(".") else { return nil }
      var status = stat()
      let isFolder = stat(place + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      if onlyFolders && !isFolder { return nil }
      return Entry(path: folder + name + (isFolder ? "/" : ""), isFolder: isFolder)
    }
  }
}
