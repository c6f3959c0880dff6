import EventJSON
import Moonwire

/// Who got what, row by row: written as it is read, so that its length costs no memory.
struct BroadcastReport {
    enum Format: String, CaseIterable { case csv, json }

    let ledger: any BroadcastLedger
    let record: BroadcastRecord
    let format: Format
    let state: RecipientState?
    let write: (String) -> Void

    private static let page = 2000

    func run() async throws(JournalError) {
        if format == .csv { write("number,address,name,state,reason,attempts,claimed,ended,platform_id\n") }
        var last: Int64 = 0
        while true {
            let page = try await ledger.recipients(of: record.id, in: state, after: last, limit: Self.page)
            guard let end = page.last else { return }
            last = end.number
            write(page.map(line).joined())
        }
    }

    private func line(_ recipient: Recipient) -> String {
        let row = (try? AudienceRow(json: recipient.row)) ?? AudienceRow(JSONObject())
        let name = row["name"]
        let times = [recipient.claimedAt, recipient.endedAt].map { $0?.iso8601 }
        if format == .json {
            var members: JSONObject = [
                "number": .int(recipient.number), "address": .string(recipient.address),
                "state": .string(recipient.state.word), "attempts": .int(Int64(recipient.attempts)),
            ]
            for (key, value) in [
                ("name", name), ("reason", recipient.reason), ("claimed", times[0]), ("ended", times[1]),
                ("platform_id", recipient.nativeID),
            ] {
                if let value { members[key] = .string(value) }
            }
            return String(decoding: JSON.object(members).bytes, as: UTF8.self) + "\n"
        }
        let fields = [
            "\(recipient.number)", recipient.address, name ?? "", recipient.state.word, recipient.reason ?? "",
            "\(recipient.attempts)", times[0] ?? "", times[1] ?? "", recipient.nativeID ?? "",
        ]
        return fields.map(Self.quoted).joined(separator: ",") + "\n"
    }

    /// Quoted where it must be. A text that a spreadsheet would take for a formula is made a text.
    static func quoted(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@\t".contains(first), Double(text) == nil, !text.hasPrefix("phone:") {
            text = "'" + text
        }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
