import InputText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Text in one of the East Asian Windows code pages, decoded by the C library's converter.
enum DoubleByteText {
  /// Nil where the C library has no table for the code page. A byte that means nothing becomes U+FFFD.
  static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> (text: [UInt8], bad: Int)? {
    let name = "CP" + encoding.rawValue.drop { !$0.isNumber }
    // The C library says "no such converter" by the address -1, which Swift imports as nil or as that address.
    let opened: iconv_t? = iconv_open("UTF-8", name)
    guard let converter = opened, Int(bitPattern: converter) != -1 else { return nil }
    defer { _ = iconv_close(converter) }
    var conversion = Conversion(converter, expecting: bytes.count)
    bytes.withUnsafeBytes { conversion.run($0) }
    return (conversion.text, conversion.bad)
  }
}

/// One text on its way through a converter, a block of output at a time.
private struct Conversion {
  private(set) var text: [UInt8] = []
  private(set) var bad = 0
  private let converter: iconv_t

  init(_ converter: iconv_t, expecting count: Int) {
    self.converter = converter
    text.reserveCapacity(count + count / 4)
  }

  mutating func run(_ bytes: UnsafeRawBufferPointer) {
    // The C library's type says that it might change its input; it never does.
    var source = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
    var left = bytes.count
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { block in
      while left > 0 {
        let before = left
        var target = block.baseAddress
        var room = block.count
        let isDone = iconv(converter, &source, &left, &target, &room) != -1
        text.append(
          contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<(block.count - room)]))
        // Stopped for want of room: there is more to come. Stopped otherwise: the byte means nothing.
        if isDone || left == 0 { break }
        if room < 16, left < before { continue }
        bad += 1
        text.append(scalar: 0xFFFD)
        source = source.map { $0 + 1 }
        left -= 1
      }
    }
  }
}
