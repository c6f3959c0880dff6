import Testing

@testable import MoonwireScripts

struct ChangeDebounceTests {
    private let start = ContinuousClock.now
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func nothingIsDueWithoutAChange() {
        var debounce = ChangeDebounce()
        #expect(debounce.due == nil)
        let ends = debounce.ends(at: at(10_000))
        #expect(!ends)
    }

    @Test func aBurstEndsOnceAfterItsQuiet() {
        var debounce = ChangeDebounce()
        debounce.changed(at: at(0))
        debounce.changed(at: at(150))
        #expect(debounce.due == at(350))
        let ends = [349, 350, 351].map { debounce.ends(at: at($0)) }
        #expect(ends == [false, true, false])
    }

    @Test func aBurstThatDoesNotEndIsCutAtItsLimit() {
        var debounce = ChangeDebounce()
        var ended: [Int] = []
        for time in stride(from: 0, through: 5000, by: 100) {
            if debounce.ends(at: at(time)) { ended.append(time) }
            debounce.changed(at: at(time))
        }
        #expect(ended == [2000, 4000])
    }

    @Test func aLaterBurstIsItsOwn() {
        var debounce = ChangeDebounce()
        debounce.changed(at: at(0))
        _ = debounce.ends(at: at(200))
        debounce.changed(at: at(5000))
        #expect(debounce.due == at(5200))
    }
}
