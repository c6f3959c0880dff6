import Testing
import TwinAPI

@Suite struct StreamEndsTests {
    @Test func aTerminalEndSoonAfterTheConnectRenewsOnceAndThenFails() {
        var ends = TwinStreamEnds()
        ends.connected(now: .seconds(1))
        #expect(ends.ended(code: 4500, isTerminal: true, now: .seconds(10)) == .renew)
        ends.connected(now: .seconds(11))
        #expect(ends.ended(code: 4500, isTerminal: true, now: .seconds(12)) == .fail)
    }

    @Test func aRefusedConnectIsATerminalEnd() {
        var ends = TwinStreamEnds()
        #expect(ends.ended(code: 101, isTerminal: true, now: .seconds(1)) == .renew)
        #expect(ends.ended(code: 101, isTerminal: true, now: .seconds(2)) == .fail)
    }

    @Test func theEndOfATokensTimeRenewsWheneverItComes() {
        var ends = TwinStreamEnds()
        for start in [0, 5000, 10_000] {
            ends.connected(now: .seconds(start))
            #expect(ends.ended(code: 3005, isTerminal: false, now: .seconds(start + 3600)) == .renew)
        }
    }

    @Test func aLostStreamIsNotATokensFault() {
        var ends = TwinStreamEnds()
        ends.connected(now: .seconds(1))
        #expect(ends.ended(code: nil, isTerminal: false, now: .seconds(2)) == .reconnect)
        ends.connected(now: .seconds(3))
        #expect(ends.ended(code: 3501, isTerminal: true, now: .seconds(100)) == .stop)
    }
}
