import Crypto

/// The index of a case's archive: each file's name, size and SHA-256, in the form that `sha256sum -c` reads, with the
/// sizes in a comment above.
package enum CaseIndex {
  package static func text(_ files: [(name: String, bytes: [UInt8])]) -> String {
    files.sorted { $0.name < $1.name }.map { file in
      "# \(file.bytes.count) bytes\n\(Hex.lower(SHA256.hash(data: file.bytes)))  \(file.name)\n"
    }.joined()
  }
}
