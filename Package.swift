// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target.
///
/// Language mode 6 plus the upcoming features that make imports and isolation explicit. Warnings become errors only
/// with `CUTROOM_STRICT=1` (make and CI set it), so that a newer compiler's new warning never breaks a stranger's
/// build.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (Context.environment["CUTROOM_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])

/// How the released binary is linked: by the toolchain's own linker, with its relocations packed (the loader then
/// touches a megabyte less), and exporting no symbols, since nothing is ever loaded into it.
let slim: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker",
            "--no-export-dynamic",
        ], .when(configuration: .release))
]

func systemLibrary(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, of dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "cutroom",
    products: [
        .executable(name: "cutroom", targets: ["App"]),
        .library(name: "Domain", targets: ["Domain"]),
        .library(name: "Application", targets: ["Application"]),
        .library(name: "ApplicationConformance", targets: ["ApplicationConformance"]),
    ],
    targets: [
        .target(name: "Domain", swiftSettings: settings),
        .target(name: "Application", dependencies: ["Domain"], swiftSettings: settings),
        .target(
            name: "ApplicationConformance", dependencies: ["Application", "Domain"], swiftSettings: settings),
        .target(
            name: "Infrastructure",
            dependencies: [
                "Application", "Domain", "CSQLite", "CCurl", "CLibass", "CArchive", "CLinux",
                "CGnuTLS", "CSodium", "CIDN2", "CUnistring",
            ],
            resources: [.embedInCode("FFmpeg/CaptionTemplates.json")],
            swiftSettings: settings),
        .target(
            name: "Presentation",
            dependencies: [
                "Application", "Domain", "CMicroHTTPD", "CWslay", "CGnuTLS", "CJansson", "CLinux", "CZlib",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "App", dependencies: ["Application", "Domain", "Infrastructure", "Presentation"],
            swiftSettings: settings, linkerSettings: slim),

        .executableTarget(
            name: "Embedding", dependencies: ["Application", "Domain"], path: "Examples/Embedding",
            swiftSettings: settings),

        .executableTarget(
            name: "cutroom-bench",
            dependencies: ["Application", "Domain", "Infrastructure", "Presentation", "CLinux"],
            path: "Benchmarks/Tool", swiftSettings: settings),

        systemLibrary("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        systemLibrary("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        systemLibrary("CWslay", apt: "libwslay-dev"),
        systemLibrary("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
        systemLibrary("CJansson", pkgConfig: "jansson", apt: "libjansson-dev"),
        systemLibrary("CLibass", pkgConfig: "libass", apt: "libass-dev"),
        systemLibrary("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        systemLibrary("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev"),
        systemLibrary("CIDN2", pkgConfig: "libidn2", apt: "libidn2-dev"),
        systemLibrary("CUnistring", apt: "libunistring-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),

        .systemLibrary(name: "CLinux", path: "Sources/System/CLinux"),

        .target(
            name: "TestSupport", dependencies: ["Application", "Domain", "CGnuTLS"], path: "Tests/Support",
            swiftSettings: settings),
        tests("DomainTests", of: ["Domain", "TestSupport"]),
        tests("ApplicationTests", of: ["Application", "ApplicationConformance", "Domain", "TestSupport"]),
        tests(
            "InfrastructureTests",
            of: ["Infrastructure", "Application", "ApplicationConformance", "Domain", "TestSupport"]),
        tests(
            "PresentationTests",
            of: ["Presentation", "Application", "Domain", "TestSupport", "CGnuTLS", "CZlib"]),
        tests(
            "AppTests",
            of: [
                "App", "Application", "Domain", "Embedding", "Infrastructure", "Presentation", "TestSupport",
                "CLinux",
            ]),
        tests("ArchitectureTests", of: []),
    ]
)
