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
    var input = bytes.map { CChar(bitPattern: $0) }
    // No letter of these pages takes more than three bytes a byte.
    var output = [CChar](repeating: 0, count: bytes.count * 3 + 16)
    var bad = 0
    let written = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        convert(converter, from: input, to: output, bad: &bad)
      }
    }
    return (output[..<written].map { UInt8(bitPattern: $0) }, bad)
  }

  /// Bytes written to `output`.
  private static func convert(
    _ converter: iconv_t, from input: UnsafeMutableBufferPointer<CChar>,
    to output: UnsafeMutableBufferPointer<CChar>, bad: inout Int
  ) -> Int {
    var source = input.baseAddress
    var sourceLeft = input.count
    var target = output.baseAddress
    var targetLeft = output.count
    while sourceLeft > 0 {
      guard iconv(converter, &source, &sourceLeft, &target, &targetLeft) == -1 else { break }
      guard sourceLeft > 0, targetLeft >= 3 else { break }
      bad += 1
      source = source.map { $0 + 1 }
      sourceLeft -= 1
      for byte in [0xEF, 0xBF, 0xBD] as [UInt8] {
        target?.pointee = CChar(bitPattern: byte)
        target = target.map { $0 + 1 }
        targetLeft -= 1
      }
    }
    return output.count - targetLeft
  }
}
