import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A text as a Windows console program writes it: the system's `iconv` knows the code pages.
enum CodePage: String, CaseIterable {
  case american = "CP437"
  case western = "CP850"
  case windows = "CP1252"
  case japanese = "CP932"

  struct Unencodable: Error { let text: String }

  func encode(_ text: String) throws -> [UInt8] {
    guard let converter = iconv_open(rawValue, "UTF-8"), converter != iconv_t(bitPattern: -1) else {
      throw Unencodable(text: rawValue)
    }
    defer { iconv_close(converter) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 2 + 8)
    let room = output.count
    let left = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output -> Int? in
        var (from, fromLeft) = (input.baseAddress, input.count)
        var (to, toLeft) = (output.baseAddress, output.count)
        return iconv(converter, &from, &fromLeft, &to, &toLeft) == 0 && fromLeft == 0 ? toLeft : nil
      }
    }
    guard let left else { throw Unencodable(text: text) }
    return output[..<(room - left)].map { UInt8(bitPattern: $0) }
  }
}
