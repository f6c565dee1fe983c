import Remote

/// The error that was thrown; nil if none was, or another kind.
func remoteError<T>(_ body: () async throws -> T) async -> RemoteError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? RemoteError
  }
}
