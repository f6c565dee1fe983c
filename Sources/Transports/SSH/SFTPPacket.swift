/// The numbers of the SSH file transfer protocol, version 3 (draft-ietf-secsh-filexfer-02).
enum SFTP {
  static let version: UInt32 = 3
  /// Bytes of a read or write: what every server takes.
  static let chunk = 32 << 10
  /// Requests under way at once. More cost OpenSSH's server four times the CPU.
  static let window = 8
  /// The longest answer that is taken.
  static let longest = 256 << 10

  enum Kind: UInt8 {
    case initialize = 1, version, open, close, read, write, lstat, fstat
    case openFolder = 11, readFolder, remove, makeFolder, removeFolder
    case status = 101, handle, data, name, attributes
    case extended = 200, extendedReply
  }

  enum Status {
    static let ok: UInt32 = 0
    static let endOfFile: UInt32 = 1
    static let noSuchFile: UInt32 = 2
    static let permissionDenied: UInt32 = 3
    static let failure: UInt32 = 4
    static let unsupported: UInt32 = 8
  }

  enum OpenFlags {
    static let read: UInt32 = 0x01
    static let write: UInt32 = 0x02
    static let create: UInt32 = 0x08
    static let truncate: UInt32 = 0x10
  }
}

/// A request, built field by field; big-endian, texts with their length before them.
struct SFTPRequest {
  private(set) var bytes: [UInt8]

  init(_ kind: SFTP.Kind, id: UInt32) {
    bytes = [0, 0, 0, 0, kind.rawValue]
    add(id)
  }

  mutating func add(_ value: UInt32) {
    for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func add(_ value: UInt64) {
    add(UInt32(truncatingIfNeeded: value >> 32))
    add(UInt32(truncatingIfNeeded: value))
  }

  mutating func add(_ value: some Collection<UInt8>) {
    add(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// With its length in front.
  var packet: [UInt8] {
    var packet = bytes
    let length = UInt32(bytes.count - 4)
    for (index, shift) in [24, 16, 8, 0].enumerated() {
      packet[index] = UInt8(truncatingIfNeeded: length >> UInt32(shift))
    }
    return packet
  }
}

/// An answer, read field by field; nil where it is shorter than it says.
struct SFTPReply {
  let kind: SFTP.Kind?
  private var rest: ArraySlice<UInt8>

  /// `body`: without the length.
  init(_ body: [UInt8]) {
    kind = body.first.flatMap(SFTP.Kind.init(rawValue:))
    rest = body.dropFirst()
  }

  /// Bytes not read yet.
  var count: Int { rest.count }

  mutating func number() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    let value = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    rest = rest.dropFirst(4)
    return value
  }

  mutating func number64() -> UInt64? {
    guard let high = number(), let low = number() else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  mutating func bytes() -> ArraySlice<UInt8>? {
    guard let count = number(), rest.count >= Int(count) else { return nil }
    let bytes = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    return bytes
  }

  mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }

  mutating func attributes() -> SFTPAttributes? {
    guard let flags = number() else { return nil }
    var attributes = SFTPAttributes()
    if flags & 0x01 != 0 {
      guard let size = number64() else { return nil }
      attributes.size = size
    }
    if flags & 0x02 != 0 { guard number64() != nil else { return nil } }
    if flags & 0x04 != 0 {
      guard let mode = number() else { return nil }
      attributes.mode = mode
    }
    if flags & 0x08 != 0 {
      guard number() != nil, let modified = number() else { return nil }
      attributes.modified = Int64(modified)
    }
    if flags & 0x8000_0000 != 0 {
      guard let count = number(), count <= 64 else { return nil }
      for _ in 0..<count { guard bytes() != nil, bytes() != nil else { return nil } }
    }
    return attributes
  }
}
