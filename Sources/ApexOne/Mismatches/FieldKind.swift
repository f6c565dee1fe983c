/// What one value looks like, whatever its column is called: used to tell a header from data and to find the column
/// that holds host names.
enum FieldKind: Hashable {
  case empty, address, guid, hardwareAddress, number, hash, host, text

  init(_ value: String) {
    let bytes = Array(value.utf8)
    if bytes.isEmpty {
      self = .empty
    } else if NetworkRange.isAddresses(value) {
      self = .address
    } else if FieldKind.isGUID(bytes) {
      self = .guid
    } else if FieldKind.isHardwareAddress(bytes) {
      self = .hardwareAddress
    } else if bytes.allSatisfy(FieldKind.isNumeric) {
      self = .number
    } else if bytes.count >= 16 && bytes.allSatisfy(FieldKind.isHex) {
      self = .hash
    } else {
      self = AgentName.isHostName(value) || HostField(value) != nil ? .host : .text
    }
  }

  /// A value that no header cell would be.
  var isData: Bool {
    switch self {
    case .address, .guid, .hardwareAddress, .number, .hash: true
    case .empty, .host, .text: false
    }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }

  /// The bytes of numbers, versions, dates and times.
  private static func isNumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x2B && byte <= 0x3A) || byte == 0x20
  }

  private static func isGUID(_ bytes: [UInt8]) -> Bool {
    var bytes = bytes[...]
    if bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") { bytes = bytes.dropFirst().dropLast() }
    guard bytes.count == 36 else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : isHex(byte)
    }
  }

  private static func isHardwareAddress(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 17, bytes[2] == UInt8(ascii: "-") || bytes[2] == UInt8(ascii: ":") else { return false }
    return bytes.enumerated().allSatisfy { $0 % 3 == 2 ? $1 == bytes[2] : isHex($1) }
  }
}
