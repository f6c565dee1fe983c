import ApexOne
package import Archives

/// The finished archive: looked through for what must never leave, before it is written and as it is on disk.
enum CaseArchive {
  /// Writes it (0600), reads it back, looks through it; where anything is found nothing is left.
  static func write(
    _ entries: [ZipArchive.Entry], to path: String, at date: Double, scanner: RedactionScanner
  ) throws {
    // What is found here never touches the disk; what is found below was put in by the writing.
    try refuse(scanner.scan(entries.map { ($0.name, $0.bytes) }))
    try ZipArchive.write(entries, to: path, modified: Int64(date))
    do {
      try verify(path, entries, scanner)
    } catch {
      _ = try? OwnFile.remove(path)
      throw error
    }
  }

  /// Throws where the archive on disk is not what was written, or holds what must not leave.
  static func verify(_ path: String, _ entries: [ZipArchive.Entry], _ scanner: RedactionScanner) throws {
    let found = try ZipArchive.read(path)
    try refuse(scanner.scan(found.map { ($0.name, $0.bytes) }))
    guard found == entries else {
      throw CommandError(.ownFiles, "\(OutputText.visible(path)): reads back other than it was written; it was removed")
    }
  }

  /// What the administrator wrote can be written otherwise (65); anything else should have been left out (70).
  private static func refuse(_ findings: [RedactionScanner.Finding]) throws {
    guard let first = findings.first else { return }
    let more = findings.count > 1 ? " and in \(findings.count - 1) more places" : ""
    let isGiven = findings.contains { [CaseFiles.summaryName, CaseFiles.settingsName].contains($0.file) }
    throw CommandError(
      isGiven ? .unusableInput : .fault,
      "no archive was left, since it held what must not leave: \(first)\(more)"
        + (isGiven ? "; take it out of --summary, --changed-before or the settings, and try again" : ""))
  }
}

extension ArchiveError: PresentableError {
  package var message: String {
    kind == .alreadyExists ? "\(description), by --output FOLDER" : description
  }
  package var exitCode: ExitCode { kind == .badName ? .fault : .ownFiles }
}
