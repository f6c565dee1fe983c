import Foundation

/// The sockets of this process that are connected to a port of the loopback.
///
/// Other suites run beside and open descriptors of their own, so counting all of them would prove nothing.
enum OpenSockets {
  static func count(to port: UInt16) throws -> Int {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return names.compactMap { Int32($0) }.filter { peerPort($0) == port }.count
  }

  #if canImport(Darwin)
    private static let folder = "/dev/fd"
  #else
    private static let folder = "/proc/self/fd"
  #endif

  /// Nil where the descriptor is no connected socket of IPv4.
  private static func peerPort(_ descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    }
    guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    return UInt16(bigEndian: address.sin_port)
  }
}
