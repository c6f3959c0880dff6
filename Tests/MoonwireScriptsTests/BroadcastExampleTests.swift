import EventJSON
import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// What the examples with broadcasts promise.
struct BroadcastExampleTests {
    private func example(_ name: String) throws -> Rehearsal {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let sources = try ScriptBundle.load(root + "/examples/" + name)
        let source = try #require(sources.files[name]).replacing("\"CALENDAR\"", with: "\"KEY\"")
        return try Rehearsal(source, file: name, settings: #"{"channel":"shop"}"#)
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
