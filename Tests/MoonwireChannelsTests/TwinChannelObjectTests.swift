import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// `bot.channel` on TWIN24.
struct TwinChannelObjectTests {
    private func run(
        _ body: String, prepare: (TwinHarness) async throws -> Void = { _ in },
        _ check: (TwinHarness, String) async throws -> Void
    ) async throws {
        let harness = try await TwinHarness { $0.faults.centrifuge.recoverable = false }
        try await prepare(harness)
        let script =
            "bot.on('message.created', { text = 'go' }, function(event, session)\n"
            + "local night = bot.channel('night')\n\(body)\nend)"
        try await harness.run(script) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("go", session: id)
            try await check(harness, id)
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") }, "\(harness.notices.all)")
        await harness.simulator.stop()
    }

    @Test func sessionsAreListedOverAllPagesByOwnerAndStatus() async throws {
        try await run(
            """
            local function count(query)
              local count, ids = 0, {}
              for other in night:sessions(query) do
                if not ids[other.id] then count = count + 1 end
                ids[other.id] = true
              end
              return count
            end
            session:reply("%d %d %d %d", count { owner = "bot", status = "open" }, count { owner = "operator" },
              count { status = "closed" }, count { client = session.client })
            local ok, err = pcall(count, { group = "billing" })
            session:reply("%s: %s", err.code, err.message)
            """
        ) { harness in
            for _ in 0..<130 { _ = try await harness.session() }
            for place in [TwinPlace.operator(TwinDemoWorld.colleagueID), .operator(TwinDemoWorld.colleagueID)] {
                _ = try await harness.twin.startSession(TwinSessionStart(at: place))
            }
            let closed = try await harness.session()
            try await harness.twin.closeAsClient(closed)
        } _: { harness, id in
            try await wait("the report") { try await harness.said(id).count == 2 }
            let said = try await harness.said(id)
            let all = try await harness.twin.session(id).clientID
            let ofClient = await harness.twin.sessions().count { $0.clientID == all }
            #expect(said[0] == "131 2 1 \(ofClient)")
            #expect(said[1].contains("TWIN24 cannot list sessions by group"))
        }
    }

    @Test func sessionsInHelpAreFoundTakenAndAnswered() async throws {
        try await run(
            """
            for other in night:sessions { owner = "queue" } do
              if other:take() then other:reply("We are here") end
            end
            session:reply("done")
            """
        ) { harness in
            _ = try await harness.twin.startSession(TwinSessionStart("anybody?", at: .help))
        } _: { harness, id in
            try await wait("the loop ends") { try await harness.said(id) == ["done"] }
            let help = try #require(await harness.twin.sessions().first { $0.id != id })
            let value1 = try await harness.said(help.id)
            #expect(value1 == ["We are here"])
            #expect(help.operatorID == TwinDemoWorld.operatorID)
        }
    }

    @Test func aSessionIsBegunWithAPersonAndSpokenIn() async throws {
        try await run(
            """
            local new = night:open { client = { name = "Noor", phone = "+79991112233", identifier = "crm-7" }, message = "Hello" }
            new:reply("and again")
            session:reply("%s %s", new.id, new.owner)
            """
        ) { harness in
            // Where an operator is free the platform may seat another one; here it falls into help.
            try await harness.twin.block(TwinDemoWorld.colleagueID)
        } _: { harness, id in
            try await wait("the report") { try await harness.said(id).count == 1 }
            let parts = try await harness.said(id)[0].split(separator: " ").map(String.init)
            #expect(parts.last == "bot")
            let value2 = try await harness.said(parts[0])
            #expect(value2 == ["Hello", "and again"])
        }
    }

    @Test func theSeatAndItsColleaguesAreReadAndItsStatusIsKeptOverAReconnect() async throws {
        try await run(
            """
            local names = {}
            for _, seat in ipairs(night:operators()) do names[#names + 1] = seat.id end
            table.sort(names)
            session:reply("operators %s", table.concat(names, " "))
            session:reply("groups %d", #night:groups())
            session:reply("me %s", night:me().id)
            night:pause()
            session:reply("status %s", night:me().status)
            local clients = {}
            for client in night:clients() do clients[#clients + 1] = client.id end
            session:reply("clients %s", #clients > 0)
            local answer = night:request("GET", "/chats?limit=1")
            session:reply("request %d %s", answer.status, answer.body.items[1].name)
            local ok, err = pcall(night.request, night, "GET", "/nowhere")
            session:reply("%s %s", err.status, tostring(err.message:find("Bearer", 1, true)))
            """
        ) { harness, id in
            try await wait("the report") { try await harness.said(id).count == 7 }
            let said = try await harness.said(id)
            #expect(
                said == [
                    "operators 389 390", "groups 2", "me 389", "status paused", "clients true", "request 200 Site",
                    "404 nil",
                ])
            let pauses = harness.requests("PATCH", "/users/me/pause")
            harness.twin.streams(.kill)
            try await wait("the wish is repeated") { harness.requests("PATCH", "/users/me/pause") > pauses }
            #expect(harness.requests("PATCH", "/users/me/activate") == 1)
        }
    }
}
