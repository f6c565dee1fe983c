import LocalSystem

/// Why an archive was not written, or is not read.
package struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    /// A name that an archive of ours never has.
    case badName
    /// Something is there already.
    case alreadyExists
    /// The file can't be made, opened or written.
    case file
    /// More entries or bytes than the limits.
    case tooLarge
    /// No zip, or a broken one.
    case broken
  }

  package var kind: Kind
  package var description: String

  init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.description = sentence
  }

  /// Why an archive at `path` could not be made.
  init(_ failure: NewFile.Failure, _ path: String) {
    switch failure.step {
    case .make: self.init(.file, "\(path): the archive can't be made: \(failure.reason)")
    case .write: self.init(.file, "\(path): the archive can't be written: \(failure.reason)")
    case .name: self.init(.file, "\(path): the archive can't get its name: \(failure.reason)")
    case .taken: self.init(.alreadyExists, "\(path): there is something of that name already; choose another")
    }
  }
}
