import Foundation
import InputText
package import Remote
import Synchronization

/// A known_hosts file on disk.
package struct KnownHostsFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = expandingHome(path) }

  /// What is in it; nothing where it isn't there.
  package func load() throws(RemoteError) -> KnownHosts {
    guard access(path, F_OK) == 0 else { return KnownHosts() }
    return KnownHosts(FileText.repaired(try PlainFile.read(path, limit: 64 << 20)))
  }

  /// Replaces the file at once, readable by its owner only.
  package func save(_ hosts: KnownHosts) throws(RemoteError) {
    let temporary = path + ".new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault("can't be written") }
    defer { close(descriptor) }
    do throws(RemoteError) {
      var rest = Array(hosts.text.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw fault("can't be written") }
        rest = rest.dropFirst(count)
      }
      guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw fault("can't be written") }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func fault(_ text: String) -> RemoteError {
    RemoteError(.local, "\(path) \(text): \(systemText(errno))")
  }
}

/// The known_hosts files of a run, read again only when they change.
final class KnownHostsCache: Sendable {
  private struct Stamp: Equatable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  private let files = Mutex<[String: (stamp: Stamp?, hosts: KnownHosts)]>([:])

  func hosts(_ path: String) throws(RemoteError) -> KnownHosts {
    let stamp = KnownHostsCache.stamp(path)
    if let cached = files.withLock({ $0[path] }), cached.stamp == stamp { return cached.hosts }
    let hosts = try KnownHostsFile(path).load()
    files.withLock { $0[path] = (stamp, hosts) }
    return hosts
  }

  private static func stamp(_ path: String) -> Stamp? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    #if canImport(Darwin)
      let time = info.st_mtimespec
    #else
      let time = info.st_mtim
    #endif
    return Stamp(inode: UInt64(info.st_ino), size: Int64(info.st_size), seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }
}
