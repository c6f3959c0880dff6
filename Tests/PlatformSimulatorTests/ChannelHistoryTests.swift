import Testing

@testable import PlatformSimulator

@Suite struct ChannelHistoryTests {
    private func history(_ count: Int, size: Int = 300) -> ChannelHistory {
        var history = ChannelHistory(epoch: "abcd")
        for number in 0..<count { _ = history.append(.int(number), info: nil, size: size) }
        return history
    }

    private func recover(_ history: ChannelHistory, _ offset: Int, _ epoch: String = "abcd", size: Int = 300) -> [Int]?
    {
        history.recover(since: .init(offset: offset, epoch: epoch), size: size, limit: 300)?.map(\.offset)
    }

    @Test func whatWasMissedComesBack() {
        #expect(recover(history(5), 3) == [4, 5])
        #expect(recover(history(5), 0) == [1, 2, 3, 4, 5])
        #expect(recover(history(5), 5) == [])
        #expect(recover(history(0), 0) == [])
    }

    @Test func anEmptyEpochIsNotCompared() {
        #expect(recover(history(2), 1, "") == [2])
        #expect(recover(history(2), 1, "else") == nil)
    }

    @Test func aPositionAheadOfTheStreamIsNotRecovered() { #expect(recover(history(2), 3) == nil) }

    @Test func historyReachesBackNoFurtherThanItsSize() {
        let history = history(25, size: 10)
        #expect(recover(history, 15, size: 10) == Array(16...25))
        #expect(recover(history, 14, size: 10) == nil)
    }

    @Test func moreThanTheLimitIsNotRecovered() {
        #expect(history(5).recover(since: .init(offset: 0, epoch: ""), size: 300, limit: 4) == nil)
        #expect(history(5).recover(since: .init(offset: 1, epoch: ""), size: 300, limit: 4)?.count == 4)
    }

    @Test func lossKeepsThePositionAndARestartDoesNot() {
        var history = history(5)
        history.forget()
        #expect(history.top == 5)
        #expect(recover(history, 4) == nil)
        #expect(recover(history, 5) == [])
        history.restart(epoch: "next")
        #expect(history.position == .init(offset: 0, epoch: "next"))
    }

    @Test func aHoleIsFoundByWhoStandsBeforeIt() {
        var history = history(2)
        history.skip(3)
        let next = history.append(.null, info: nil, size: 300)
        #expect(next.offset == 6)
        #expect(recover(history, 2) == nil)
        #expect(recover(history, 1) == [2, 6])
    }

    @Test func pagesGoBothWays() {
        let history = history(6)
        func page(_ after: Int?, _ limit: Int, _ reversed: Bool = false) -> [Int] {
            history.page(after: after, limit: limit, reversed: reversed, size: 300, most: 4).map(\.offset)
        }
        #expect(page(nil, 0) == [])
        #expect(page(nil, 2) == [1, 2])
        #expect(page(2, -1) == [3, 4, 5, 6])
        #expect(page(nil, -1) == [1, 2, 3, 4])
        #expect(page(nil, 2, true) == [6, 5])
        #expect(page(3, 9, true) == [2, 1])
    }
}
