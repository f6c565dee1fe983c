import Foundation
import Remote

/// One address to connect to, of whatever family.
struct SocketAddress {
  private var storage: sockaddr_storage
  private let size: socklen_t

  private init?(_ info: addrinfo) {
    guard let address = info.ai_addr, Int(info.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size else { return nil }
    storage = sockaddr_storage()
    size = info.ai_addrlen
    withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
    }
  }

  /// The addresses of a name, in the system's order. A literal address and `localhost` need no resolver.
  static func resolve(_ host: String, port: UInt16, label: String) throws(RemoteError) -> [SocketAddress] {
    if host == "localhost", let loopback = try? resolve("127.0.0.1", port: port, label: label) { return loopback }
    if let literal = look(host, port, flags: AI_NUMERICHOST | AI_NUMERICSERV).addresses { return literal }
    let (addresses, code) = look(host, port, flags: AI_NUMERICSERV)
    if let addresses { return addresses }
    let reason = code == EAI_NONAME ? "no such name: \(host)" : "\(host) can't be looked up: \(text(code))"
    throw RemoteError(.unreachable, "\(label): \(reason)")
  }

  private static func text(_ code: Int32) -> String { String(cString: gai_strerror(code)).lowercased() }

  private static func look(_ host: String, _ port: UInt16, flags: Int32) -> (addresses: [SocketAddress]?, code: Int32) {
    var hints = addrinfo()
    hints.ai_flags = flags
    hints.ai_socktype = streamSocket
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { return (nil, code) }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let info = next {
      if let address = SocketAddress(info.pointee) { addresses.append(address) }
      next = info.pointee.ai_next
    }
    return (addresses, 0)
  }

  /// A non-blocking socket that no child inherits; negative when there is none.
  func makeSocket() -> Int32 {
    let descriptor = socket(Int32(storage.ss_family), streamSocket | socketFlags, 0)
    if descriptor >= 0 { keepPrivate(descriptor) }
    return descriptor
  }

  /// As `connect(2)`.
  func connect(_ descriptor: Int32) -> Int32 {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { systemConnect(descriptor, $0, size) }
    }
  }
}

#if canImport(Glibc)
  let streamSocket = Int32(SOCK_STREAM.rawValue)
  /// In one step with the making, so that no child that starts meanwhile inherits it.
  let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
  let socketFlags = closeOnExec | Int32(SOCK_NONBLOCK.rawValue)
#else
  let streamSocket = SOCK_STREAM
  let closeOnExec: Int32 = 0
  let socketFlags: Int32 = 0
#endif

/// Close-on-exec and non-blocking, where that could not be said when it was made.
func keepPrivate(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Int32 {
  connect(descriptor, address, size)
}
