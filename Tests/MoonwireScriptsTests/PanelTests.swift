import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct PanelTests {
    private func page(
        _ name: String, _ rehearsal: Rehearsal, person: Operator? = Operator(id: "55", name: "Sami"),
        action: String? = nil, arguments: JSON? = nil
    ) -> Event {
        PanelEvent(session: rehearsal.session(), platform: .hoory, role: .operator, app: "orders", person: person)
            .named(name, key: "k", at: rehearsal.now, action: action, arguments: arguments)
    }

    /// What the run's last step published.
    private func published(_ rehearsal: Rehearsal, for person: String? = "55") throws -> JSON? {
        let request = try #require(rehearsal.requests.last)
        guard request.kind == "bot.panel", case .host(.store(let operation)) = request.action,
            case .set(let value, _) = operation.command
        else { return nil }
        #expect(operation.scope == SessionGlance.panelScope(of: rehearsal.session().id, for: person))
        return try value.map { try JSON(parsing: $0.bytes) } ?? .null
    }

    @Test func whatAPanelReturnsIsPublishedByTheRunsLastStep() throws {
        let rehearsal = try Rehearsal(
            """
            bot.panel("orders", function(session, operator)
              local count = session.store:incr("opened")
              return {
                title = "Orders of " .. session.client.name,
                rows = { "Plain", { label = "Opened", value = count }, { label = "Note", value = "x", private = true } },
                buttons = { { label = "Refund for " .. operator.name, action = "refund", scope = "money", args = { sum = 12 } } },
              }
            end)
            """)
        try rehearsal.happens(page("panel.opened", rehearsal))
        #expect(
            try published(rehearsal) == [
                "title": "Orders of Aisha",
                "rows": [
                    ["value": "Plain"], ["label": "Opened", "value": "1"],
                    ["label": "Note", "value": "x", "private": true],
                ],
                "buttons": [
                    ["label": "Refund for Sami", "action": "refund", "scope": "money", "args": ["sum": 12]]
                ],
            ])
        #expect(rehearsal.isFinished)
        try rehearsal.rebuilds()
    }

    @Test func aPanelThatReturnsNothingIsTakenAway() throws {
        let rehearsal = try Rehearsal("bot.panel('orders', function(session, operator) return nil end)")
        try rehearsal.happens(page("panel.opened", rehearsal))
        #expect(try published(rehearsal) == .null)
    }

    @Test func somebodyWithALaunchKeyIsNobody() throws {
        let rehearsal = try Rehearsal(
            "bot.panel('orders', function(session, operator) return { title = tostring(operator) } end)")
        try rehearsal.happens(page("panel.opened", rehearsal, person: nil))
        #expect(try published(rehearsal, for: nil)?["title"] == "nil")
    }

    @Test(arguments: [
        ("'text'", "must return a table"), ("{ rowz = {} }", "may return title, rows and buttons"),
        ("{ rows = { print } }", "the panel 'orders'"), ("{ rows = 'x' }", "'rows' must be a list"),
        ("{ buttons = { { label = 'x' } } }", "must be a table with a 'label' and an 'action'"),
        ("{ buttons = { { label = 'x', action = 'a b' } } }", "of letters, digits"),
        ("{ buttons = { { label = 'x', action = 'a', style = 'loud' } } }", "must be normal, primary or danger"),
        ("{ title = ('x'):rep(3000) }", "shows 2000 at most"),
    ])
    func whatCannotBeShownIsAnErrorThatSaysSo(_ value: String, _ problem: String) throws {
        let rehearsal = try Rehearsal("bot.panel('orders', function() return \(value) end)")
        try rehearsal.happens(page("panel.opened", rehearsal))
        guard case .failed(let failure)? = rehearsal.progress else {
            Issue.record("it was shown")
            return
        }
        #expect(failure.message.contains(problem), "\(failure.message)")
        #expect(failure.message.contains("bot.lua:1"), "\(failure.message)")
    }

    @Test func anActionTellsWhoPressedWhat() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("panel.action", function(event, session)
              session:note(event.operator.name .. " " .. event.action .. " " .. event.args.sum)
            end)
            """)
        try rehearsal.happens(
            page("panel.action", rehearsal, action: "refund", arguments: ["sum": 12]))
        #expect(rehearsal.said == ["Sami refund 12"])
    }

    @Test func panelsRunBehindOtherHandlersAndBearTheirNames() throws {
        let rehearsal = try Rehearsal(
            """
            bot.panel("orders", function() return {} end)
            bot.on("panel.action", function() end)
            """)
        #expect(rehearsal.script.handlers.map(\.identity) == ["panel:orders", "panel.action#1"])
        #expect(try rehearsal.happens(page("panel.action", rehearsal, action: "x")).requests.isEmpty)
        #expect(throws: ScriptFailure.self) {
            try Rehearsal("bot.panel('a', function() end) bot.panel('a', function() end)")
        }
    }

    @Test func aPauseAndAHandoverCanBeHeardOf() throws {
        let rehearsal = try Rehearsal(
            """
            bot.on("session.paused", function(event, session) session:note("paused by " .. event.operator.name) end)
            bot.on("panel.handover", function(event, session) session:note("to " .. event.args.group) end)
            """)
        try rehearsal.happens(page("session.paused", rehearsal))
        try rehearsal.happens(page("panel.handover", rehearsal, arguments: ["group": "billing"]))
        #expect(rehearsal.said == ["paused by Sami", "to billing"])
    }
}
