import Remote

/// What a server says about a file.
struct SFTPAttributes {
  var size: UInt64?
  /// POSIX mode with the file's kind in it, where the server sends it.
  var mode: UInt32?
  /// Seconds since 1970.
  var modified: Int64?

  /// `longName` is `ls -l`'s line: its first letter tells the kind where the mode is missing.
  func kind(longName: String = "") -> RemoteEntry.Kind {
    if let mode {
      switch mode & 0o170000 {
      case 0o040000: return .folder
      case 0o100000: return .file
      case 0o120000: return .link
      default: return .other
      }
    }
    switch longName.first {
    case "d": return .folder
    case "-": return .file
    case "l": return .link
    default: return .other
    }
  }
}
