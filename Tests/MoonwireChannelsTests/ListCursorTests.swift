import Testing

@testable import MoonwireChannels

/// Lists that change while they are read.
struct ListCursorTests {
    /// Reads a list to its end; `between` changes it after each page.
    private func readAll(_ list: [Int], pageSize: Int, between: (inout [Int], Int) -> Void) async throws -> [Int] {
        var list = list
        var read: [Int] = []
        var cursor: ChatwootConversationCursor? = ChatwootConversationCursor()
        var pages = 0
        while let place = cursor.flatMap({ ChatwootConversationCursor($0.text) }), pages < 1000 {
            let now = list
            let (fresh, next) = try await place.read(pageSize: pageSize, id: { $0 }) { page in
                Array(now.dropFirst((page - 1) * pageSize).prefix(pageSize))
            }
            read += fresh
            pages += 1
            between(&list, pages)
            cursor = next
        }
        return read
    }

    @Test func aStillListIsReadOnce() async throws {
        for count in [0, 1, 4, 5, 6, 10, 23] {
            let read = try await readAll(Array(1...max(count, 1)).prefix(count).map { $0 }, pageSize: 5) { _, _ in }
            #expect(read == Array(1...max(count, 1)).prefix(count).map { $0 })
        }
    }

    @Test func whatLeavesTheListHidesNothing() async throws {
        let read = try await readAll(Array(1...100), pageSize: 5) { list, pages in list.removeFirst(min(5, list.count))
        }
        #expect(read == Array(1...100))
        let some = try await readAll(Array(1...50), pageSize: 5) { list, pages in
            if let index = list.firstIndex(where: { $0 % 7 == 3 }) { list.remove(at: index) }
        }
        #expect(Set(some).isSuperset(of: (1...50).filter { $0 % 7 != 3 }) && Set(some).count == some.count)
    }

    @Test func whatJoinsTheListComesAtItsEnd() async throws {
        let read = try await readAll(Array(1...20), pageSize: 5) { list, pages in
            if pages <= 3 { list.append(100 + pages) }
        }
        #expect(read == Array(1...20) + [101, 102, 103])
    }

    @Test func aListThatCollapsesEnds() async throws {
        let read = try await readAll(Array(1...20), pageSize: 5) { list, pages in if pages == 2 { list = [1] } }
        #expect(read == Array(1...10))
    }

    @Test func aListThatIgnoresTheOffsetEnds() {
        let start = TwinSessionCursor(readAt: 7)
        let second = start.next(sent: 100, first: "a", count: nil)
        #expect(second?.text == "7:100:a")
        #expect(second?.next(sent: 100, first: "a", count: nil) == nil)
        #expect(second?.next(sent: 100, first: "b", count: 200) == nil)
        #expect(second?.next(sent: 100, first: "b", count: 250)?.offset == 200)
        #expect(start.next(sent: 0, first: nil, count: nil) == nil)
        #expect(
            TwinSessionCursor("7:100:a:b") == TwinSessionCursor(readAt: 7).next(sent: 100, first: "a:b", count: nil))
        #expect(TwinSessionCursor("x") == nil && TwinSessionCursor("1:-1:a") == nil)
    }
}
