import Foundation
@_exported import TestSupport

@testable import ApexOne

/// Certificates made for these tests by OpenSSL; their keys were thrown away. Names are invented.
enum SampleCertificates {
  /// RSA-2048, serial D7A1B2C3D4E5F601, O=Contoso,CN=apexone.contoso.local.
  static let server = der(
    """
    MIIDOjCCAiKgAwIBAgIJANehssPU5fYBMA0GCSqGSIb3DQEBCwUAMDIxEDAOBgNVBAoMB0NvbnRvc28xHjAcBgNVBAMMFWFwZXhvbmUuY29u
    dG9zby5sb2NhbDAeFw0yNjExMjMyMjE5MjBaFw00NjExMTgyMjE5MjBaMDIxEDAOBgNVBAoMB0NvbnRvc28xHjAcBgNVBAMMFWFwZXhvbmUu
    Y29udG9zby5sb2NhbDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAL8HNXQEa5/EnzoYesoJ+iGiTnd/Ez7WZWdFZAN14K+XqTjH
    j8zlCsIv44snLLrlhhy4iAg9wOkatgTklDPssJ2ZsHJ/QOZwcEuDcdM/DtBpV258KkkP9TSQEVyysDKaFuRpYIJ5JFCRpvEkl7oESILOkbs/
    +qrJ6sjJw010AYoQzpZtuhYb/OVfgYai+FY0GCU/TdfEWdta+KAdmrypGUDS5xaKZyylxV+muVmss8xKpR5LCvUBbKq2qNt+635B62Bi5GKE
    8V5QOwDP6ywU4GjR6Dq3ohwUR4AAAqcm5pu0cEA10D581ggAwo2aqOgUf6TFGFinAWXXEz6YIqMTvD8CAwEAAaNTMFEwHQYDVR0OBBYEFHXY
    TDfBbdPyrDLZCATJlmlX/4+3MB8GA1UdIwQYMBaAFHXYTDfBbdPyrDLZCATJlmlX/4+3MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
    BQADggEBAJSK0SWrbkc6Du1n6MvEtHDWAacvcoYTuMXlNvnm0GT5DL3W4XdZ/r3sq6zCRq92jLgWcPbcEzFQHg37wedg/CWWV9TLIpX17j8U
    5RbJSuspBKv91hOwKsJFP3AHDRjrhedOB8BR6hCurTFc+vfq4T9p6D/IbWZKU3BqiGLzWSK/Ykke5DIgBAPCn2gaDrpRH6gqaoWzVQZW13p+
    hizcOIMxViqWMLO8hJFxRayUapOIfylFFYL9nriTesDcuynwgCpC2eidf7h5d52HPiYofz/qKfS2JfCPN0+jOeTAESXNlPoQ7INqSHA+23bk
    +V6yKonxTTthXGfyFK4EfAZDn8g=
    """)
  /// The same key and names, serial 1002.
  static let renewed = der(
    """
    MIIDMzCCAhugAwIBAgICEAIwDQYJKoZIhvcNAQELBQAwMjEQMA4GA1UECgwHQ29udG9zbzEeMBwGA1UEAwwVYXBleG9uZS5jb250b3NvLmxv
    Y2FsMB4XDTI2MTEyMzIyMTkyMFoXDTQ2MDEyMjIyMTkyMFowMjEQMA4GA1UECgwHQ29udG9zbzEeMBwGA1UEAwwVYXBleG9uZS5jb250b3Nv
    LmxvY2FsMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvwc1dARrn8SfOhh6ygn6IaJOd38TPtZlZ0VkA3Xgr5epOMePzOUKwi/j
    iycsuuWGHLiICD3A6Rq2BOSUM+ywnZmwcn9A5nBwS4Nx0z8O0GlXbnwqSQ/1NJARXLKwMpoW5GlggnkkUJGm8SSXugRIgs6Ruz/6qsnqyMnD
    TXQBihDOlm26Fhv85V+BhqL4VjQYJT9N18RZ21r4oB2avKkZQNLnFopnLKXFX6a5WayzzEqlHksK9QFsqrao237rfkHrYGLkYoTxXlA7AM/r
    LBTgaNHoOreiHBRHgAACpybmm7RwQDXQPnzWCADCjZqo6BR/pMUYWKcBZdcTPpgioxO8PwIDAQABo1MwUTAdBgNVHQ4EFgQUddhMN8Ft0/Ks
    MtkIBMmWaVf/j7cwHwYDVR0jBBgwFoAUddhMN8Ft0/KsMtkIBMmWaVf/j7cwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEA
    RiOPCjUzFe49kS4kzBcOjMyMgkwtLdaBbRF96xY5cCBSAMAw4qoY3KSO4N7WpBbCURLVHdZIZ46eCmvxOWq+ADTJBwmU57BXH47ljY2vEtUO
    YVArbwa+mpzSQHhAehBufRBBiz3FIpqbC92oMyzPVwnGFBPWg0cDUVS+X/ld+1pA6IyceV48bWR+lwMvHG/AxX3G8fbjy10SjtbjnuvHiWED
    rps3sHtHt0o+gfff/MBtUO+5QTrXkircRtvAGqnH468CEOEgAQVaDrbrmVQbK5awO0jRDvZvV1kzmyXZykweeJQnsmeOc/V6Q4adg7g2NGuC
    95ue7VphaPya3fAwCg==
    """)
  /// P-256, serial 07, CN=apexone2.contoso.local.
  static let other = der(
    """
    MIIBhDCCASqgAwIBAgIBBzAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZhcGV4b25lMi5jb250b3NvLmxvY2FsMB4XDTI2MTEyMzIyMTkyMFoX
    DTQ2MTExODIyMTkyMFowITEfMB0GA1UEAwwWYXBleG9uZTIuY29udG9zby5sb2NhbDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGPp7dX0
    83YrP8/fOH+yP2Qu7nBsbH1wnSKHqq8gUMHJPOtNhuIsLGyp5vMNG9FtyJVeLiQT9smzdAP9fa2hGLqjUzBRMB0GA1UdDgQWBBSaEXWg5bTz
    aGQRFIwErR/p3IYBJTAfBgNVHSMEGDAWgBSaEXWg5bTzaGQRFIwErR/p3IYBJTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUC
    IBv1uG3o73R2DJcFMytkRZdCqDpU3PqOeZfxE213qmaXAiEA84ur+83SkHbtBY6fWpVjo3Yh6aGzv2An7xuugKU5xJo=
    """)
  /// RSA-1024 with SHA-1, serial 1003, as an old server may have.
  static let old = der(
    """
    MIICAjCCAWugAwIBAgICEAMwDQYJKoZIhvcNAQEFBQAwHDEaMBgGA1UEAwwRb2xkLmNvbnRvc28ubG9jYWwwHhcNMjYxMTIzMjIxOTIwWhcN
    NDYxMTE4MjIxOTIwWjAcMRowGAYDVQQDDBFvbGQuY29udG9zby5sb2NhbDCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAnh2smpxF0lZY
    6hOodsoEgcV7XX8/xMeU8apWU0jXJfpN1CI6oci4VljK6MB/6curQ8JQEJaHwRmHEq+ZA77BJ7vjy6HWDfvAr5wLzECqzNKZMNuW7QHa6k5z
    CIANFMLFdrAajAwkOuW83upg1GETIMTPVnwho3UGysWd/zSSWs0CAwEAAaNTMFEwHQYDVR0OBBYEFOnRff450FTnM1r4UksTY/QSsc8NMB8G
    A1UdIwQYMBaAFOnRff450FTnM1r4UksTY/QSsc8NMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEFBQADgYEAZGsBKy0C0rgDYekaNOGt
    TbWwoVVVwAAuB3ukBCb9om6cddt7+IXk73OGcsl17x/CLmmr3zdDINL1CrgdXOkItv3YG/ovCbtnJ79AM4B2uN9rGFsL66fYzHlOJeNyFvCx
    sPM5zRmxVXlUzj0Vwao44FLLzP2Dq1yRIdrXpJt8rp4=
    """)

  private static func der(_ base64: String) -> [UInt8] {
    Array(Data(base64Encoded: base64.filter { !$0.isNewline }) ?? Data())
  }

  static func pem(_ der: [UInt8], label: String = "CERTIFICATE", newline: String = "\n") -> String {
    let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    let lines = ["-----BEGIN \(label)-----"] + body.split(separator: "\n").map(String.init) + ["-----END \(label)-----"]
    return lines.joined(separator: newline) + newline
  }
}
