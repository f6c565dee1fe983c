package import Remote

/// The account and passwords of a lab, as an administrator would know them. They guard nothing.
package struct LabSecrets: Sendable {
  static let passwordText = "P@ssw0rd"
  static let unloadText = "P@ssw0rd-unload"
  static let uninstallText = "P@ssw0rd-uninstall"

  package let user = #"CONTOSO\admin"#
  package let password = Secret(passwordText)
  package let unloadPassword = Secret(unloadText)
  package let uninstallPassword = Secret(uninstallText)
}
