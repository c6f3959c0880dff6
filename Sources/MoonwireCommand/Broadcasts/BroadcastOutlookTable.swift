import Moonwire

/// What a dry run counted, line by line: from the rows down to what would be sent.
struct BroadcastOutlookTable {
    private let preview: BroadcastPreview
    private let outlook: AudienceOutlook

    init(_ preview: BroadcastPreview, _ outlook: AudienceOutlook) {
        self.preview = preview
        self.outlook = outlook
    }

    private var lines: [(name: String, count: Int64)] {
        [
            (preview.isWhole ? "rows" : "rows so far", preview.rows), ("records rejected", preview.rejectedCount),
            ("duplicates", preview.duplicates ?? 0), ("had a turn already", outlook.done),
            ("no longer in the audience", outlook.leftOut), ("without a message", preview.unwritable),
            ("empty message", outlook.empty), ("not reachable", preview.unreachable),
            ("opted out", outlook.optedOut), ("frequency cap", outlook.capped),
            ("would be sent", outlook.sendable),
        ]
    }

    func text(_ output: Terminal) -> String {
        let names = lines.map(\.name.count).max() ?? 0
        let counts = lines.map { String($0.count).count }.max() ?? 0
        let last = lines.count - 1
        return lines.enumerated().filter { $0 == 0 || $0 == last || $1.count > 0 }.map { index, line in
            let count = String(line.count)
            let padded = String(repeating: " ", count: counts - count.count) + count
            let name = line.name + String(repeating: " ", count: names - line.name.count)
            return "  \(name)  " + (index == last ? output.colour(padded, .green) + night : padded)
        }.joined(separator: "\n")
    }

    /// For whom it is night when the broadcast begins.
    private var night: String {
        guard outlook.waiting > 0 else { return "" }
        let until = outlook.waitingUntil.map { ", the last of them until \(Instant(seconds: $0).iso8601)" } ?? ""
        return "  (\(outlook.waiting) wait for the end of quiet hours\(until))"
    }
}
