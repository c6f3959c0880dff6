/// An audience in a file, read page by page: memory holds a page, however long the file is.
struct AudienceFile {
    struct Page {
        var entries: [AudienceEntry] = []
        var rejected: [RejectedRecord] = []
        /// How many records have been read so far, and what of the file that is.
        var position: Int64 = 0
        var mark: AudienceMark?

        var isEmpty: Bool { entries.isEmpty && rejected.isEmpty }
    }

    private var file: CSVFile
    private let path: String
    private let columns: AudienceColumns
    private let country: CallingCode?
    private var position: Int64 = 0

    /// Of rows, in bytes.
    private static let largestPage = 4 << 20

    /// - Parameters:
    ///   - skipping: How many records have been read before.
    ///   - mark: What of the file that was; `nil` when nobody knows.
    /// - Throws: `BroadcastProblem` for a file that cannot be read, that is no table, or that is another one by now.
    init(
        path: String, options: CSVOptions, skipping: Int64 = 0, mark: AudienceMark? = nil
    ) throws(BroadcastProblem) {
        file = try CSVFile(path: path, options: options)
        country = options.callingCode
        self.path = path
        guard let heading = try file.record(), heading.problem == nil else {
            throw BroadcastProblem("the file \(path) has no heading; its first line must name the columns")
        }
        do throws(BroadcastProblem) {
            columns = try AudienceColumns(heading.fields, mapping: options.columns)
        } catch {
            throw BroadcastProblem("\(path): \(error)")
        }
        while position < skipping, try file.record() != nil { position += 1 }
        guard position == skipping, mark.map({ $0.digest == file.mark.digest }) ?? true else {
            throw BroadcastProblem(
                "the file \(path) is not what it was when its first \(skipping) records were read")
        }
    }

    /// How the file is read.
    var mark: AudienceMark { file.mark }

    /// The next records; empty at the end of the file.
    mutating func next(_ limit: Int, channel: ChannelID) throws(BroadcastProblem) -> Page {
        var page = Page()
        var size = 0
        while page.entries.count + page.rejected.count < limit, size < Self.largestPage, let record = try file.record()
        {
            position += 1
            switch check(record, channel) {
            case .success(let entry):
                size += entry.row.bytes.count
                page.entries.append(entry)
            case .failure(let problem):
                page.rejected.append(RejectedRecord(line: record.line, reason: problem.description))
            }
        }
        guard !file.hasChanged else {
            throw BroadcastProblem(
                "somebody wrote into the file \(path) while it was read")
        }
        page.position = position
        page.mark = file.mark
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
        return AudienceEntry.entry(of: columns.row(values), channel, country: country)
    }

    private func trimmed(_ fields: [String]) -> [String] {
        var fields = fields
        while fields.count > columns.count, fields.last?.isEmpty == true { fields.removeLast() }
        return fields
    }
}

extension AudienceEntry {
    /// A row with the address that makes it unique, or why it names nobody.
    ///
    /// - Parameter country: where phone numbers without a calling code are dialled.
    package static func entry(
        of row: AudienceRow, _ channel: ChannelID, country: CallingCode? = nil
    ) -> Result<AudienceEntry, BroadcastProblem> {
        if let problem = row.problemOfPhone(country: country) { return .failure(problem) }
        let dialled = row.dialled(in: country)
        if let problem = dialled.problem(on: channel) { return .failure(problem) }
        let addresses = dialled.addresses(on: channel)
        guard let address = addresses.first else { return .failure(BroadcastProblem("names nobody")) }
        return .success(AudienceEntry(address: address, others: Array(addresses.dropFirst()), row: dialled.json))
    }
}
