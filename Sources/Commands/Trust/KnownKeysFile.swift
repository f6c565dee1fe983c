import InputText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `known_hosts` in the config folder: 0600, replaced whole, changed by one process at a time.
struct KnownKeysFile: Sendable {
  private static let limit = 64 << 20
  private let folders: Folders
  private let services: TrustServices

  init(_ invocation: Invocation) throws(CommandError) {
    folders = invocation.folders
    services = try invocation.services.trustServices()
  }

  var path: String { folders.config + "/known_hosts" }

  /// What is in it; nothing where it isn't there.
  func load() throws(CommandError) -> KnownKeys {
    guard try folders.existingConfig() != nil, let bytes = try OwnFile.read(path, limit: KnownKeysFile.limit) else {
      return KnownKeys("", services)
    }
    do throws(FileTextFault) { return KnownKeys(try FileText.decode(bytes), services) } catch {
      throw CommandError(.ownFiles, "\(OutputText.visible(path)):\(error.line): \(error); mend or remove it")
    }
  }

  /// A known_hosts file of somebody else; one that isn't there, or can't be read, holds nothing.
  func other(_ path: String) -> KnownKeys {
    let bytes = (try? InputFile.read(path, limit: KnownKeysFile.limit, takesPipes: false)) ?? []
    return KnownKeys(FileText.repaired(bytes), services)
  }

  /// Reads it, lets `change` work on it, and writes it where that changed something.
  func update<T>(_ change: (inout KnownKeys) throws -> T) throws -> T {
    let folder = try folders.readyConfig()
    // The folder carries the lock: the file is another one after each change.
    let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else {
      throw CommandError(.ownFiles, "can't open the folder \(OutputText.visible(folder)): \(LocalPath.errorText())")
    }
    defer { close(lock) }
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR || errno == EWOULDBLOCK else {
        throw CommandError(.ownFiles, "can't lock the folder \(OutputText.visible(folder)): \(LocalPath.errorText())")
      }
      // Another apexsh changes it: that takes no time, unless that one was stopped.
      try Task.checkCancellation()
      usleep(20_000)
    }
    var keys = try load()
    let before = keys.text
    let result = try change(&keys)
    let after = keys.text
    if after != before { try OwnFile.replace(path, with: Array(after.utf8)) }
    return result
  }
}
