import Foundation
import Testing

@testable import Moonwire

/// What becomes of due times, without a clock or a journal.
struct JobBoardTests {
    private static let minute = Duration.seconds(60)
    /// A whole hour.
    private static let start = Instant(seconds: 1_800_000_000)

    /// A job that is due every ten minutes.
    private static func declaration(_ terms: JobTerms = JobTerms(), name: String = "report", every: Int = 600)
        -> JobDeclaration
    {
        JobDeclaration(name: name, schedule: .every(.seconds(every)), terms: terms, location: "bot.lua:1")
    }

    private static func board(_ terms: JobTerms = JobTerms()) -> Held {
        let board = Held()
        _ = board.declare([("bot", declaration(terms))], at: start)
        return board
    }

    /// The minutes after the start at which ticks were due, by what became of them.
    private static func told(_ batches: [JobBatch]) -> [String] {
        batches.flatMap(\.entries).compactMap { entry in
            guard case .tick(let tick) = entry else { return nil }
            let minutes = (tick.id.due.rawValue - start.rawValue) / 60_000
            return "\(minutes) \(tick.state)" + (tick.count > 1 ? " \(tick.count)" : "")
        }
    }

    private static func begun(_ batches: [JobBatch]) -> [Int64] {
        batches.flatMap(\.events).map { ($0.at.rawValue - start.rawValue) / 60_000 }
    }

    private static func tick(_ minutes: Int) -> TickID { TickID(job: "report", due: start + .seconds(minutes * 60)) }

    @Test func aTickBeginsWhenItIsDueAndTheNextDueTimeIsKeptWithIt() {
        let board = Self.board()
        #expect(board.nextTurn == Self.start + Self.minute * 10)
        #expect(board.advance(at: Self.start + Self.minute * 10 + .milliseconds(-1)).isEmpty)
        let batches = board.advance(at: Self.start + Self.minute * 10)
        #expect(Self.told(batches) == ["10 running"] && Self.begun(batches) == [10])
        guard case .keep(let record)? = batches.first?.entries.first else {
            Issue.record("the next due time is not kept")
            return
        }
        #expect(record.nextDue == Self.start + Self.minute * 20)
        #expect(batches.count == 1 && board.nextTurn == record.nextDue)
        let event = batches.first?.events.first
        #expect(event?.name == "job:report" && event?.key == "tick:report:\(Self.tick(10).due.rawValue)")
        #expect(event?.raw.text.contains(#""late":0,"manual":false"#) == true)
    }

    @Test(arguments: [
        (JobTerms.Misfire.skip, ["10 missed", "20 missed", "30 missed", "40 running"]),
        (.runOnce, ["40 running", "10 missed", "20 missed", "30 missed"]),
        (.catchUp, ["10 running", "20 queued", "30 queued", "40 queued"]),
    ])
    func whatTheHostMissedIsDealtWithAsTheRuleSays(misfire: JobTerms.Misfire, expected: [String]) {
        let board = Self.board(JobTerms(misfire: misfire))
        // The last one is half a minute late, which is within the grace of `skip`.
        let told = Self.told(board.advance(at: Self.start + Self.minute * 40 + .seconds(30)))
        #expect(told.sorted() == expected.sorted())
    }

    @Test func missedTicksRunOneAfterTheOther() {
        let board = Self.board(JobTerms(misfire: .catchUp))
        let now = Self.start + Self.minute * 35
        #expect(Self.begun(board.advance(at: now)) == [10])
        #expect(board.advance(at: now).isEmpty)
        board.end(Self.tick(10))
        #expect(Self.begun(board.advance(at: now)) == [20])
        board.end(Self.tick(20))
        let last = board.advance(at: now)
        #expect(Self.begun(last) == [30])
        #expect(last.first?.events.first?.raw.text.contains(#""late":300,"#) == true)
    }

