import Logging
import Moonwire
import ServiceLifecycle
import Synchronization

@testable import MoonwireServer

/// Runs a server with some routes as long as a test needs it.
func withServer<Value: Sendable>(
    _ routes: [any InboundRoute] = [], privately: [any InboundRoute] = [], log: LogBook = LogBook(),
    settings change: (inout ServerSettings) -> Void = { _ in },
    _ use: @escaping @Sendable (RunningServer) async throws -> Value
) async throws -> Value {
    var settings = ServerSettings(listen: .init(host: "127.0.0.1", port: 0))
    change(&settings)
    let server = try WebServer(settings, logger: log.logger)
    try server.routes.mount(routes, as: "test")
    try server.privateRoutes.mount(privately, as: "private")
    let (ports, opened) = AsyncStream.makeStream(of: [Int].self)
    let group = ServiceGroup(
        configuration: .init(
            services: [.init(service: Opening(server: server, opened: opened))], logger: log.logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { opened.finish() }
            try await group.run()
        }
        var open: [Int] = []
        for await found in ports {
            open = found
            break
        }
        if open.isEmpty { try await tasks.next() }
        let value = try await use(RunningServer(server: server, ports: open, group: group))
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return value
    }
}

struct RunningServer: Sendable {
    let server: WebServer
    let ports: [Int]
    let group: ServiceGroup

    var port: Int { ports.first ?? 0 }
}

private struct Opening: Service {
    let server: WebServer
    let opened: AsyncStream<[Int]>.Continuation

    func run() async throws { try await server.run { opened.yield($0) } }
}

/// Keeps what is logged.
final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger {
        Logger(label: "test") { _ in Handler(book: self) }
    }

    var all: [String] { lines.withLock { $0 } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(book: LogBook) { self.book = book }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let text = all.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
            book.lines.withLock { $0.append("\(event.message) \(text)") }
        }
    }
}

/// A route that tells what it was asked.
struct EchoRoute: InboundRoute {
    var path = "/echo"
    var methods: Set<String> = ["POST", "GET"]
    var bodyLimit = 64
    var coversSubpaths = false
    var refuses: (@Sendable (InboundHead) async -> InboundResponse?)?
    var answers: (@Sendable (InboundRequest) async -> InboundResponse)?
    var drains: (@Sendable () -> Void)?

    func refusal(of head: InboundHead) async -> InboundResponse? { await refuses?(head) }

    func answer(_ request: InboundRequest) async -> InboundResponse {
        if let answers { return await answers(request) }
        let query = request.head.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        let text =
            "\(request.head.method) \(request.head.path) [\(query)] " + String(decoding: request.body, as: UTF8.self)
        return InboundResponse(status: 200, body: .bytes(Array(text.utf8)))
    }

    func drain() { drains?() }
}
