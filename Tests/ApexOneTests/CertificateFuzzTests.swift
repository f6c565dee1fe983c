import Testing

@testable import ApexOne

/// Hostile bytes: whatever they are, reading ends with a certificate or a typed error, never with a trap.
@Suite struct CertificateFuzzTests {
  @Test(arguments: 1...8) func mutationsNeverTrap(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let samples = [
      SampleCertificates.server, SampleCertificates.other, SampleCertificates.old,
      Array(SampleCertificates.pem(SampleCertificates.server).utf8),
    ]
    var read = 0
    for _ in 0..<400 {
      var bytes = samples[Int(random.next() % 4)]
      for _ in 0..<(1 + random.next() % 6) { mutate(&bytes, &random) }
      if let certificate = try? AuthenticationCertificate(bytes: bytes) {
        read += 1
        #expect(!certificate.der.isEmpty)
      }
      for start in stride(from: 0, to: bytes.count, by: 7) { _ = PrivateKeyShape.kind(bytes, at: start) }
    }
    // Most mutations break something, but not all: the loop does reach the inner parser.
    #expect(read > 0)
    #expect(read < 400)
  }

  @Test(arguments: 1...4) func noiseIsNoCertificate(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      var bytes = (0..<(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if random.next() % 2 == 0, !bytes.isEmpty { bytes[0] = 0x30 }
      #expect(throws: CertificateError.self) { try AuthenticationCertificate(bytes: bytes) }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int(random.next() % UInt64(bytes.count))
    switch random.next() % 4 {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    default: bytes[place] ^= 1 << UInt8(random.next() % 8)
    }
  }
}
