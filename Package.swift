// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "moonwire",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "moonwire", targets: ["MoonwireCommand"]),
        .executable(name: "moonwire-bench", targets: ["MoonwireBenchmarks"]),
        .library(name: "LuaRuntime", targets: ["LuaRuntime"]),
        .library(name: "ActionCable", targets: ["ActionCable"]),
        .library(name: "Centrifuge", targets: ["Centrifuge"]),
        .library(name: "ChatwootAPI", targets: ["ChatwootAPI"]),
        .library(name: "TwinAPI", targets: ["TwinAPI"]),
        .library(name: "CustomChannelAPI", targets: ["CustomChannelAPI"]),
        .library(name: "PlatformSimulator", targets: ["PlatformSimulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // The system's C and C++ libraries.
        .systemLibrary(
            name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"]), .brew(["lua"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CLuaSupport", dependencies: ["CLua", "CSimdJSON"]),

        // Tools that know no chat.
        .target(name: "LuaRuntime", dependencies: ["CLuaSupport"], swiftSettings: settings),
        .target(name: "EventJSON", dependencies: ["CSimdJSON"], swiftSettings: settings),
        .target(name: "CurlHTTP", dependencies: ["CCurl"], swiftSettings: settings),
        .target(
            name: "PrometheusMetrics", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: settings),
        .target(
            name: "WebSocketClient",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "ActionCable",
            dependencies: ["WebSocketClient", "EventJSON", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .target(
            name: "Centrifuge",
            dependencies: ["WebSocketClient", "EventJSON", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),

        // One platform family each.
        .target(
            name: "ChatwootAPI",
            dependencies: [
                "ActionCable", "CurlHTTP", "EventJSON", "WebSocketClient",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "TwinAPI", dependencies: ["CurlHTTP", "EventJSON"], swiftSettings: settings),
        .target(
            name: "CustomChannelAPI",
            dependencies: ["CurlHTTP", "EventJSON", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),

        // The core, and what plugs into it.
        .target(
            name: "Moonwire",
            dependencies: [
                "EventJSON",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "MoonwireChannels",
            dependencies: [
                "ActionCable", "Centrifuge", "ChatwootAPI", "CurlHTTP", "CustomChannelAPI", "EventJSON", "Moonwire",
                "TwinAPI", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "MoonwireConfiguration", dependencies: ["EventJSON", "Moonwire", "Yams"], swiftSettings: settings),
        .target(
            name: "MoonwireScripts",
            dependencies: [
                "EventJSON", "LuaRuntime", "Moonwire",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "SQLiteJournal",
            dependencies: [
                "EventJSON", "Moonwire",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),

        // The page that a platform shows to its operators beside a session.
        .target(
            name: "MoonwireDashboard",
            dependencies: [
                "EventJSON", "Moonwire", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        .target(
            name: "MoonwireServer",
            dependencies: [
                "EventJSON", "Moonwire", "PrometheusMetrics",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Stand-ins of the platforms, over the real wire.
        .target(
            name: "PlatformSimulator",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // The program.
        .executableTarget(
            name: "MoonwireCommand",
            dependencies: [
                "ActionCable", "Centrifuge", "ChatwootAPI", "CurlHTTP", "CustomChannelAPI", "EventJSON", "LuaRuntime",
                "Moonwire", "MoonwireChannels", "MoonwireConfiguration", "MoonwireDashboard", "MoonwireScripts",
                "MoonwireServer",
                "PlatformSimulator", "PrometheusMetrics", "SQLiteJournal", "TwinAPI", "WebSocketClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Single operations of the targets above, measured.
        .executableTarget(
            name: "MoonwireBenchmarks",
            dependencies: [
                "CurlHTTP", "EventJSON", "LuaRuntime", "Moonwire", "MoonwireScripts", "SQLiteJournal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Benchmarks/Micro", swiftSettings: settings),

        // Tests, one target for each above.
        .testTarget(name: "CLuaSupportTests", dependencies: ["CLua", "LuaRuntime"], swiftSettings: settings),
        .testTarget(name: "LuaRuntimeTests", dependencies: ["LuaRuntime"], swiftSettings: settings),
        .testTarget(name: "EventJSONTests", dependencies: ["EventJSON"], swiftSettings: settings),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: ["PrometheusMetrics", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: settings),
        .testTarget(
            name: "CurlHTTPTests", dependencies: ["CCurl", "CurlHTTP"], exclude: ["Support/tls_server.py"],
            swiftSettings: settings),
        .target(
            name: "WebSocketTestSupport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/WebSocketTestSupport", swiftSettings: settings),
        .testTarget(
            name: "WebSocketClientTests",
            dependencies: [
                "WebSocketClient", "WebSocketTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            resources: [.copy("Certificates")], swiftSettings: settings),
        .testTarget(
            name: "ActionCableTests",
            dependencies: [
                "ActionCable", "WebSocketClient", "WebSocketTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CentrifugeTests",
            dependencies: [
                "Centrifuge", "EventJSON", "WebSocketClient", "WebSocketTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ActionCablePeerTests",
            dependencies: ["ActionCable", "WebSocketClient", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .testTarget(
            name: "ChatwootAPITests", dependencies: ["ChatwootAPI", "CurlHTTP", "EventJSON"], swiftSettings: settings),
        .testTarget(
            name: "TwinAPITests", dependencies: ["CurlHTTP", "EventJSON", "TwinAPI", "WebSocketTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "CustomChannelAPITests", dependencies: ["CurlHTTP", "CustomChannelAPI", "EventJSON"],
            swiftSettings: settings),
        .testTarget(
            name: "MoonwireTests", dependencies: ["EventJSON", "JournalContract", "Moonwire"], swiftSettings: settings),
        .testTarget(
            name: "MoonwireConfigurationTests", dependencies: ["EventJSON", "Moonwire", "MoonwireConfiguration"],
            swiftSettings: settings),
        .testTarget(
            name: "MoonwireScriptsTests",
            dependencies: [
                "EventJSON", "LuaRuntime", "Moonwire", "MoonwireScripts", "PrometheusMetrics",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "JournalContract", dependencies: ["Moonwire"], path: "Tests/JournalContract",
            swiftSettings: settings),
        .testTarget(
            name: "SQLiteJournalTests",
            dependencies: [
                "EventJSON", "JournalContract", "Moonwire", "SQLiteJournal",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "PlatformSimulatorTests",
            dependencies: [
                "PlatformSimulator",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // Whole hosts over real sockets.
        .testTarget(
            name: "MoonwireChannelsTests",
            dependencies: [
                "ActionCable", "Centrifuge", "ChatwootAPI", "CurlHTTP", "CustomChannelAPI", "EventJSON", "Moonwire",
                "MoonwireChannels", "MoonwireScripts", "MoonwireServer", "PlatformSimulator", "PrometheusMetrics",
                "SQLiteJournal", "TwinAPI", "WebSocketClient",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MoonwireDashboardTests",
            dependencies: [
                "EventJSON", "Moonwire", "MoonwireDashboard", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MoonwireServerTests",
            dependencies: [
                "EventJSON", "Moonwire", "MoonwireScripts", "MoonwireServer", "PrometheusMetrics", "SQLiteJournal",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // The journals of past releases, rebuilt by this one.
        .testTarget(
            name: "JournalReleaseTests",
            dependencies: [
                "EventJSON", "LuaRuntime", "Moonwire", "MoonwireScripts", "SQLiteJournal",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.copy("Journals"), .copy("Scripts")], swiftSettings: settings),
        // The built binary, killed and started again.
        .testTarget(
            name: "MoonwireCommandTests",
            dependencies: [
                "CurlHTTP", "EventJSON", "Moonwire", "MoonwireCommand", "MoonwireConfiguration", "MoonwireScripts",
                "MoonwireServer",
                "PlatformSimulator", "SQLiteJournal",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
