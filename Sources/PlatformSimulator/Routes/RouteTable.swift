import HTTPTypes
import Hummingbird
import NIOCore

/// Registers routes on Hummingbird's router and turns requests into calls and errors into answers.
struct RouteTable {
    let router: Router<BasicRequestContext>
    let world: ChatwootWorld

    /// The largest body that is read; the real limit is the proxy's.
    private static let largestBody = 64 << 20

    typealias Handler = @Sendable (Call) async throws -> Answer

    /// Adds a route whose errors are worded by `wording`.
    func add(
        _ methods: [HTTPRequest.Method], _ path: String, wording: @escaping @Sendable (WorldError) -> Answer,
        _ handler: @escaping Handler
    ) {
        for method in methods {
            router.on(RouterPath(path), method: method) { request, context in
                do {
                    return try await handler(try await Self.call(request, context)).response
                } catch let error as WorldError {
                    return wording(error).response
                } catch let refusal as Refusal {
                    return refusal.answer.response
                }
            }
        }
    }

    private static func call(_ request: Request, _ context: BasicRequestContext) async throws -> Call {
        let hasBody = request.method != .get && request.method != .head
        let body = hasBody ? try await request.body.collect(upTo: largestBody) : ByteBuffer()
        let parameters = try RequestParameters(
            query: request.uri.query.map { String($0) }, contentType: request.headers[.contentType],
            body: Array(body.readableBytesView))
        return Call(
            method: request.method.rawValue, path: request.uri.path, segments: context.parameters,
            headers: request.headers, parameters: parameters.values, uploads: parameters.files)
    }
}
