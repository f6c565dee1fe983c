import Foundation

/// A whole file by its name in some folder.
package struct RemoteFile: Sendable, Hashable {
  package var name: String
  package var bytes: [UInt8]
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

// What a host without a quicker way does.
extension Host {
  package func entry(at path: WindowsPath) async throws(RemoteError) -> RemoteEntry? { try await listedEntry(at: path) }

  /// The entry as its folder's list has it.
  package func listedEntry(at path: WindowsPath) async throws(RemoteError) -> RemoteEntry? {
    guard let parent = path.parent else { return nil }
    do {
      return try await list(parent).first { $0.name.lowercased() == path.name.lowercased() }
    } catch {
      if error.kind == .tooLarge || error.kind == .notFound { return nil }
      throw error
    }
  }

  package func put(_ files: [RemoteFile], into folder: WindowsPath) async throws(RemoteError) {
    for file in files { try await put(file.bytes, to: folder.appending(file.name)) }
  }

  package func firstDifference(_ files: [RemoteFile], in folder: WindowsPath) async throws(RemoteError) -> String? {
    for file in files {
      do {
        let back = try await get(folder.appending(file.name), limit: file.bytes.count)
        if !back.isSame(as: file.bytes) { return file.name }
      } catch {
        if error.kind == .tooLarge { return file.name }
        throw error
      }
    }
    return nil
  }

  package func remove(_ files: [String], with folder: WindowsPath) async throws(RemoteError) {
    for name in files {
      do { try await removeFile(folder.appending(name)) } catch { if error.kind != .notFound { throw error } }
    }
    do { try await removeFolder(folder) } catch { if error.kind != .notFound { throw error } }
  }
}

extension [UInt8] {
  /// `==`, by the C library: megabytes are compared for each endpoint.
  package func isSame(as other: [UInt8]) -> Bool { count == other.count && holds(other[...], at: 0) }

  /// Do `bytes` stand here from `start` on?
  package func holds(_ bytes: ArraySlice<UInt8>, at start: Int) -> Bool {
    guard start >= 0, bytes.count <= count - start else { return false }
    return withUnsafeBytes { own in
      bytes.withUnsafeBytes { other in
        guard let place = own.baseAddress, let otherPlace = other.baseAddress, place + start != otherPlace else {
          return true
        }
        return memcmp(place + start, otherPlace, other.count) == 0
      }
    }
  }
}
