import Testing

@testable import ApexOne

/// Chains of transports, and where a name leads by them.
@Suite struct ServerTransportChainTests {
  @Test func readsAndWritesChains() throws {
    let chain = try TransportChain("ssh://{agent}.contoso.local:22, WinRM+smb,lab")
    #expect(chain.links.map(\.kind) == ["ssh", "winrm+smb", "lab"])
    #expect(chain.text == "ssh://{agent}.contoso.local:22,winrm+smb,lab")
    #expect(try TransportChain(chain.text) == chain)
  }

  @Test func namesAreExpanded() throws {
    let link = try #require(TransportChain("ssh://{agent}.contoso.local:2222").links.first)
    let target = try link.target(for: #require(AgentName("WS-001")))
    #expect(target == TransportLink.Target(kind: "ssh", host: "WS-001.contoso.local", port: 2222))
    // A full name under the suffix is taken as it is.
    #expect(try link.target(for: #require(AgentName("ws-001.Contoso.Local"))).host == "ws-001.Contoso.Local")
    let bare = try #require(TransportChain("lab").links.first)
    #expect(
      try bare.target(for: #require(AgentName("WS-001.sales.contoso.local"))).host == "WS-001.sales.contoso.local")
    #expect(try bare.target(address: "10.20.0.1").host == "10.20.0.1")
    let prefixed = try #require(TransportChain("ssh://adm-{agent}").links.first)
    #expect(try prefixed.target(for: #require(AgentName("WS-001"))).host == "adm-WS-001")
  }

  @Test(arguments: [
    ("ssh://{agent}.contoso.local", "WS-001.fabrikam.local"), ("ssh://{agent}.contoso.local", "xcontoso.local"),
    ("ssh://adm-{agent}.contoso.local", "WS-001.contoso.local"), ("ssh", "a-"),
  ])
  func namesThatLeadElsewhereAreRefused(template: String, name: String) throws {
    let link = try #require(TransportChain(template).links.first)
    let agent = try #require(AgentName(name))
    #expect { try link.target(for: agent) } throws: { ($0 as? AddressError)?.kind == .agentName }
  }

  /// An address would leave the template's suffix behind: it can't even be the name of an agent.
  @Test(arguments: ["10.20.0.1", "a..b", "-a", "a/b"])
  func whatIsNoNameNeverReachesATemplate(text: String) { #expect(AgentName(text) == nil) }

  @Test(arguments: ["-oProxyCommand=x", "a b", "a/../b", "", "a:22", "$(x)"])
  func addressesByHandKeepToTheGrammar(address: String) throws {
    let link = try #require(TransportChain("ssh").links.first)
    #expect { try link.target(address: address) } throws: { ($0 as? AddressError)?.kind == .agentName }
  }

  @Test(
    arguments: [
      ("", .empty), ("ssh,", .empty), ("telnet", .unknownScheme), ("winrm+ftp", .unknownScheme),
      ("ssh:22", .unknownScheme),
      ("ssh://admin@{agent}", .user), ("ssh://contoso.local", .template), ("ssh://{agent}{agent}", .template),
      ("ssh://{agent}.contoso.local:0", .port), ("ssh://{agent}:x", .port), ("ssh://-{agent}", .template),
      ("ssh://{agent} -x", .template), ("ssh,ssh", .template), ("ssh://{agent}.contoso.local/x", .template),
    ] as [(String, AddressError.Kind)])
  func refusals(row: (String, AddressError.Kind)) {
    #expect { try TransportChain(row.0) } throws: { ($0 as? AddressError)?.kind == row.1 }
  }
}
