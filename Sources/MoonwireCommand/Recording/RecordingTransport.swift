import ChatwootAPI
import CurlHTTP
import TwinAPI

/// Carries requests as the client below does, and tells the recorder of each.
struct RecordingTransport: ChatwootTransport, TwinTransport {
    private let client: HTTPClient
    private let recorder: Recorder

    init(_ client: HTTPClient, _ recorder: Recorder) {
        self.client = client
        self.recorder = recorder
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let exchange = recorder.began(request)
        do throws(HTTPError) {
            let response = try await client.send(request)
            recorder.ended(exchange, request, response)
            return response
        } catch {
            recorder.failed(exchange, request, error)
            throw error
        }
    }
}
