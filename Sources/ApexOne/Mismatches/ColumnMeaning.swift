/// What a column of the list holds, and the words by which its header says so.
///
/// The form of `CertificateManager -l` is undocumented, so names are taken from what the product's console and other
/// exports call these things, in the languages it is sold in. Compared without blanks, punctuation and case.
package enum ColumnMeaning: Int, Sendable, Hashable, CaseIterable {
  case host, address, domain, guid, version, other

  /// What a header cell says; `rank` orders several columns of one meaning, lowest first. Nil where it says nothing
  /// that is known.
  static func read(_ cell: String) -> (meaning: ColumnMeaning, rank: Int)? { words[squeeze(cell)] }

  /// A word for the host, written as in headers and not as machines are named: `Host` and `hostname`, not `host`.
  static func isHostWord(_ cell: String) -> Bool {
    read(cell)?.meaning == .host && (cell.first?.isLowercase != true || squeeze(cell).hasSuffix("name"))
  }

  /// Letters and digits in lower case.
  static func squeeze(_ cell: String) -> String {
    if let plain = squeezedASCII(cell) { return plain }
    var text = ""
    for scalar in cell.unicodeScalars
    where scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "\u{30FC}" {
      text.unicodeScalars.append(scalar)
    }
    return text.lowercased()
  }

  /// The same for text that is all ASCII; nil for other.
  private static func squeezedASCII(_ cell: String) -> String? {
    var cell = cell
    return cell.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { squeezed in
        var length = 0
        for byte in bytes {
          let lowered = AgentName.lowered(byte)
          guard (lowered >= 0x61 && lowered <= 0x7A) || (lowered >= 0x30 && lowered <= 0x39) else { continue }
          squeezed[length] = lowered
          length += 1
        }
        return length
      }
    }
  }

  private static let words: [String: (meaning: ColumnMeaning, rank: Int)] = {
    var words: [String: (meaning: ColumnMeaning, rank: Int)] = [:]
    for (meaning, list) in lists {
      for (rank, word) in list.split(separator: " ").enumerated() where words[String(word)] == nil {
        words[String(word)] = (meaning, rank)
      }
    }
    return words
  }()

  private static let lists: [(ColumnMeaning, String)] = [
    (.host, english + german + french + spanish + italian + japanese + chinese + korean + russian),
    (
      .address,
      "ipaddress ipv4address ip ipv4 address ipaddresses agentipaddress clientipaddress endpointipaddress ipv6address ipv6 "
        + "ipadresse ipadressen adresse adresseip adressesip direcciónip direccionip dirección direccion indirizzoip "
        + "indirizzo ipアドレス アドレス ip地址 ip位址 地址 位址 ip주소 주소 ipадрес адрес "
    ),
    (
      .domain,
      "domainhierarchy domain domainname apexonedomain officescandomain agentdomain domainpath group groupname agenttree "
        + "domäne domaene domänenhierarchie domänenname gruppe domaine hiérarchiedesdomaines hiérarchiededomaine groupe "
        + "dominio jerarquíadedominios jerarquíadedominio grupo gerarchiadominio gerarchiadeidomini gruppo "
        + "ドメイン ドメイン階層 ドメイン名 グループ 域 域层次结构 域名 组 網域 網域階層 網域名稱 群組 도메인 домен группа "
    ),
    (
      .guid,
      "guid agentguid clientguid endpointguid uid agentid clientid uniqueid identifiant identificador identificativo "
        + "一意識別子 唯一标识 唯一識別碼 "
    ),
    (
      .version,
      "agentversion clientversion securityagentversion programversion version agentbuild build agentprogramversion "
        + "agentenversion programmversion versiondelagent versiondeagente versióndelagente versión versioneagente versioneagent versione "
        + "エージェントバージョン バージョン 代理程序版本 客户端版本 版本 代理程式版本 用戶端版本 버전 версия "
    ),
    (
      .other,
      "macaddress mac macadresse adressemac direcciónmac indirizzomac macアドレス mac地址 mac位址 platform os operatingsystem "
        + "betriebssystem plattform systèmedexploitation sistemaoperativo plateforme plataforma piattaforma "
        + "オペレーティングシステム プラットフォーム 操作系统 平台 作業系統 status connectionstatus connection state "
        + "verbindungsstatus étatdelaconnexion estadodeconexión statoconnessione 接続ステータス ステータス 连接状态 狀態 连线状态 "
        + "port listeningport agentport logonuser user username benutzer utilisateur usuario utente ユーザ 用户 使用者 "
        + "lastconnected laststartup lastupdate lastseen serial serialnumber thumbprint certificate fingerprint expires expiry "
        + "certificateserialnumber certificatethumbprint certificateexpiry server servername "
    ),
  ]

  private static let english =
    "computername endpointname hostname endpoint host computer machinename clientname agentname agenthost agent client "
    + "machine devicename device fqdn dnsname netbiosname computerhostname endpointhostname systemname pcname pc name "
    + "workstation node computers computernames hosts hostnames endpoints endpointnames machines machinenames clients "
    + "agents agentnames workstations nodes pcs devices devicenames systems servers names computeraccount samaccountname "
  private static let german =
    "computernamen rechnername endpunktname endpunkt rechner clientcomputer gerätename geraetename gerät agentenname "
  private static let french =
    "nomdelordinateur nomdordinateur nomordinateur nomdupointfinal nomdepointfinal nomdupointdeterminaison "
    + "pointfinal pointdeterminaison nomdhôte nomdhote nomdelhôte nomdhotes hôte ordinateur nomduposte poste "
  private static let spanish =
    "nombredelequipo nombredeequipo nombreequipo nombredelordenador nombredepuntofinal nombredelendpoint "
    + "nombredehost puntofinal equipo ordenador anfitrión "
  private static let italian =
    "nomecomputer nomedelcomputer nomeendpoint nomedellendpoint nomehost endpointnome "
  private static let japanese =
    "コンピュータ名 コンピューター名 エンドポイント名 ホスト名 端末名 エンドポイント コンピュータ コンピューター ホスト 端末 "
  private static let chinese =
    "计算机名 计算机名称 端点名称 终端名称 端点 终端 主机名 主机名称 主机 计算机 电脑名称 電腦名稱 電腦名 端點名稱 端點 主機名稱 主機名 主機 電腦 "
  private static let korean = "컴퓨터이름 컴퓨터명 엔드포인트이름 엔드포인트 호스트이름 호스트명 컴퓨터 "
  private static let russian = "имякомпьютера имяустройства имяхоста имяузла компьютер узел "
}
