/// An audience in a file, read page by page: memory holds a page, however long the file is.
struct AudienceFile {
    struct Page {
        var entries: [AudienceEntry] = []
        var rejected: [RejectedRecord] = []
        /// How many records have been read so far.
        var position: Int64 = 0

        var isEmpty: Bool { entries.isEmpty && rejected.isEmpty }
    }

    private var file: CSVFile
    private let columns: AudienceColumns
    private var position: Int64 = 0

    /// - Parameter skipping: How many records have been read before.
    /// - Throws: `BroadcastProblem` for a file that cannot be read, or that is no table.
    init(path: String, options: CSVOptions, skipping: Int64 = 0) throws(BroadcastProblem) {
        file = try CSVFile(path: path, options: options)
        guard let heading = try file.record(), heading.problem == nil else {
            throw BroadcastProblem("the file \(path) has no heading; its first line must name the columns")
        }
        do throws(BroadcastProblem) {
            columns = try AudienceColumns(heading.fields, mapping: options.columns)
        } catch {
            throw BroadcastProblem("\(path): \(error)")
        }
        while position < skipping, try file.record() != nil { position += 1 }
    }

    /// The next records; empty at the end of the file.
    mutating func next(_ limit: Int, channel: ChannelID) throws(BroadcastProblem) -> Page {
        var page = Page()
        while page.entries.count + page.rejected.count < limit, let record = try file.record() {
            position += 1
            switch check(record, channel) {
            case .success(let entry): page.entries.append(entry)
            case .failure(let problem):
                page.rejected.append(RejectedRecord(line: record.line, reason: problem.description))
            }
        }
        page.position = position
        return page
    }

    private func check(
        _ record: CSVMachine.Record, _ channel: ChannelID
    ) -> Result<AudienceEntry, BroadcastProblem> {
        if let problem = record.problem { return .failure(BroadcastProblem(problem)) }
        // Spreadsheets leave empty cells at the end of a line out, or add some.
        let values = record.fields.count > columns.count ? trimmed(record.fields) : record.fields
        guard values.count <= columns.count else {
            return .failure(BroadcastProblem("has \(values.count) fields, and the heading \(columns.count)"))
        }
        return AudienceEntry.entry(of: columns.row(values), channel)
    }

    private func trimmed(_ fields: [String]) -> [String] {
        var fields = fields
        while fields.count > columns.count, fields.last?.isEmpty == true { fields.removeLast() }
        return fields
    }
}

extension AudienceEntry {
    /// A row with the address that makes it unique, or why it names nobody.
    package static func entry(of row: AudienceRow, _ channel: ChannelID) -> Result<AudienceEntry, BroadcastProblem> {
        if let address = row.addresses(on: channel).first {
            return .success(AudienceEntry(address: address, row: row.json))
        }
        if let phone = row["phone"] { return .failure(BroadcastProblem("'\(phone.prefix(40))' is no phone number")) }
        if let email = row["email"] { return .failure(BroadcastProblem("'\(email.prefix(60))' is no e-mail address")) }
        return .failure(
            BroadcastProblem("names nobody: it needs one of phone, email, identifier, id and session"))
    }
}