    @Test(arguments: JobTerms.Misfire.allCases) func aTickLaterThanItsGraceDoesNotRun(misfire: JobTerms.Misfire) {
        let board = Self.board(JobTerms(misfire: misfire, grace: .seconds(300)))
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 16)).isEmpty)
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 24)) == [20])
    }

    @Test(arguments: [
        (JobTerms.Overlap.skip, ["20 overlapped"], [Int64]()), (.queue, ["20 queued"], []),
        (.allow, ["20 running"], [20]),
    ])
    func aTickDuringAnEarlierOneIsDealtWithAsTheRuleSays(overlap: JobTerms.Overlap, told: [String], begun: [Int64]) {
        let board = Self.board(JobTerms(overlap: overlap))
        let first = board.advance(at: Self.start + Self.minute * 10)
        let second = board.advance(at: Self.start + Self.minute * 20)
        #expect(Self.told(second) == told && Self.begun(second) == begun)
        board.end(Self.tick(10))
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 21)) == (overlap == .queue ? [20] : []))
        let sessions = (first + second).flatMap(\.events).compactMap(\.session?.id.id)
        #expect(Set(sessions).count == (overlap == .allow ? 2 : 1))
    }

    @Test func aLongOutageLeavesFewRecordsAndTheirNumber() {
        let board = Self.board()
        let told = Self.told(board.advance(at: Self.start + Self.minute * (10 * 5000 + 5)))
        #expect(told.count == JobBoard.mostRecorded + 1)
        #expect(told.first == "49000 missed 4900")
        let greedy = Self.board(JobTerms(misfire: .catchUp))
        let madeUp = Self.told(greedy.advance(at: Self.start + Self.minute * 10 * 45_000))
        let omitted = madeUp.compactMap { $0.split(separator: " ").count == 3 ? Int($0.split(separator: " ")[2]) : nil }
        #expect(omitted.reduce(0, +) + madeUp.count - omitted.count == 45_000)
    }

    @Test func jitterIsTheSameForATickWheneverItIsAskedAndSpreadsTicks() {
        let declaration = Self.declaration(JobTerms(jitter: .seconds(300)))
        let starts = (0..<200).map { number in
            let due = Self.start + Self.minute * (10 * number)
            return declaration.start(ofTickDue: due) - due
        }
        #expect(starts.allSatisfy { $0 >= .zero && $0 < .seconds(300) })
        #expect(starts.contains { $0 < .seconds(60) } && starts.contains { $0 > .seconds(240) })
        let board = Self.board(JobTerms(jitter: .seconds(300)))
        let due = Self.start + Self.minute * 10
        let begin = declaration.start(ofTickDue: due)
        #expect(board.nextTurn == begin)
        #expect(board.advance(at: begin + .milliseconds(-1)).isEmpty)
        let batches = board.advance(at: begin)
        #expect(Self.begun(batches) == [10])
        #expect(batches.first?.events.first?.raw.text.contains(#""late":0"#) == true)
    }

    @Test func aNewScheduleCountsFromNowOnAndNewTermsLeaveTheNextDueTime() {
        let board = Self.board()
        let changed = Self.declaration(JobTerms(overlap: .queue))
        #expect(board.declare([("bot", changed)], at: Self.start + Self.minute * 15).entries.count == 1)
        #expect(board.nextTurn == Self.start + Self.minute * 10)
        _ = board.declare([("bot", Self.declaration(every: 3600))], at: Self.start + Self.minute * 15)
        #expect(board.nextTurn == Self.start + Self.minute * 60)
        #expect(board.declare([("bot", Self.declaration(every: 3600))], at: Self.start + Self.minute * 16).isEmpty)
    }

    @Test func aJobThatNobodyDeclaresIsRetiredWithTheTicksThatWaited() throws {
        let board = Self.board(JobTerms(overlap: .queue))
        _ = board.advance(at: Self.start + Self.minute * 10)
        _ = board.advance(at: Self.start + Self.minute * 20)
        let batch = board.declare([], at: Self.start + Self.minute * 21)
        let ended = batch.entries.compactMap {
            if case .ended(let tick, let state, _, _) = $0 { (tick, state) } else { nil }
        }
        #expect(ended.map(\.0) == [Self.tick(20)] && ended.map(\.1) == [.failed])
        #expect(board.nextTurn == nil && board.advance(at: Self.start + Self.minute * 99).isEmpty)
        #expect(throws: JobRefusal.self) { try board.trigger("report", at: Self.start) }
        // It comes back with what is due from then on.
        _ = board.declare([("bot", Self.declaration())], at: Self.start + Self.minute * 200)
        #expect(board.nextTurn == Self.start + Self.minute * 210)
    }

    @Test func aPausedJobHasNoTicksAndMakesUpForNone() throws {
        let board = Self.board(JobTerms(misfire: .catchUp))
        _ = try board.setPaused(true, "report", at: Self.start)
        #expect(board.nextTurn == nil && board.advance(at: Self.start + Self.minute * 35).isEmpty)
        _ = try board.setPaused(false, "report", at: Self.start + Self.minute * 35)
        #expect(board.nextTurn == Self.start + Self.minute * 40)
        #expect(board.advance(at: Self.start + Self.minute * 36).isEmpty)
    }

    @Test func aTriggerRunsNowAndBehindWhatIsGoingOn() throws {
        let board = Self.board()
        let (first, batch) = try board.trigger("report", at: Self.start)
        #expect(batch.events.count == 1 && first.origin == .manual && first.id.due > Self.start)
        #expect(batch.events.first?.raw.text.contains(#""manual":true"#) == true)
        let (second, waiting) = try board.trigger("report", at: Self.start)
        #expect(waiting.events.isEmpty && second.id != first.id)
        board.end(first.id)
        #expect(board.advance(at: Self.start + .seconds(1)).flatMap(\.events).count == 1)
        #expect(board.nextTurn == Self.start + Self.minute * 10)
        let refusal = #expect(throws: JobRefusal.self) { try board.trigger("reprot", at: Self.start) }
        #expect(refusal?.description == "there is no job 'reprot'; did you mean 'report'?")
    }

    @Test func aBackFillRunsWhatDidNotRun() throws {
        let board = Self.board()
        let now = Self.start + Self.minute * 55
        _ = board.advance(at: now)
        let known = [
            TickRecord(id: Self.tick(10), state: .ran), TickRecord(id: Self.tick(20), state: .missed),
            TickRecord(id: Self.tick(30), state: .overlapped), TickRecord(id: Self.tick(40), state: .failed),
        ]
        let times = try board.missing("report", from: Self.start + Self.minute * 10, through: now, known: known)
        #expect(times == [20, 30, 50].map { Self.tick($0).due })
        let batch = try board.backFill("report", times, at: now)
        #expect(Self.begun([batch]) == [20])
        let again = try board.backFill("report", times, at: now)
        #expect(again.isEmpty)
        board.end(Self.tick(20))
        #expect(Self.begun(board.advance(at: now)) == [30])
    }

    @Test func whatAPersonAsksOfAPausedJobRunsAlsoBehindATickThatGoesOn() throws {
        let board = Self.board(JobTerms(overlap: .queue))
        _ = board.advance(at: Self.start + Self.minute * 10)
        _ = board.advance(at: Self.start + Self.minute * 20)
        _ = try board.setPaused(true, "report", at: Self.start + Self.minute * 21)
        let now = Self.start + Self.minute * 21
        let (tick, _) = try board.trigger("report", at: now)
        _ = try board.backFill("report", [Self.tick(5).due], at: now)
        #expect(board.advance(at: now).isEmpty)
        board.end(Self.tick(10))
        // The scheduled one waits for the job to go on.
        #expect(board.advance(at: now).flatMap(\.events).map(\.at) == [tick.id.due])
        board.end(tick.id)
        #expect(Self.begun(board.advance(at: now)) == [5])
        board.end(Self.tick(5))
        #expect(board.advance(at: now).isEmpty)
        let (again, batch) = try board.trigger("report", at: now)
        #expect(batch.events.count == 1)
        board.end(again.id)
        _ = try board.setPaused(false, "report", at: now)
        #expect(Self.begun(board.advance(at: now)) == [20])
    }

    @Test func whatIsMadeUpForRunsOneAfterTheOtherAlsoBesideOthers() throws {
        let board = Self.board(JobTerms(misfire: .catchUp, overlap: .allow))
        let now = Self.start + Self.minute * 45
        #expect(Self.begun(board.advance(at: now)) == [10])
        _ = try board.backFill("report", [Self.tick(-20).due, Self.tick(-10).due], at: now)
        // What is punctual, and what a person wants now, waits for none of them.
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 50)) == [50])
        let (_, batch) = try board.trigger("report", at: now)
        #expect(batch.events.count == 1)
        var begun: [Int64] = []
        for minutes in [10, 20, 30, 40, -20, -10] {
            board.end(Self.tick(minutes))
            begun += Self.begun(board.advance(at: Self.start + Self.minute * 51))
        }
        #expect(begun == [20, 30, 40, -20, -10])
    }

    @Test func aClockThatWasAheadAndIsSetBackSilencesNoJob() {
        let board = Self.board()
        let ahead = Self.start + .seconds(400 * 86_400 + 300)
        _ = board.advance(at: ahead)
        #expect(board.nextTurn.map { $0 > ahead } == true)
        let setBack = board.advance(at: Self.start + Self.minute * 15)
        #expect(setBack.flatMap(\.entries).count == 1, "people see it")
        #expect(board.nextTurn == Self.start + Self.minute * 20)
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 20)) == [20])
        // The same found by the next process.
        let due = Self.start + .seconds(400 * 86_400)
        let record = JobRecord(script: "bot", declaration: Self.declaration(), nextDue: due)
        let next = Held(JobBoard([record], open: []))
        _ = next.declare([("bot", Self.declaration())], at: Self.start + Self.minute * 25)
        #expect(next.nextTurn == Self.start + Self.minute * 30)
    }

    /// The zone's rules changed while the host was down: 09:00 was 06:00Z, and is an hour later or earlier.
    @Test(arguments: [(7, 2, 31), (5, 2, 29), (7, 8, 31), (5, 8, 29)])
    func aStoredDueTimeThatTheZoneNoLongerHasGivesWayToTheNearest(hour: Int, startedAt: Int, due: Int) throws {
        let schedule = Schedule.cron(try CronExpression("0 \(hour) * * *"), try TimeZone(named: "UTC"))
        let declaration = JobDeclaration(
            name: "report", schedule: schedule, terms: JobTerms(misfire: .runOnce), location: "bot.lua:1")
        let midnight = Instant(seconds: 1_799_971_200)
        // Stored is six o'clock of the next day.
        let record = JobRecord(script: "bot", declaration: declaration, nextDue: midnight + .seconds(30 * 3600))
        let board = Held(JobBoard([record], open: []))
        _ = board.declare([("bot", declaration)], at: midnight + .seconds((24 + startedAt) * 3600))
        #expect(board.jobs["report"]?.record.nextDue == midnight + .seconds(due * 3600))
    }

    @Test func ofALongOutageTheNewestAreMadeUpForAndTheRestIsCounted() {
        let board = Self.board(JobTerms(misfire: .catchUp))
        let told = Self.told(board.advance(at: Self.start + Self.minute * 10 * 45_000))
        #expect(told.first == "350010 running" && told.last == "350000 missed 35000")
        #expect(told.count == 1 + JobBoard.mostMadeUp)
        // A clock that stood at 1970 until the network was there.
        let early = Held()
        _ = early.declare([("bot", Self.declaration(every: 1))], at: Instant(milliseconds: 0))
        let batches = early.advance(at: Self.start)
        let counts = batches.flatMap(\.entries).compactMap { entry in
            if case .tick(let tick) = entry { tick.count } else { nil }
        }
        #expect(counts.reduce(0, +) == 1_800_000_000)
    }

    @Test func ofTwoJobsOfANameTheFirstCounts() {
        let board = Held()
        _ = board.declare([("a", Self.declaration()), ("b", Self.declaration(every: 60))], at: Self.start)
        #expect(board.jobs["report"]?.record.script == "a")
    }

    @Test func whatAnEarlierProcessLeftIsTakenUp() throws {
        let record = JobRecord(script: "bot", declaration: Self.declaration(), nextDue: Self.start + Self.minute * 30)
        let open = [
            OpenTick(tick: TickRecord(id: Self.tick(10), state: .running), isAlive: false),
            OpenTick(tick: TickRecord(id: Self.tick(15), state: .running), isAlive: true),
            OpenTick(tick: TickRecord(id: Self.tick(20), state: .queued), isAlive: false),
        ]
        #expect(JobBoard.lost(among: open, at: Self.start).entries.count == 1)
        let board = Held(JobBoard([record], open: open))
        #expect(board.advance(at: Self.start + Self.minute * 25).isEmpty)
        board.end(Self.tick(15))
        #expect(Self.begun(board.advance(at: Self.start + Self.minute * 25)) == [20])
    }
}
