import EventJSON
import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// What the examples with broadcasts promise.
struct BroadcastExampleTests {
    private func example(_ name: String, settings: String = #"{"channel":"shop"}"#) throws -> Rehearsal {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let sources = try ScriptBundle.load(root + "/examples/" + name)
        let source = try #require(sources.files[name]).replacing("\"CALENDAR\"", with: "\"KEY\"")
        return try Rehearsal(source, file: name, settings: settings)
    }

    private func plan(_ rehearsal: Rehearsal) throws -> BroadcastPlan {
        try #require((rehearsal.script as? any BroadcastScript)?.broadcasts.first)
    }

    private func rows(_ rehearsal: Rehearsal, of name: String) throws -> [AudienceRow] {
        var event = rehearsal.event("broadcast:" + name)
        event.raw = RawJSON(validated: Array(#"{"id":1,"key":"1"}"#.utf8))
        try rehearsal.happens(event)
        var rows: [AudienceRow] = []
        for request in rehearsal.requests {
            if case .host(.ledger(.add(_, let entries, _, _, _))) = request.action {
                rows += try entries.map { try AudienceRow(json: $0.row) }
            }
        }
        return rows
    }

    @Test func remindersGoToTomorrowsAppointmentsInTheMorningOfEach() throws {
        let reminders = try example("reminders.lua")
        let body =
            #"[{"phone":"+966500000001","name":"Aisha","zone":"Asia/Riyadh","day":"2026-03-01","time":"10:30","doctor":"Dr Noor"}]"#
        let answer: JSON = ["status": 200, "ok": true, "body": .string(body)]
        reminders.outcomes["bot.http.get"] = .value(RawJSON(validated: answer.bytes))
        let row = try #require(try rows(reminders, of: "reminders").first)
        let plan = try plan(reminders)
        #expect(plan.quiet == QuietHours(start: 20 * 60, end: 10 * 60, zone: nil))
        guard case .template(let template) = plan.message else {
            Issue.record("no template")
            return
        }
        #expect(row["tz"] == "Asia/Riyadh")
        #expect(
            try MessageTemplate(template).text(row.fields)
                == "Hello Aisha, we see you tomorrow, 2026-03-01, at 10:30, with Dr Noor. Answer \"move\" to change it."
        )
    }

    @Test func theSaleIsCarefulAndSpeaksTheClientsLanguage() throws {
        let sale = try example("autumn_sale.lua")
        let plan = try plan(sale)
        #expect(plan.ramp == [100, 1000])
        #expect(plan.perClient == SendRate(count: 2, period: .seconds(7 * 86_400)))
        let script = try #require(sale.script as? any BroadcastScript)
        let english = try script.message(of: "autumn_sale", to: ["name": "Ann"], now: sale.now)
        let arabic = try script.message(of: "autumn_sale", to: ["name": "عائشة", "language": "ar"], now: sale.now)
        #expect(english.text == "Hi Ann, 20% off everything today.\nSTOP")
        #expect(arabic.text.hasPrefix("مرحبا عائشة"))
        try sale.happens(sale.message("no more offers please"))
        #expect(sale.kinds == ["client:opt_out", "session:reply"])
    }

    private func change(_ kind: String, of name: String) -> Event {
        let raw: JSON = [
            "broadcast": [
                "id": 1, "name": .string(name), "key": "2026-10-01", "state": .string(kind),
                "reason": "stop_if: too many",
                "channel": "shop", "topic": "promo", "audience": 100, "complete": true, "pending": 40, "claimed": 0,
                "sent": 50, "skipped": 5, "skipped_by": ["opted_out": 5], "failed": 4, "unknown": 1, "rejected": 0,
                "duplicates": 0, "opt_outs": 2, "rate": 0.5,
            ]
        ]
        return Event(
            name: "broadcast." + kind, native: "broadcast." + kind, key: "k", id: "1",
            at: Instant(milliseconds: 999_000),
            channel: .host, platform: .host, role: .operator,
            session: Session(id: SessionID(channel: .host, id: "broadcast.1"), status: "open", owner: .bot),
            raw: RawJSON(validated: raw.bytes))
    }

    @Test func aGroupHearsWhenTheSaleStopsByItself() throws {
        let sale = try example("autumn_sale.lua", settings: #"{"channel":"shop","room":"7","group":"Marketing"}"#)
        try sale.happens(change("paused", of: "autumn_sale"))
        #expect(sale.kinds == ["session:note", "session:transfer"])
        #expect(sale.requests.map(\.session?.id) == ["7", "7"])
        #expect(
            sale.requests.first?.arguments.text.contains(
                "autumn_sale 2026-10-01 is paused (stop_if: too many): 50 of 100 sent, 5 skipped, 4 failed, 1 unknown, "
                    + "2 opted out.") == true, "\(sale.requests)")
    }

    @Test func theGroupHearsNothingOfOtherBroadcastsNorWithoutARoom() throws {
        let sale = try example("autumn_sale.lua", settings: #"{"channel":"shop","room":"7"}"#)
        try sale.happens(change("paused", of: "reminders"))
        #expect(sale.kinds.isEmpty)
        let silent = try example("autumn_sale.lua")
        try silent.happens(change("finished", of: "autumn_sale"))
        #expect(silent.kinds.isEmpty)
    }

    @Test func silentSessionsAreFoundByWhatWasRemembered() throws {
        let back = try example("win_back.lua")
        back.now = Instant(seconds: 100 * 86_400)
        back.outcomes["bot.store:keys"] = .value(RawJSON(validated: Array(#"["seen:118","seen:119"]"#.utf8)))
        let old = RawJSON(validated: Array(#"{"at":7000000,"client":"5","name":"Aisha"}"#.utf8))
        let fresh = RawJSON(validated: Array(#"{"at":8600000,"name":"Ben"}"#.utf8))
        back.series["bot.store:get"] = [.value(old), .value(fresh)]
        let rows = try rows(back, of: "win_back")
        #expect(rows.map { $0["session"] } == ["118"])
        #expect(rows.first?["name"] == "Aisha")
        #expect(rows.first?["id"] == "5")
    }
}
