import Foundation
import Remote

/// Blocking file operations on this machine, with a far side's errors.
///
/// The last part of a path is never followed where it is a link.
struct LocalFiles {
  func makeFolder(_ path: String) throws(RemoteError) {
    guard mkdir(path, 0o755) == 0 else { throw fault("make folder \(path)") }
  }

  func put(_ bytes: [UInt8], to path: String) throws(RemoteError) {
    let what = "write \(path)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw fault(what) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw fault(what) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw fault(what) }
  }

  func get(_ path: String, limit: Int) throws(RemoteError) -> [UInt8] {
    let what = "read \(path)"
    // Not blocking: a pipe in a file's place must not hold us.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw fault(what) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw fault(what) }
    guard info.st_mode & S_IFMT == S_IFREG else { throw RemoteError(.unsupported, "\(what): not a file") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while bytes.count <= limit {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(what) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
    throw RemoteError(.tooLarge, "\(what): more than \(limit) bytes")
  }

  func list(_ path: String) throws(RemoteError) -> [RemoteEntry] {
    let what = "list \(path)"
    guard let folder = opendir(path) else { throw fault(what) }
    defer { closedir(folder) }
    var entries: [RemoteEntry] = []
    while let item = readdir(folder) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      guard entries.count < RemoteLimits.listing else {
        throw RemoteError(.tooLarge, "\(what): more than \(RemoteLimits.listing) entries")
      }
      entries.append(entry(name, path: path + "/" + name))
    }
    return entries
  }

  private func entry(_ name: String, path: String) -> RemoteEntry {
    var info = stat()
    guard lstat(path, &info) == 0 else { return RemoteEntry(name: name, kind: .other) }
    let kind: RemoteEntry.Kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    #if canImport(Darwin)
      let modified = info.st_mtimespec.tv_sec
    #else
      let modified = info.st_mtim.tv_sec
    #endif
    return RemoteEntry(name: name, kind: kind, size: UInt64(max(0, info.st_size)), modified: Int64(modified))
  }

  func remove(_ path: String) throws(RemoteError) {
    guard unlink(path) == 0 else { throw fault("remove \(path)") }
  }

  func removeFolder(_ path: String) throws(RemoteError) {
    guard rmdir(path) == 0 else { throw fault("remove folder \(path)") }
  }

  private func fault(_ what: String) -> RemoteError {
    let code = errno
    switch code {
    case ENOENT, ENOTDIR: return RemoteError(.notFound, "\(what): not found")
    case EACCES, EPERM, EROFS, ELOOP: return RemoteError(.accessDenied, "\(what): \(systemText(code))")
    case EEXIST: return RemoteError(.alreadyExists, "\(what): it exists already")
    case ENOSPC, EDQUOT: return RemoteError(.noSpace, "\(what): no space left")
    default: return RemoteError(.local, "\(what): \(systemText(code))")
    }
  }
}
