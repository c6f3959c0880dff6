import EventJSON
import Foundation
import Testing

/// The commands that look into a journal, on a copy of a committed one.
@Suite(.enabled(if: HostProcess.binary != nil)) @CommandThread struct HistoryCommandTests {
    private final class Desk {
        let folder: URL
        var journal: URL { folder.appendingPathComponent("host.journal") }
        private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("JournalReleaseTests")

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("moonwire-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let released = Self.tests.appendingPathComponent("Journals/release-1/journal.sqlite")
            try FileManager.default.copyItem(at: released, to: journal)
            try FileManager.default.copyItem(
                at: Self.tests.appendingPathComponent("Scripts/2"), to: folder.appendingPathComponent("scripts"))
            try """
            journal: { path: host.journal }
            secrets: { KEY: nothing }
            channels:
              desk: { platform: bevatel, role: operator, account: 3, token: unused }
            scripts: [scripts/shop.lua, scripts/audit.lua]
            """.write(to: folder.appendingPathComponent("moonwire.yaml"), atomically: true, encoding: .utf8)
        }

        deinit {
            try? FileManager.default.removeItem(at: folder)
        }

        func run(_ arguments: String...) throws -> (text: String, errors: String, status: Int32) {
            try HostProcess.output(arguments, in: folder)
        }

        /// Changes text of the same length in the file.
        func replace(_ old: String, by new: String) throws {
            var data = try Data(contentsOf: journal)
            while let range = data.range(of: Data(old.utf8)) { data.replaceSubrange(range, with: Data(new.utf8)) }
            try data.write(to: journal)
        }

        /// A changed copy of the shop's script.
        func draft(_ change: (String) -> String) throws -> String {
            let drafts = folder.appendingPathComponent("drafts")
            try FileManager.default.copyItem(at: folder.appendingPathComponent("scripts"), to: drafts)
            let file = drafts.appendingPathComponent("shop.lua")
            let text = try String(contentsOf: file, encoding: .utf8)
            try change(text).write(to: file, atomically: true, encoding: .utf8)
            return "drafts/shop.lua"
        }
    }

    private func parsed(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

    @Test func aSessionsLifeIsPrintedInOrder() throws {
        let desk = try Desk()
        let before = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).sorted()
        let result = try desk.run("session", "desk", "12")
        #expect(result.status == 0)
        let lines = result.text.split(separator: "\n")
        let marks = [
            "session desk/12: 4 events, 1 run, 8 steps", "client: \"dialog\"", "A1  session:ask \"Your name?\"",
            "client: \"Omar\"", "took message.created, client: \"Omar\"", "A4  session:ask (answer)",
        ]
        #expect(marks.allSatisfy { mark in lines.contains { $0.contains(mark) } }, "\(result.text)")
        #expect(lines.last?.contains("waiting") == true)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(!result.text.contains("\u{1B}"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).sorted() == before)
    }

    @Test func aSessionsLifeIsOneObjectForMachines() throws {
        let tree = try parsed(try Desk().run("session", "desk/6", "--json").text)
        #expect(tree["events"]?.elements.first?["state"]?.string == "failed")
        #expect(tree["runs"]?.elements.first?["state"]?.string == "failed")
        #expect(
            tree["runs"]?.elements.first?["steps"]?.elements.map { $0["kind"]?.string } == [
                "session:reply", "host:handover",
            ])
        #expect(tree["dead"]?.elements.count == 1)
    }

    @Test func aSessionThatIsNotThereIsSaidSo() throws {
        let result = try Desk().run("session", "desk", "999")
        #expect(result.status == 1)
        #expect(result.errors.contains("nothing of session desk/999"))
    }

    @Test func aWaitingRunShowsItsVariables() throws {
        let desk = try Desk()
        let tree = try parsed(try desk.run("session", "desk/12", "--json").text)
        let run = try #require(tree["runs"]?.elements.first?["run"]?.string)
        let text = try desk.run("run-info", run).text
        #expect(text.contains("local name = \"Omar\""))
        #expect(text.contains("local count = 3"))
        let info = try parsed(try desk.run("run-info", run, "--json").text)
        #expect(info["frames"]?.elements.first?["file"]?.string == "shop.lua")
        #expect(info["problem"]?.isNull == true)
    }

    @Test func recordedRunsAreRebuiltAndCompared() throws {
        let desk = try Desk()
        let same = try desk.run("check", "--replay")
        #expect(same.status == 0)
        #expect(same.text.contains("0 differ"))
        try desk.replace("session:ask(\\\"Your name?", by: "session:ask(\\\"Your nose?")
        let other = try desk.run("check", "--replay", "shop")
        #expect(other.status == 2)
        #expect(other.text.contains(#"recorded  session:ask{"text":"Your name?"} at shop.lua:"#))
        #expect(other.text.contains(#"asks for session:ask{"text":"Your nose?"} at shop.lua:"#))
    }

    @Test func aRehearsalTellsWhichSessionsDiffer() throws {
        let desk = try Desk()
        let path = try desk.draft { $0.replacingOccurrences(of: "How many?", with: "How much?") }
        let result = try desk.run("rehearse", path, "--since", "2026-01-01T00:00:00Z", "--json")
        #expect(result.status == 3)
        let tree = try parsed(result.text)
        let report = try #require(tree["reports"]?.elements.first { $0["session"]?.string == "desk/21" })
        let sides = report["effects"]?.elements.map { "\($0["side"]?.string ?? "") \($0["arguments"]?.string ?? "")" }
        #expect(
            sides == [
                #"both {"text":"What is your name?"}"#, #"recorded {"text":"How many?"}"#,
                #"candidate {"text":"How much?"}"#,
            ])
        let text = try desk.run("rehearse", path, "--since", "2026-01-01T00:00:00Z").text
        #expect(text.contains("  + session:ask{\"text\":\"How much?\"}  shop.lua:"))
        #expect(text.split(separator: "\n").last?.contains("sessions, ") == true)
    }

    @Test func aCandidateThatDoesNotLoadIsNamedWithItsLine() throws {
        let desk = try Desk()
        let result = try desk.run("rehearse", try desk.draft { $0 + "\nlocal = 1\n" })
        #expect(result.status == 2)
        #expect(result.errors.contains("shop.lua:"))
    }
}
