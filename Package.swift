// swift-tools-version: 6.1
// The house: pure product knowledge (ApexOne), Windows at a distance (Remote), ways to reach it (Transports, Lab),
// plans carried out (Runs), what a person can ask for (Commands), and the doors (Shell, LineEditor, apexsh).
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A module that sees Foundation and libc's `stat` together can't hold this wall: the toolchain says that `stat` belongs
/// to CoreFoundation, which no program can import (in release always, in debug by the order of the files).
let wall: SwiftSetting = .enableUpcomingFeature("MemberImportVisibility", .when(configuration: .debug))

/// What to ask pkg-config for: on Linux nothing, since the headers are where they are looked for anyhow, and its answers
/// would link libssh and libarchive, which `CLateLibraries` loads when they are needed, and shut out static libraries.
#if os(Linux)
  let config: (String) -> String? = { _ in nil }
#else
  let config: (String) -> String? = { $0 }
#endif

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

/// An async function goes on where its caller is: a run makes a million such calls a second, and each would ask whether
/// it has to change threads.
let callersThread: SwiftSetting = .enableUpcomingFeature("NonisolatedNonsendingByDefault")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies,
    swiftSettings: strict + (name == "Commands" ? [] : [wall])
      + (["Remote", "Runs", "Lab"].contains(name) ? [callersThread] : []))
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], libraries: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict + [wall],
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

let package = Package(
  name: "apexsh",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "apexsh", targets: ["apexsh"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibssh", pkgConfig: config("libssh"), providers: [.apt(["libssh-dev"]), .brew(["libssh"])]),
    .systemLibrary(
      name: "CLibarchive", pkgConfig: config("libarchive"),
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    .target(name: "CLateLibraries", dependencies: ["CLibssh", "CLibarchive"]),
    .systemLibrary(name: "CLibedit", pkgConfig: config("libedit"), providers: [.apt(["libedit-dev"])]),
    .target(name: "CEditline", dependencies: ["CLibedit", "CSystem"], linkerSettings: [.linkedLibrary("edit")]),

    .target(name: "CSystem"),

    module("DisplayText", ["CSystem"]),
    module("InputText"),
    module("LocalSystem", ["CSystem"]),
    module("ApexOne", ["InputText", x509, asn1, crypto]),
    module("Remote"),
    module("Transports", ["InputText", "LocalSystem", "Remote", "CLibssh", "CLateLibraries", "CSystem"]),
    module("Archives", ["LocalSystem", "CLibarchive", "CLateLibraries"]),
    module("Runs", ["ApexOne", "Remote", grdb, crypto]),
    module("Lab", ["CSystem", "ApexOne", "Remote", x509, asn1, crypto]),
    module(
      "Commands",
      ["DisplayText", "InputText", "LocalSystem", "CSystem", "ApexOne", "Remote", "Runs", "Archives", argumentParser]),
    module("LineEditor", ["DisplayText", "CEditline", "CSystem"]),
    module(
      "Shell",
      [
        "DisplayText", "InputText", "LocalSystem", "ApexOne", "Remote", "Runs", "Commands", "LineEditor", "CEditline",
        "CSystem", argumentParser,
      ]),
    .executableTarget(
      name: "apexsh",
      dependencies: ["CSystem", "InputText", "ApexOne", "Remote", "Runs", "Commands", "Shell", "Lab", "Transports"],
      swiftSettings: strict),

    // What the terminal tests drive (Tests/terminal); no product.
    .executableTarget(
      name: "editor-probe", dependencies: ["DisplayText", "LineEditor", "Remote", "Shell"],
      path: "Tests/terminal/probe",
      swiftSettings: strict),

    // What tests of several modules share.
    .target(name: "TestSupport", dependencies: ["Remote"], path: "Tests/TestSupport", swiftSettings: strict + [wall]),
    .target(
      name: "CommandTestSupport", dependencies: ["Commands", "Remote"], path: "Tests/CommandTestSupport",
      swiftSettings: strict + [wall]),

    // What README and Documentation.docc name is there.
    tests("DocumentationTests", []),
    tests("InputTextTests", ["InputText"]),
    tests("LocalSystemTests", ["TestSupport", "LocalSystem"]),
    tests("ApexOneTests", ["TestSupport", "ApexOne"], resources: [.copy("Samples")]),
    tests("RemoteTests", ["TestSupport", "Remote"]),
    // Their server is made of libssh functions that the program doesn't have.
    tests("TransportsTests", ["TestSupport", "Transports", "LocalSystem", "Remote", "CLibssh"], libraries: ["ssh"]),
    tests("ArchivesTests", ["TestSupport", "Archives"]),
    tests("RunsTests", ["TestSupport", "Runs", "ApexOne", "Remote", "Lab"], resources: [.copy("Samples")]),
    tests("LabTests", ["TestSupport", "Lab", "ApexOne", "Remote"]),
    tests(
      "CommandsTests",
      ["TestSupport", "CommandTestSupport", "Commands", "ApexOne", "Remote", "Runs", "Lab", "Archives", argumentParser]),
    tests("LineEditorTests", ["LineEditor", "DisplayText"]),
    // The built program against real SSH servers; scripts/lab-sshd starts them.
    tests("EndToEndTests", ["TestSupport", "Lab", "LocalSystem", "Remote", "Transports"]),
    tests(
      "ShellTests",
      ["TestSupport", "CommandTestSupport", "Shell", "Commands", "Lab", "ApexOne", "Remote", "Runs", argumentParser]),
  ]
)

/// Makes pages of Documentation.docc; for `scripts/docs` alone.
if Context.environment["APEXSH_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
