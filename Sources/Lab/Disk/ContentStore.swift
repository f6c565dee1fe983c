import Crypto
import Foundation
import Synchronization

/// The bytes of files that machines of a lab on disk hold, each kept once under its SHA-256: a thousand machines get the
/// same tool. Nothing is ever changed or removed there.
final class ContentStore: Sendable {
  private let folder: String
  /// Names of contents that are known to be kept.
  private let kept = Mutex<Set<String>>([])
  private let loaded = Mutex<[String: [UInt8]]>([:])

  init(_ folder: String) { self.folder = folder }

  /// Keeps a content and gives its name; nil, with errno, where it can't be kept.
  func keep(_ bytes: [UInt8]) -> String? {
    let name = ContentStore.name(of: bytes)
    if kept.withLock({ $0.contains(name) }) { return name }
    if RealFile.entry(folder + "/" + name)?.size != bytes.count {
      let code = RealFile.replace(folder + "/" + name, with: bytes, drafts: folder)
      guard code == 0 else {
        errno = code
        return nil
      }
    }
    kept.withLock { _ = $0.insert(name) }
    return name
  }

  /// A content by its name; nil where it isn't there any more, or is damaged.
  func content(_ name: String) -> [UInt8]? {
    if let known = loaded.withLock({ $0[name] }) { return known }
    guard name.utf8.count == 64, name.utf8.allSatisfy({ ContentStore.digits.contains($0) }),
      let bytes = RealFile.read(folder + "/" + name), ContentStore.name(of: bytes) == name
    else { return nil }
    return loaded.withLock { loaded in
      loaded[name] = bytes
      return bytes
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func name(of bytes: [UInt8]) -> String {
    var name: [UInt8] = []
    name.reserveCapacity(64)
    for byte in SHA256.hash(data: bytes) { name += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: name, as: UTF8.self)
  }
}
