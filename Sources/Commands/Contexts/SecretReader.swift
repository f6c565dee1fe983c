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
    switch source {
    case .environment(let name): try fromEnvironment(name, key)
    case .file(let path): try fromFile(path, key)
    case .command(let command): try await fromCommand(command, key)
    case .entered, .given:
      throw CommandError(.refused, "the \(key.rawValue) is not known any more; enter it: set \(key.rawValue)")
    }
  }

  private static func fromEnvironment(_ name: String, _ key: SecretKey) throws -> Secret {
    guard let value = getenv(name) else {
      throw CommandError(.refused, "\(key.rawValue): the variable \(name) is not set; export it before apexsh starts")
    }
    return try secret(from: Array(String(cString: value).utf8), key, "the variable \(name)")
  }

  private static func fromFile(_ path: String, _ key: SecretKey) throws -> Secret {
    let name = OutputText.visible(path)
    let descriptor = open(LocalPath.expandingHome(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CommandError(.refused, "\(key.rawValue): can't open \(name): \(LocalPath.errorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(.refused, "\(key.rawValue): \(name) is not a regular file")
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw CommandError(.refused, "\(key.rawValue): \(name) belongs to somebody else; it must be yours")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw CommandError(.refused, "\(key.rawValue): \(name) can be read by others; run: chmod 600 \(name)")
    }
    return try secret(from: LocalPath.readAll(descriptor, limit: limit + 1), key, name)
  }

  private static func fromCommand(_ command: String, _ key: SecretKey) async throws -> Secret {
    let result = try await LocalCommand.capture(command, limit: limit + 1)
    guard result.code == 0 else {
      throw CommandError(.refused, "\(key.rawValue): its command ended with \(result.code) and gave no secret")
    }
    return try secret(from: result.output, key, "its command")
  }

  /// One trailing newline is taken off; nothing, more lines or text that is not UTF-8 is no secret.
  private static func secret(from bytes: [UInt8], _ key: SecretKey, _ origin: String) throws -> Secret {
    var bytes = bytes[...]
    guard bytes.count <= limit else {
      throw CommandError(.refused, "\(key.rawValue): \(origin) holds over \(limit) bytes; that is no password")
    }
    if bytes.last == 10 {
      bytes = bytes.dropLast()
      if bytes.last == 13 { bytes = bytes.dropLast() }
    }
    guard !bytes.isEmpty else { throw CommandError(.refused, "\(key.rawValue): \(origin) is empty") }
    guard !bytes.contains(where: { $0 == 10 || $0 == 0 }), let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError(.refused, "\(key.rawValue): \(origin) holds more than one line of text")
    }
    return Secret(text)
  }
}
