// swift-tools-version: 6.2
import PackageDescription

/// The targets that touch C, with their tests, as a package of their own: without the dependencies of the others they
/// build under AddressSanitizer in a minute. The folders here are links to those of the main package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "sanitizers",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(
            name: "CLua", path: "Sources/CLua", pkgConfig: "lua5.4",
            providers: [.apt(["liblua5.4-dev"]), .brew(["lua"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CLuaSupport", dependencies: ["CLua", "CSimdJSON"]),
        .target(name: "LuaRuntime", dependencies: ["CLuaSupport"], swiftSettings: settings),
        .target(name: "EventJSON", dependencies: ["CSimdJSON"], swiftSettings: settings),
        .target(name: "CurlHTTP", dependencies: ["CCurl"], swiftSettings: settings),
        .testTarget(
            name: "LuaRuntimeTests", dependencies: ["LuaRuntime", "CLuaSupport"], path: "LuaRuntimeTests",
            swiftSettings: settings),
        .testTarget(
            name: "EventJSONTests", dependencies: ["EventJSON"], path: "EventJSONTests", swiftSettings: settings),
        .testTarget(
            name: "CurlHTTPTests", dependencies: ["CurlHTTP", "CCurl"], path: "CurlHTTPTests",
            exclude: ["Support/tls_server.py"], swiftSettings: settings),
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
