/// Whether the files that a Windows Installer package installs are in the package: only the package is copied to an
/// endpoint, so that a cabinet or files beside it would not be found there.
struct InstallerContents {
  /// The `File` table: which number in the order of installation, and whether it is in a cabinet.
  var files: [(sequence: Int, isCompressed: Bool)]
  /// The `Media` table: the last number that is on a medium, and its cabinet; empty where files lie beside the package.
  var media: [(last: Int, cabinet: String)]

  /// `stream`: the first 36 bytes of an embedded stream and its size; nil where there is none of that name.
  func check(
    _ stream: (String) throws(PackageError) -> (beginning: [UInt8], size: Int)?
  ) throws(PackageError) {
    if files.isEmpty { throw PackageError("its File table is empty: it would install nothing") }
    if let medium = media.first(where: { !$0.cabinet.isEmpty && !$0.cabinet.hasPrefix("#") }) {
      throw PackageError(
        "its files are in a cabinet beside it (\(medium.cabinet.prefix(100))), and \(InstallerContents.remedy)")
    }
    let media = media.sorted { $0.last < $1.last }
    guard let last = media.last?.last, last > 0 else {
      throw PackageError(
        "its Media table names no file (LastSequence): none of its \(files.count) files would be found")
    }
    var counts = [Int](repeating: 0, count: media.count)
    for file in files {
      guard let place = media.firstIndex(where: { $0.last >= file.sequence }) else {
        throw PackageError(
          "file number \(file.sequence) of it is on no medium (LastSequence is \(last)): it would not be found")
      }
      guard file.isCompressed, !media[place].cabinet.isEmpty else {
        throw PackageError(
          "its files lie beside it (\(media[place].cabinet.isEmpty ? "a medium without a cabinet" : "files that are in no cabinet")), "
            + "and \(InstallerContents.remedy)")
      }
      counts[place] += 1
    }
    for (medium, count) in zip(media, counts) where count > 0 {
      try check(cabinet: String(medium.cabinet.dropFirst()), count, stream)
    }
  }

  private static let remedy = "only the package is copied there; make the package with the cabinet embedded"

  /// The header of a cabinet ([MS-CAB]) tells its size and how many files it holds.
  private func check(
    cabinet name: String, _ count: Int, _ stream: (String) throws(PackageError) -> (beginning: [UInt8], size: Int)?
  ) throws(PackageError) {
    let shown = name.prefix(100)
    guard let found = try stream(name) else {
      throw PackageError("its cabinet \(shown) is not in it; make the package with the cabinet embedded")
    }
    guard found.beginning.starts(with: Array("MSCF".utf8)), let size = found.beginning.u32(at: 8),
      let held = found.beginning.u16(at: 28)
    else { throw PackageError("its cabinet \(shown) is no cabinet; make the package anew") }
    guard size <= found.size else {
      throw PackageError("its cabinet \(shown) is cut short: \(found.size) bytes of \(size); make the package anew")
    }
    guard held >= count else {
      throw PackageError("its cabinet \(shown) holds \(held) of \(count) files; make the package anew")
    }
  }
}
