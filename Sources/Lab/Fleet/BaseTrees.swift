import ApexOne
import Remote

/// The file trees that machines of the lab start with: one for each kind of endpoint, and the server's.
enum BaseTrees {
  /// The certificate that the server hands out.
  static let serverCertificate = WindowsPath(
    ProductNames.serverFolder + #"\Pccnt\Common\"# + ProductNames.certificate)

  /// An endpoint: Windows, and where one is installed, the agent with its certificate file.
  static func endpoint(agentFolder: String?, certificate: [UInt8]?) -> BaseTree {
    var tree = windows()
    if let agentFolder {
      tree.addFile(agentFolder + "\\" + ProductNames.trayProgram, LabProgram.file("tray"))
      tree.addFile(agentFolder + "\\ofcscan.ini", Array("[INI_CLIENT_SECTION]\r\n".utf8))
      if let certificate {
        tree.addFile(agentFolder + "\\" + ProductNames.certificate, certificate)
      }
    }
    return tree
  }

  private static func windows() -> BaseTree {
    var tree = BaseTree()
    tree.addFolder(#"C:\Program Files"#)
    tree.addFolder(#"C:\Program Files (x86)"#)
    tree.addFolder(#"C:\Users\admin"#)
    tree.addFolder(#"C:\Windows\Temp"#)
    for name in ["reg", "sc", "msiexec"] {
      tree.addFile(#"C:\Windows\System32\"# + name + ".exe", LabProgram.file(name))
    }
    return tree
  }

  /// The server: Windows and the `PCCSRV` folder with what a repair reads there.
  static func server(_ settings: LabServerSettings, certificate: [UInt8]) -> BaseTree {
    var tree = windows()
    let root = ProductNames.serverFolder
    tree.addFile(root + #"\ofcscan.ini"#, settings.ini)
    tree.addFile(root + #"\autopcc.exe"#, LabProgram.file("autopcc"))
    let ipxfer = root + #"\Admin\Utility\IpXfer\"#
    tree.addFile(ipxfer + "IpXfer.exe", LabProgram.file("ipxfer-32"))
    tree.addFile(ipxfer + "IpXfer_x64.exe", LabProgram.file("ipxfer-64"))
    for library in ["libcurl.dll", "TmSock.dll"] {
      tree.addFile(ipxfer + library, Array("MZ\u{1}lab-library:\(library)".utf8))
    }
    let manager = root + #"\Admin\Utility\CertificateManager\"#
    tree.addFile(manager + "CertificateManager.exe", LabProgram.file("certificate-manager"))
    tree.addFile(manager + "CertificateManager.ini", Array("[General]\r\n".utf8))
    tree.addFile(serverCertificate.text, certificate)
    var package = settings.package(certificate: certificate)
    tree.addFile(root + #"\Pccnt\Package\agent_x64.msi"#, package.make(.msi))
    package.architecture = .x86
    tree.addFile(root + #"\Pccnt\Package\agent_x86.msi"#, package.make(.msi))
    tree.addFile(root + #"\Pccnt\Package\agent.exe"#, package.make(.exe))
    return tree
  }
}
