import CSystem
import Remote
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files of this machine, by the C library's calls: each step that a lab on disk plays looks at several. A lab has to
/// survive the end of the process, not the machine's: nothing here waits for a disk.
enum RealFile {
  struct Entry {
    var kind: RemoteEntry.Kind
    var size: Int
    /// False for an open file that was removed, or whose name another one took.
    var hasName: Bool
    /// Seconds since 1970.
    var modified: Int64

    fileprivate init(_ entry: cs_entry) {
      switch entry.kind {
      case CS_FILE: kind = .file
      case CS_FOLDER: kind = .folder
      case CS_LINK: kind = .link
      default: kind = .other
      }
      (size, hasName, modified) = (Int(entry.size), entry.names > 0, entry.modified)
    }
  }

  /// `folder`: a descriptor of the one that a relative path begins at. Nil where nothing is.
  static func entry(_ path: String, in folder: Int32 = AT_FDCWD) -> Entry? {
    var found = cs_entry()
    return cs_look(folder, path, &found) == 0 ? Entry(found) : nil
  }

  static func entry(of descriptor: Int32) -> Entry? {
    var found = cs_entry()
    return cs_look_at_open(descriptor, &found) == 0 ? Entry(found) : nil
  }

  static func read(_ path: String, in folder: Int32 = AT_FDCWD) -> [UInt8]? {
    let descriptor = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return entry(of: descriptor).flatMap { read(descriptor, from: 0, count: $0.size) }
  }

  /// As many bytes from a place on as are there, `count` at most; nil when they can't be read.
  static func read(_ descriptor: Int32, from start: Int, count: Int) -> [UInt8]? {
    var isRead = true
    let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(start + filled))
        if got < 0, errno == EINTR { continue }
        isRead = got >= 0
        if got <= 0 { break }
        filled += got
      }
    }
    return isRead ? bytes : nil
  }

  /// False, with errno, when not all could be written.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Self.system(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  private static func system(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }

  private static let lastDraft = Atomic<Int>(0)

  /// In one piece: whoever reads sees the old file or the new one. `drafts`: a folder of the same file system where the
  /// new one is written first, and where it stays when the process is killed there. 0, or an error's number.
  static func replace(_ path: String, with bytes: [UInt8], drafts: String) -> Int32 {
    let number = lastDraft.wrappingAdd(1, ordering: .relaxed).newValue
    let draft = drafts + "/draft-\(getpid())-\(number)"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    let isWritten = write(bytes, to: descriptor)
    var code = isWritten ? 0 : errno
    close(descriptor)
    if code == 0, rename(draft, path) != 0 { code = errno }
    if code != 0 { unlink(draft) }
    return code
  }

  /// What is in a folder, in order; nil where none is.
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The C library's words for an error's number.
  static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
