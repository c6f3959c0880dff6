import Testing

@testable import Moonwire

struct TimetableTests {
    private let start = Instant(seconds: 1000)

    private func deadline(_ seconds: Int, run: Int64) -> Deadline {
        Deadline(at: start + .seconds(seconds), run: RunID(rawValue: run), session: SessionDigest(rawValue: 1))
    }

    @Test func withoutAJournalBehindItEverythingIsInMemory() {
        var timetable = Timetable()
        timetable.add(deadline(1_000_000, run: 1))
        #expect(timetable.next(reading: true) == start + .seconds(1_000_000))
        let page = timetable.page(at: start)
        #expect(page == nil)
    }

    @Test func whatIsFarOffStaysInTheJournalUntilItsPageIsRead() throws {
        var timetable = Timetable()
        timetable.leaveFarOnesToJournal()
        let firstPage = timetable.page(at: start)
        let first = try #require(firstPage)
        #expect(first.before == start + Timetable.window && first.after == nil)
        timetable.fill(first, with: [deadline(10, run: 1)])
        timetable.add(deadline(20, run: 2))
        timetable.add(deadline(3600, run: 3))
        let due = timetable.due(at: start + .seconds(7200)).map(\.run.rawValue)
        #expect(due == [1, 2], "the third is read from the journal when its time comes near")
        let half = start + Timetable.window / 2
        #expect(timetable.next(reading: true) == half)
        let tooEarly = timetable.page(at: start + .seconds(10))
        #expect(tooEarly == nil)
        let secondPage = timetable.page(at: half)
        let second = try #require(secondPage)
        #expect(second.after?.at == first.before + .milliseconds(-1))
        #expect(second.before == half + Timetable.window)
    }

    @Test func waitsOfThisProcessDoNotHoldUpEarlierOnesInTheJournal() throws {
        var timetable = Timetable()
        timetable.leaveFarOnesToJournal()
        let firstPage = timetable.page(at: start)
        let first = try #require(firstPage)
        for run in 1...Timetable.limit { timetable.add(deadline(500, run: Int64(run))) }
        let full = (1...Timetable.limit).map { deadline(10, run: Int64($0)) }
        timetable.fill(first, with: full)
        let due = timetable.due(at: start + .seconds(10))
        #expect(due.count == Timetable.limit)
        let page = timetable.page(at: start + .seconds(10))
        #expect(page?.after == full.last)
    }

    @Test func aFullPageIsFollowedByTheNextOnceThereIsRoom() throws {
        var timetable = Timetable()
        timetable.leaveFarOnesToJournal()
        let firstPage = timetable.page(at: start)
        let first = try #require(firstPage)
        let full = (1...Timetable.limit).map { deadline(5, run: Int64($0)) }
        timetable.fill(first, with: full)
        let whileFull = timetable.page(at: start)
        #expect(whileFull == nil && timetable.next(reading: true) == full.first?.at)
        let due = timetable.due(at: start + .seconds(5))
        #expect(due.count == Timetable.limit)
        let secondPage = timetable.page(at: start + .seconds(5))
        let second = try #require(secondPage)
        #expect(second.after == full.last && second.before == first.before)
        timetable.fill(second, with: [])
        #expect(timetable.next(reading: true) == start + Timetable.window / 2)
    }
}
