import EventJSON
import Foundation
import Testing

@testable import Moonwire

struct BroadcastRuleTests {
    private func instant(_ text: String) throws -> Instant {
        Instant(seconds: try Date(text, strategy: .iso8601).timeIntervalSince1970)
    }

    @Test func quietHoursCountInTheRecipientsZone() throws {
        let quiet = try #require(QuietHours("21:00-09:00 client", zone: "Europe/Berlin"))
        let now = try instant("2026-07-01T19:30:00Z")
        #expect(quiet.end(at: now, client: "Asia/Riyadh", fallback: "UTC") == (try instant("2026-07-02T06:00:00Z")))
        #expect(quiet.end(at: now, client: "America/New_York", fallback: "UTC") == nil)
        // Without a zone of the recipient's own the fallback counts, and an unknown name is no zone.
        #expect(quiet.end(at: now, client: nil, fallback: "Europe/Berlin") == (try instant("2026-07-02T07:00:00Z")))
        #expect(quiet.end(at: now, client: "Mars/Base", fallback: "UTC") == nil)
    }

    @Test func quietHoursOfAFixedZoneAskNobody() throws {
        let quiet = try #require(QuietHours("12:00-14:30 Asia/Riyadh", zone: "UTC"))
        let noon = try instant("2026-07-01T09:00:00Z")
        #expect(quiet.end(at: noon, client: "America/New_York", fallback: "UTC") == noon + .seconds(9000))
        #expect(QuietHours("9-17", zone: "UTC") == nil)
        #expect(QuietHours("09:00-09:00", zone: "UTC") == nil)
        #expect(QuietHours("09:00-17:00 Mars/Base", zone: "UTC") == nil)
    }

    /// On the last Sunday of March the clock in Berlin goes from 02:00 to 03:00.
    @Test func quietThatEndsInAGapEndsAtTheFirstValidInstant() throws {
        let quiet = try #require(QuietHours("22:00-02:30", zone: "Europe/Berlin"))
        let end = quiet.end(at: try instant("2026-03-29T00:30:00Z"), client: nil, fallback: "UTC")
        #expect(end == (try instant("2026-03-29T01:00:00Z")))
    }

