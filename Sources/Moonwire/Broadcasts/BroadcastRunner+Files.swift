extension BroadcastRunner {
    /// How many records of a file one transaction adds.
    private static let page = 1000

    /// Reads one page after the other of a file into the ledger. What the journal refuses is kept until it takes it.
    func read(_ path: String, _ options: CSVOptions, for record: BroadcastRecord) async throws -> Next {
        let id = record.id
        switch files[id] {
        case .asked?: return .bell
        case .came(.success(let reading))?:
            let page = reading.page
            guard !page.isEmpty else {
                try await change(.closeAudience(id, error: nil))
                files.forget(id)
                return .again
            }
            try await change(
                .add(
                    id, page.entries, rejected: page.rejected, position: page.position, cursor: page.mark?.text))
            files.take(id)
            return .again
        case .came(.failure(let problem))?:
            let advice = AudienceRequest.advice(record.plan.name, key: record.key)
            try await change(
                .closeAudience(id, error: "\(problem); \(advice), which reads the file from its beginning"))
            files.forget(id)
            return .again
        case .taken?, nil:
            let (skipping, mark) = (record.position, record.mark)
            files.ask(id, limit: Self.page, channel: record.plan.channel) { () throws(BroadcastProblem) in
                try AudienceFile(path: path, options: options, skipping: skipping, mark: mark)
            } arrival: {
                self.bell.ring()
            }
            return .bell
        }
    }
}
