import Foundation

extension [UInt8] {
  /// `==`, by the C library: megabytes are compared for each endpoint.
  func isSame(as other: [UInt8]) -> Bool {
    count == other.count
      && withUnsafeBytes { own in
        other.withUnsafeBytes { other in
          guard let start = own.baseAddress, let otherStart = other.baseAddress, start != otherStart else {
            return true
          }
          return memcmp(start, otherStart, own.count) == 0
        }
      }
  }
}
