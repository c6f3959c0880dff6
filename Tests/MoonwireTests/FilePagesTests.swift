import Dispatch
import Foundation
import Testing

@testable import Moonwire

struct FilePagesTests {
    private let one = BroadcastID(rawValue: 1)
    private let other = BroadcastID(rawValue: 2)
    private let hang = DispatchSemaphore(value: 0)

    private func file(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "moonwire-pages-" + UUID().uuidString
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func hangs(_ hang: DispatchSemaphore) throws(BroadcastProblem) -> AudienceFile {
        hang.wait()
        throw BroadcastProblem("the mount is gone")
    }

    @Test func aFileThatHangsHoldsUpNoOther() async throws {
        let pages = FilePages()
        let path = try file("phone\n+15550001\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let hang = hang
        let (arrivals, arrival) = AsyncStream.makeStream(of: BroadcastID.self)
        pages.ask(one, limit: 9, channel: "shop") { () throws(BroadcastProblem) in
            try Self.hangs(hang)
        } arrival: { [one] in
            arrival.yield(one)
        }
        pages.ask(other, limit: 9, channel: "shop") { () throws(BroadcastProblem) in
            try AudienceFile(path: path, options: CSVOptions())
        } arrival: { [other] in
            arrival.yield(other)
        }
        var order = arrivals.makeAsyncIterator()
        #expect(await order.next() == other)
        guard case .came(.success(let reading))? = pages[other], case .asked? = pages[one] else {
            Issue.record("\(String(describing: pages[other])), \(String(describing: pages[one]))")
            return
        }
        #expect(reading.page.entries.map(\.address) == ["phone:+15550001"])
        hang.signal()
        #expect(await order.next() == one)
        guard case .came(.failure(let problem))? = pages[one] else {
            Issue.record("no failure")
            return
        }
        #expect(problem.description == "the mount is gone")
    }

    @Test func whatComesForAForgottenBroadcastIsLeftOut() async throws {
        let pages = FilePages()
        let hang = hang
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        pages.ask(one, limit: 9, channel: "shop") { () throws(BroadcastProblem) in
            try Self.hangs(hang)
        } arrival: {
            arrival.yield()
        }
        pages.forget(one)
        hang.signal()
        var order = arrivals.makeAsyncIterator()
        await order.next()
        #expect(pages[one] == nil)
    }

    @Test func whoeverIsCancelledDoesNotWaitForAFileThatHangs() async throws {
        let hang = hang
        let waiting = Task {
            try await FilePages.next(9, channel: "shop") { () throws(BroadcastProblem) in try Self.hangs(hang) }
        }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        hang.signal()
    }
}
