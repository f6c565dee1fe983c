/// Where things lie under a server's `PCCSRV` folder. Works on text with backslashes: a local path of the server, or a
/// share that is the folder itself (`\\apexone\ofcscan`).
package struct ServerLayout: Sendable, Hashable {
  /// The `PCCSRV` folder, without a backslash at its end.
  package let root: String
  /// Where drives are on this machine (`/mnt`), for a folder that is reached as local files; empty for one on no drive,
  /// nil for one that isn't local.
  package let drives: String?

  package static let certificateName = "OfcNTCer.dat"
  package static let certificateManagerName = "CertificateManager.exe"

  /// Takes either slash.
  package init(root: String, drives: String? = nil) {
    self.drives = drives
    var text = String(root.map { $0 == "/" ? "\\" : $0 })
    while text.hasSuffix("\\") && text.count > 1 { text.removeLast() }
    self.root = text
  }

  /// A path below the folder as a person knows it: a local one with slashes, as `ls` takes it.
  package func shown(_ path: String) -> String {
    guard let drives else { return path }
    let local = String(path.map { $0 == "\\" ? "/" : $0 })
    guard local.dropFirst().first == ":" else { return local }
    return drives + "/" + local.prefix(1).lowercased() + local.dropFirst(2)
  }

  package var settings: String { path("ofcscan.ini") }
  package var certificate: String { path("Pccnt\\Common\\" + ServerLayout.certificateName) }
  package var certificateManagerFolder: String { path("Admin\\Utility\\CertificateManager") }
  package var certificateManager: String { certificateManagerFolder + "\\" + ServerLayout.certificateManagerName }
  package var ipXferFolder: String { path("Admin\\Utility\\IpXfer") }

  private func path(_ rest: String) -> String { root + "\\" + rest }

  /// Apex One by its folder `…\Apex One\PCCSRV`. Nil for any other: OfficeScan's folder has one name for all versions,
  /// and a share tells nothing.
  package var product: Product? {
    let parts = root.lowercased().split(separator: "\\")
    return parts.count >= 2 && parts.suffix(2) == ["apex one", "pccsrv"] ? .apexOne : nil
  }
}

/// CertificateManager's command line.
package enum CertificateManagerArguments {
  /// Lists the mismatched agents into a CSV at a full path of the server's.
  package static func list(to path: String, product: Product) throws(RemedyError) -> [ToolArgument] {
    guard product.hasServerFolder else {
      throw RemedyError(
        .product, "\(product.title) gives no access to its tools; bring a list with --from, or ask Support")
    }
    if product == .officeScan10 {
      throw RemedyError(.product, "OfficeScan 10 has no CertificateManager: its agents hold no certificate")
    }
    guard WindowsFullPath.isValid(path) else {
      throw RemedyError(.setting, "the list's place on the server is no full Windows path")
    }
    return [.text("-l"), .text(path)]
  }
}
