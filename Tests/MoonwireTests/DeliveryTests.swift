import Moonwire
import Testing

struct TokenBucketTests {
    @Test func aBurstPassesAndThenTheRateHolds() {
        var bucket = TokenBucket(rate: 10, burst: 3)
        let start = Instant(seconds: 1000)
        let burst = (0..<3).map { _ in bucket.take(at: start) }
        #expect(burst == [.zero, .zero, .zero])
        let answer1 = bucket.take(at: start)
        #expect(answer1 == .milliseconds(100))
        let answer2 = bucket.take(at: start)
        #expect(answer2 == .milliseconds(200))
        let answer3 = bucket.take(at: start + .milliseconds(500))
        #expect(answer3 == .zero)
    }

    @Test func anIdleBucketSavesNoMoreThanItsBurst() {
        var bucket = TokenBucket(rate: 10, burst: 2)
        _ = bucket.take(at: Instant(seconds: 0))
        let later = Instant(seconds: 3600)
        let answer4 = bucket.take(at: later)
        #expect(answer4 == .zero)
        let answer5 = bucket.take(at: later)
        #expect(answer5 == .zero)
        let answer6 = bucket.take(at: later)
        #expect(answer6 > .zero)
    }

    @Test func aClockThatGoesBackTakesNothingAway() {
        var bucket = TokenBucket(rate: 10, burst: 2)
        _ = bucket.take(at: Instant(seconds: 100))
        let answer7 = bucket.take(at: Instant(seconds: 50))
        #expect(answer7 == .zero)
    }

    @Test func noRateIsNoLimit() {
        var bucket = TokenBucket(rate: 0, burst: 1)
        let waits = (0..<1000).map { _ in bucket.take(at: Instant(seconds: 0)) }
        #expect(waits.allSatisfy { $0 == .zero })
    }
}

struct BackOffTests {
    @Test func waitsGrowUpToTheLimitWithinTheirJitter() {
        let backOff = BackOff(first: .milliseconds(500), limit: .seconds(60))
        #expect(backOff.wait(after: 1, random: 1) == .milliseconds(500))
        #expect(backOff.wait(after: 1, random: 0) == .milliseconds(125))
        #expect(backOff.wait(after: 4, random: 1) == .seconds(4))
        #expect(backOff.wait(after: 1000, random: 1) == .seconds(60))
    }
}

struct BreakerTests {
    @Test func opensAfterFailuresInARowAndLetsOneCallProbe() {
        var breaker = Breaker(threshold: 2, backOff: BackOff(first: .seconds(1), limit: .seconds(8)))
        let start = Instant(seconds: 0)
        breaker.failed(at: start, random: 1)
        let answer8 = breaker.admission(at: start)
        #expect(answer8 == .zero)
        breaker.failed(at: start, random: 1)
        let answer9 = breaker.admission(at: start)
        #expect(answer9 == .seconds(1))
        let later = Instant(seconds: 1)
        let answer10 = breaker.admission(at: later)
        #expect(answer10 == .zero)
        let answer11 = breaker.admission(at: later)
        #expect(answer11 > .zero, "only one call probes")
        breaker.failed(at: later, random: 1)
        let answer12 = breaker.admission(at: later)
        #expect(answer12 == .seconds(2))
        breaker.succeeded()
        let answer13 = breaker.admission(at: later)
        #expect(answer13 == .zero)
        #expect(!breaker.isOpen)
    }
}

extension BreakerTests {
    @Test func callsThatWereUnderWayDoNotKeepItOpenLonger() {
        var breaker = Breaker(threshold: 2, backOff: BackOff(first: .seconds(1), limit: .seconds(60)))
        let start = Instant(seconds: 0)
        for _ in 0..<20 { breaker.failed(at: start, random: 1) }
        let wait = breaker.admission(at: start)
        #expect(wait == .seconds(1))
    }
}

struct PartitionTests {
    @Test func aSessionHashesToTheSamePartitionForEver() {
        #expect(Partition(of: SessionID(channel: "desk", id: "118")).number == 234)
        #expect(Partition(of: SessionID(channel: "desk", id: "119")).number == 189)
    }

    @Test func sessionsSpreadOverPartitions() {
        var counts: [Int: Int] = [:]
        for id in 0..<25_600 { counts[Partition(of: SessionID(channel: "desk", id: "\(id)")).number, default: 0] += 1 }
        #expect(counts.count == Partition.count)
        #expect(counts.values.allSatisfy { (40...200).contains($0) })
    }
}

struct NearestWordTests {
    @Test(arguments: [
        ("chanels", "channels"), ("durabilty", "durability"), ("repyl", "reply"), ("Platform", "platform"),
    ])
    func findsTheLikelyWord(slip: String, word: String) {
        #expect(NearestWord.to(slip, in: ["channels", "durability", "reply", "platform", "x"]) == word)
    }

    @Test func aFarWordIsNoSuggestion() {
        #expect(NearestWord.to("zebra", in: ["channels", "reply"]) == nil)
        #expect(NearestWord.to("", in: ["channels"]) == nil)
    }
}
