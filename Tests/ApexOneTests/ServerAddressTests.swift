import Testing

@testable import ApexOne

/// Server addresses in all their spellings, and the layout they lead to.
@Suite struct ServerAddressTests {
  private static let folder = "C:\\Program Files (x86)\\Trend Micro\\Apex One\\PCCSRV"

  @Test(arguments: [
    "ssh://admin@apexone.contoso.local/C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV",
    "SSH://admin@ApexOne.contoso.LOCAL:22/C:/Program%20Files%20(x86)/Trend%20Micro/Apex%20One/PCCSRV/",
    "ssh://apexone.contoso.local/c:/program files (x86)/trend micro/apex one/pccsrv",
  ])
  func oneServerHasOneIdentity(text: String) throws {
    let address = try ServerAddress(text)
    #expect(
      address.identity
        == "ssh://apexone.contoso.local/c:/program files (x86)/trend micro/apex one/pccsrv")
    #expect(address.path?.lowercased() == Self.folder.lowercased())
    #expect(address.layout?.product == .apexOne)
  }

  @Test(arguments: [
    ("ssh://apexone.contoso.local./C:/PCCSRV", "ssh://apexone.contoso.local/c:/pccsrv"),
    ("ssh://10.0.0.5:22/C:/PCCSRV", "ssh://10.0.0.5/c:/pccsrv"),
    ("ssh://[2001:DB8:0:0::1]/C:/PCCSRV", "ssh://[2001:db8::1]/c:/pccsrv"),
    ("ssh://[fe80::1%25eth0]:2222/C:/PCCSRV", "ssh://[fe80::1%eth0]:2222/c:/pccsrv"),
    ("ssh://[FE80::1%eth0]/C:/PCCSRV", "ssh://[fe80::1%eth0]/c:/pccsrv"),
    ("smb://[2001:db8:0::1]/ofcscan", "smb://[2001:db8::1]/ofcscan"),
  ])
  func addressesAndDots(text: String, identity: String) throws {
    #expect(try ServerAddress(text).identity == identity)
  }

  @Test func partsAreTakenApart() throws {
    let address = try ServerAddress("ssh://CONTOSO\\admin@[2001:db8::1]:2222/D:/OfficeScan/PCCSRV")
    #expect(address.scheme == .ssh)
    #expect(address.user == "CONTOSO\\admin")
    #expect(address.host == "2001:db8::1")
    #expect(address.port == 2222)
    #expect(address.path == "D:\\OfficeScan\\PCCSRV")
    #expect(address.identity == "ssh://[2001:db8::1]:2222/d:/officescan/pccsrv")
    #expect(address.layout?.product == nil)
    #expect(try ServerAddress("ssh://admin%40contoso.local@a/C:/PCCSRV").user == "admin@contoso.local")
    #expect(try ServerAddress("ssh://a/C:/100%/PCCSRV").path == "C:\\100%\\PCCSRV")
    #expect(try ServerAddress("ssh://a:22/C:/a@b/PCCSRV").path == "C:\\a@b\\PCCSRV")
    #expect(try ServerAddress("ssh://[::1]/C:/a@b/PCCSRV").path == "C:\\a@b\\PCCSRV")
  }

  @Test func sharesFilesAndTheLab() throws {
    let share = try ServerAddress("smb://ApexOne/ofcscan")
    #expect(share.path == "\\\\ApexOne\\ofcscan")
    #expect(share.identity == "smb://apexone/ofcscan")
    #expect(share.layout?.settings == "\\\\ApexOne\\ofcscan\\ofcscan.ini")
    let file = try ServerAddress("file:///mnt/c/Program Files/Apex One/PCCSRV/")
    #expect(file.path == "/mnt/c/Program Files/Apex One/PCCSRV")
    #expect(file.identity == "file:///mnt/c/Program Files/Apex One/PCCSRV")
    #expect(file.layout?.product == .apexOne)
    #expect(try ServerAddress("lab:").identity == "lab:")
    #expect(try ServerAddress(" winrm://a:5986/C:/x ").identity == "winrm://a:5986/c:/x")
  }

  @Test(
    arguments: [
      ("", .empty), ("apexone", .unknownScheme), ("http://a/C:/x", .unknownScheme), ("C:\\x", .unknownScheme),
      ("ssh://admin:P@ssw0rd@a/C:/x", .password), ("ssh://admin%3AP@ssw0rd@a/C:/x", .password),
      ("ssh://admin:x/P@ssw0rd@a/C:/x", .password), ("ssh://a:P@ssw0rd/C:/x", .password), ("ssh://@a/C:/x", .user),
      ("ssh://-l@a/C:/x", .user),
      ("ssh:a/C:/x", .host), ("ssh:///C:/x", .host), ("ssh://-oX/C:/x", .host), ("ssh://a b/C:/x", .host),
      ("ssh://::1/C:/x", .host), ("ssh://[::1/C:/x", .host), ("ssh://[x]/C:/x", .host), ("ssh://[::1%]/C:/x", .host),
      ("ssh://[::1%a b]/C:/x", .host), ("ssh://a../C:/x", .host), ("ssh://10.0.0.256/C:/x", .host),
      ("ssh://[::1]x/C:/x", .port),
      ("ssh://a:0/C:/x", .port), ("ssh://a:/C:/x", .port), ("ssh://a:x/C:/x", .port), ("ssh://a", .path),
      ("ssh://a/", .path), ("ssh://a/x", .path), ("ssh://a/C:/x/../y", .path), ("ssh://a/C:/x%0Ay", .path),
      ("ssh://a/C:/x%FF", .path), ("ssh://a/C:/x?y", .path), ("smb://a", .path), ("smb://a/", .path),
      ("file://host/x", .path), ("file:x", .path), ("file:///", .path), ("file:///a/../b", .path), ("lab:x", .path),
    ] as [(String, AddressError.Kind)])
  func refusals(row: (String, AddressError.Kind)) {
    #expect {
      try ServerAddress(row.0)
    } throws: { error in
      let error = error as? AddressError
      return error?.kind == row.1 && error?.description.contains("ssw0rd") == false
    }
  }

  @Test func layoutPaths() throws {
    let layout = ServerLayout(root: "C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV/")
    #expect(layout.root == Self.folder)
    #expect(layout.certificate == Self.folder + "\\Pccnt\\Common\\OfcNTCer.dat")
    #expect(
      layout.certificateManager == Self.folder + "\\Admin\\Utility\\CertificateManager\\CertificateManager.exe")
    #expect(layout.ipXferFolder == Self.folder + "\\Admin\\Utility\\IpXfer")
    #expect(try IpXferTool.program(for: .x64) == "IpXfer_x64.exe")
    #expect(try IpXferTool.program(for: .x86) == "IpXfer.exe")
    #expect(throws: RemedyError.self) { try IpXferTool.program(for: .other("ARM64")) }
    #expect(ServerLayout(root: "C:\\Trend Micro\\OfficeScan\\PCCSRV").product == nil)
    #expect(ServerLayout(root: "C:\\Apex One\\PCCSRV\\x").product == nil)
  }

  @Test func certificateManagerListsIntoAFullPath() throws {
    let path = "C:\\Windows\\apexsh-1\\list.csv"
    for product in [Product.apexOne, .officeScanXG, .officeScan11] {
      #expect(try CertificateManagerArguments.list(to: path, product: product) == [.text("-l"), .text(path)])
    }
    for product in [Product.apexOneService, .officeScan10] {
      #expect(throws: RemedyError.self) { try CertificateManagerArguments.list(to: path, product: product) }
    }
    #expect(throws: RemedyError.self) { try CertificateManagerArguments.list(to: "list.csv", product: .apexOne) }
  }
}
