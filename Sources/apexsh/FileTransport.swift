import ApexOne
import Commands
import Remote
import Transports

/// Registers a server whose folder is reached as local files, as under WSL.
enum FileTransport {
  static let kind = TransportKind(
    scheme: "file",
    server: { request in
      let path = try path(request.address)
      return try await FileConnector(path).connect(
        to: Endpoint(name: "the server's folder"), within: request.settings.timeoutConnect)
    },
    place: { request in
      let path = try path(request.address)
      let address = try ServerAddress(request.address)
      // Everything behind the connection speaks Windows paths.
      let mount = FileMount(path)
      let layout = ServerLayout(root: mount.windowsPath(path).text, drives: mount.drives ?? "")
      return ServerPlace(address: address, identity: address.identity, layout: layout)
    })

  private static func path(_ address: String) throws -> String {
    do throws(AddressError) {
      guard let path = try ServerAddress(address).path else {
        throw AddressError(.path, "\(address) names no folder")
      }
      return path
    } catch {
      throw CommandError(.misuse, "\(error)")
    }
  }
}
