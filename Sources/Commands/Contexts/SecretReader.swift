import Remote

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads a secret from where it is kept. No error text ever quotes what was read.
enum SecretReader {
  private static let limit = 4_096

  static func read(_ source: SecretSource, for key: SecretKey) async throws -> Secret {
    try await read(source, Wanted(key: key, keepsBlanks: false))
  }

  private struct Wanted: Sendable {
    var key: SecretKey
    var keepsBlanks: Bool
    var name: String { key.rawValue }
  }

  private static func read(_ source: SecretSource, _ wanted: Wanted) async throws -> Secret {
    let key = wanted.key
    switch source {
    case .environment(let name): return try fromEnvironment(name, wanted)
    case .file(let path): return try fromFile(path, wanted)
    case .command(let command): return try await fromCommand(command, wanted)
    case .withBlanks(let source): return try await read(source, Wanted(key: key, keepsBlanks: true))
    case .entered, .given:
      throw CommandError(.refused, "the \(key.rawValue) is not known any more; enter it: set \(key.rawValue)")
    }
  }

  private static func fromEnvironment(_ name: String, _ wanted: Wanted) throws -> Secret {
    guard let value = getenv(name) else {
      throw CommandError(
        .refused, "\(wanted.name): the variable \(name) is not set; export it before apexsh starts")
    }
    // Its bytes as they are: a string made of them would hold other characters in the place of broken ones.
    let bytes = UnsafeRawBufferPointer(start: value, count: strlen(value))
    return try secret(from: Array(bytes), wanted, "the variable \(name)")
  }

  private static func fromFile(_ path: String, _ wanted: Wanted) throws -> Secret {
    let name = OutputText.visible(path)
    let bytes = try LocalWait.work(CommandError(.interrupted, "\(wanted.name): \(name) was not read: interrupted")) {
      _ in
      Result { () throws(CommandError) in try contents(of: path, name, wanted) }
    }
    return try secret(from: bytes, wanted, name)
  }

  private static func contents(of path: String, _ name: String, _ wanted: Wanted) throws(CommandError) -> [UInt8] {
    let descriptor = open(LocalPath.expandingHome(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CommandError(.refused, "\(wanted.name): can't open \(name): \(LocalPath.errorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(.refused, "\(wanted.name): \(name) is not a regular file")
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw CommandError(.refused, "\(wanted.name): \(name) belongs to somebody else; it must be yours")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw CommandError(.refused, "\(wanted.name): \(name) can be read by others; run: chmod 600 \(name)")
    }
    guard let bytes = LocalPath.readAll(descriptor, limit: limit + 1) else {
      throw CommandError(.refused, "\(wanted.name): can't read \(name): \(LocalPath.errorText())")
    }
    return bytes
  }

  private static func fromCommand(_ command: String, _ wanted: Wanted) async throws -> Secret {
    let result = try await LocalCommand.capture(command, limit: limit + 1)
    guard result.code == 0 else {
      throw CommandError(.refused, "\(wanted.name): its command ended with \(result.code) and gave no secret")
    }
    return try secret(from: result.output, wanted, "its command")
  }

  /// A secret is one line of UTF-8, of which a newline at the end is taken off. What a person would not know of, since
  /// editors hide it, is refused by its name, never sent: a byte order mark, UTF-16, blanks at the ends, control
  /// characters.
  private static func secret(from bytes: [UInt8], _ wanted: Wanted, _ origin: String) throws -> Secret {
    func refusal(_ text: String) -> CommandError { CommandError(.refused, "\(wanted.name): \(origin) \(text)") }
    guard bytes.count <= limit else { throw refusal("holds over \(limit) bytes; that is no password") }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw refusal("is UTF-16 text; save it as UTF-8 without a byte order mark")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw refusal("begins with a byte order mark; save it as UTF-8 without one")
    }
    if bytes.contains(0) { throw refusal("holds zero bytes, as UTF-16 text does; save it as UTF-8") }
    let line = withoutNewline(bytes[...])
    guard !line.isEmpty else { throw refusal("is empty") }
    guard !line.contains(where: { $0 == 10 || $0 == 13 }) else { throw refusal("holds more than one line") }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw refusal("is not UTF-8 text; save it as UTF-8")
    }
    if let problem = hiddenPart(of: text, wanted) { throw refusal(problem) }
    return Secret(text)
  }

  /// LF, CRLF or CR.
  private static func withoutNewline(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if bytes.last == 13 { return bytes.dropLast() }
    guard bytes.last == 10 else { return bytes }
    let bytes = bytes.dropLast()
    return bytes.last == 13 ? bytes.dropLast() : bytes
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format
  }

  /// What in a secret nobody sees; nil where there is nothing. Says where and what it is, and nothing of the rest.
  private static func hiddenPart(of text: String, _ wanted: Wanted) -> String? {
    let scalars = text.unicodeScalars
    if let control = scalars.first(where: { $0.properties.generalCategory == .control && $0 != "\t" }) {
      return "holds a control character (\(name(of: control))); write it without"
    }
    let inside = scalars.dropFirst().dropLast()
    if !wanted.keepsBlanks, let hidden = inside.first(where: isInvisible) {
      return "holds an invisible character (\(name(of: hidden))); write it without, or give --keep-blanks if the "
        + "\(wanted.name) has it"
    }
    for (scalar, verb) in [(scalars.first, "begins"), (scalars.last, "ends")] {
      guard let scalar else { continue }
      if isInvisible(scalar) {
        return "\(verb) with an invisible character (\(name(of: scalar))); write it without"
      }
      if scalar.properties.isWhitespace, !wanted.keepsBlanks {
        return "\(verb) with a blank (\(name(of: scalar))); write it without, or give --keep-blanks if the "
          + "\(wanted.name) has it"
      }
    }
    return nil
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