    /// Where clocks change: an hour that is left out, one that comes twice, at midnight too, and a date that never was.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/New_York", "2026-11-01"),
        ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-18"), ("Asia/Beirut", "2026-03-29"),
        ("Asia/Beirut", "2026-10-25"), ("Australia/Lord_Howe", "2026-04-05"), ("Australia/Lord_Howe", "2026-10-04"),
        ("Pacific/Apia", "2011-12-30"),
    ]) func quietEndsAtTheFirstMinuteThatIsNotQuiet(zone: String, day: String) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        let start = try instant(day + "T00:00:00Z") + .seconds(-2 * 86_400)
        // The clocks of five days, minute by minute, as Foundation shows them.
        let minutes = (0..<5 * 1440).map { number in
            let parts = calendar.dateComponents(
                [.hour, .minute], from: Date(timeIntervalSince1970: (start + .seconds(number * 60)).seconds))
            return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        }
        for hours in [
            "22:00-02:30", "01:15-02:45", "02:10-02:20", "23:30-00:30", "00:00-03:00", "21:00-09:00", "03:00-02:00",
        ] {
            let quiet = try #require(QuietHours(hours, zone: zone))
            let isQuiet = minutes.map { minute in
                quiet.start < quiet.end
                    ? (quiet.start..<quiet.end).contains(minute) : minute >= quiet.start || minute < quiet.end
            }
            var expected: Int?
            var wrong: [String] = []
            for number in minutes.indices.reversed() {
                if !isQuiet[number] { expected = number }
                guard number < 3 * 1440, number % 5 == 0, let expected else { continue }
                let now = start + .seconds(number * 60 + 7)
                let end = quiet.end(at: now, client: nil, fallback: "UTC")
                let first = expected == number ? nil : start + .seconds(expected * 60)
                if end != first { wrong.append("\(hours) at \(now): \(end.map { "\($0)" } ?? "-")") }
            }
            #expect(wrong.prefix(3) == [])
        }
    }

    @Test func templatesHaveTypedVariables() throws {
        let template = try MessageTemplate("Hi {name|there}: {{{order:integer}}} on {day:date}")
        #expect(try template.text(["name": "Ann", "order": "12", "day": "2026-03-01"]) == "Hi Ann: {12} on 2026-03-01")
        #expect(try template.text(["order": 12, "day": "2026-03-01"]) == "Hi there: {12} on 2026-03-01")
        #expect(throws: MessageTemplate.Problem(description: "there is no 'order'")) {
            try template.text(["day": "2026-03-01"])
        }
        #expect(throws: MessageTemplate.Problem.self) { try template.text(["order": "x", "day": "2026-03-01"]) }
        #expect(throws: MessageTemplate.Problem.self) { try template.text(["order": 1, "day": "tomorrow"]) }
        for wrong in ["{", "}", "{}", "{name:colour}", "{name"] {
            #expect(throws: MessageTemplate.Problem.self) { try MessageTemplate(wrong) }
        }
    }

    @Test func phoneNumbersAreTheSameHoweverTheyAreWritten() {
        let ways = ["+966 50 000-0001", "00966500000001", "‎+966 (50) 0000001", "+٩٦٦٥٠٠٠٠٠٠٠١"]
        #expect(Set(ways.map(AudienceRow.canonicalPhone)) == ["+966500000001"])
        #expect(AudienceRow.canonicalPhone("12a45678") == nil)
        #expect(AudienceRow.canonicalPhone("123") == nil)
    }

    @Test func aNumberOfAScriptIsPrintedAsItWasMeant() {
        let row = AudienceRow(["phone": .double(966_500_000_001), "order": .double(12), "price": .double(1.5)])
        #expect(row.addresses(on: "shop") == ["phone:+966500000001"])
        #expect(row["order"] == "12")
        #expect(row["price"] == "1.5")
    }

    /// Otherwise an opt-out would not be found again.
    @Test func aPlatformsNumberHasItsCallingCodeWithoutAPlusSign() {
        for phone in ["6591234567", "+65 9123 4567", "006591234567"] {
            #expect(Client(id: "5", phone: phone).addresses(on: "shop") == ["phone:+6591234567", "shop/id:5"])
        }
        #expect(Client(id: "5", phone: "0500000077").addresses(on: "shop") == ["shop/id:5"])
    }

    @Test func optOutWordsAreWholeMessagesInAnyOfTheLanguages() {
        let terms = OptOutTerms.standard
        for text in ["STOP", " stop. ", "Unsubscribe!", "إلغاء الإشتراك", "Baja", "СТОП", "отпишите меня"] {
            #expect(terms.reply(to: text) != nil, "\(text)")
        }
        for text in ["stop it", "please do not stop", "", "baja temperatura"] { #expect(terms.reply(to: text) == nil) }
        #expect(OptOutTerms(words: ["genug"], reply: "Tschüss").reply(to: "Genug") == "Tschüss")
    }

    private func record(
        _ counts: BroadcastCounts, ramp: [Int] = [], step: Int = 0, held: Instant? = nil, optOuts: Int64 = 0,
        stop: BroadcastPlan.StopRules = .init()
    ) -> BroadcastRecord {
        var plan = BroadcastPlan(
            name: "autumn", script: "bot", version: "1", channel: "shop", topic: "promo", audience: .script,
            message: .template("hi"))
        plan.ramp = ramp
        plan.stop = stop
        return BroadcastRecord(
            id: BroadcastID(rawValue: 1), key: "1", plan: plan, state: .running, reason: nil, counts: counts,
            isAudienceComplete: true, position: 0, rejected: 0, duplicates: 0, optOuts: optOuts, rampStep: step,
            heldSince: held, createdAt: Instant(seconds: 0), startedAt: nil, endedAt: nil)
    }

    private func counts(pending: Int64 = 1000, claimed: Int64 = 0, sent: Int64 = 0, failed: Int64 = 0)
        -> BroadcastCounts
    {
        var counts = BroadcastCounts()
        (counts.pending, counts.claimed, counts.sent, counts.failed) = (pending, claimed, sent, failed)
        return counts
    }

    @Test func aRampGoesStepByStep() {
        let now = Instant(seconds: 1000)
        let ramp = [100, 400]
        #expect(BroadcastGate.decide(record(counts(sent: 30), ramp: ramp), at: now) == .open(70))
        #expect(BroadcastGate.decide(record(counts(claimed: 3, sent: 97), ramp: ramp), at: now) == .settling)
        #expect(BroadcastGate.decide(record(counts(sent: 100), ramp: ramp), at: now) == .hold)
        let watched = record(counts(sent: 100), ramp: ramp, held: now)
        #expect(BroadcastGate.decide(watched, at: now) == .holding(until: now + .seconds(300)))
        #expect(BroadcastGate.decide(watched, at: now + .seconds(300)) == .nextStep)
        #expect(BroadcastGate.decide(record(counts(sent: 100), ramp: ramp, step: 1), at: now) == .open(400))
        #expect(BroadcastGate.decide(record(counts(sent: 500), ramp: ramp, step: 2), at: now) == .open(nil))
    }

    @Test func ratesStopABroadcastOnceTheyMeanSomething() {
        let now = Instant(seconds: 1000)
        let stop = BroadcastPlan.StopRules(errors: 0.03, optOuts: 0.01)
        #expect(BroadcastGate.decide(record(counts(sent: 9, failed: 5), stop: stop), at: now) == .open(nil))
        #expect(BroadcastGate.decide(record(counts(sent: 97, failed: 3), stop: stop), at: now) == .open(nil))
        #expect(
            BroadcastGate.decide(record(counts(sent: 96, failed: 4), stop: stop), at: now)
                == .stop("stop_if: 4 of 100 messages failed or are unknown, more than 3 %"))
        #expect(
            BroadcastGate.decide(record(counts(sent: 100), optOuts: 2, stop: stop), at: now)
                == .stop("stop_if: 2 of 100 recipients opted out, more than 1 %"))
        // A whole ramp step says something, however short it is.
        #expect(
            BroadcastGate.decide(record(counts(sent: 4, failed: 1), ramp: [5], stop: stop), at: now)
                == .stop("stop_if: 1 of 5 messages failed or are unknown, more than 3 %"))
    }

    @Test func aPaceHoldsOverAnyStretchAndForgetsNothing() {
        let rate = SendRate(count: 50, period: .seconds(1))
        var pace = SendPace(rate, at: Instant(seconds: 0))
        var sent = 0
        var now = Instant(seconds: 0)
        while now < Instant(seconds: 60) {
            pace.advance(to: now)
            while pace.isOpen {
                pace.take()
                sent += 1
            }
            // A restart in between: all that is kept is the level and its time.
            pace = SendPace(rate, from: SendPace(rate, level: pace.level, at: pace.at))
            now = now + .milliseconds(now.rawValue % 7 == 0 ? 130 : 20)
        }
        #expect((2940...3060).contains(sent), "\(sent)")
    }

    @Test func aNameBelongsToOneScript() {
        func plan(_ name: String, _ script: String) -> BroadcastPlan {
            BroadcastPlan(
                name: name, script: script, version: "1", channel: "shop", topic: "promo", audience: .script,
                message: .template("hi"), location: script + ".lua:3")
        }
        var claims = NameClaims()
        let first = claims.claim([plan("autumn", "a"), plan("winter", "a")])
        let second = claims.claim([plan("autumn", "b")])
        #expect(first == nil)
        #expect(
            second
                == "b.lua:3: the broadcast 'autumn' is declared by script 'a' already, at a.lua:3")
    }
}
