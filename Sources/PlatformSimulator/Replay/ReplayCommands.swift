/// The ids of a protocol whose replies name the command that they answer, as Centrifuge's do: `{"id":1,…}`, one a line.
///
/// A host counts its commands through all its connections, so the ids of a replay differ from the recorded ones, but not
/// their order.
struct ReplayCommands: Sendable {
    private(set) var ids: [Int] = []

    /// Notes the commands of a frame.
    mutating func add(_ frame: [UInt8]) {
        for line in frame.split(separator: UInt8(ascii: "\n")) {
            if let id = Self.id(of: line) { ids.append(id) }
        }
    }

    /// A frame whose replies name the commands that were heard now, in place of these.
    func translated(_ frame: [UInt8], to heard: ReplayCommands) -> [UInt8] {
        guard !ids.isEmpty, ids != heard.ids else { return frame }
        let lines = frame.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            line -> [UInt8] in
            guard let id = Self.id(of: line), let place = ids.lastIndex(of: id), place < heard.ids.count,
                let tree = try? JSONValue(parsing: Array(line)), var reply = tree.object
            else { return Array(line) }
            reply["id"] = .int(heard.ids[place])
            return JSONValue.object(reply).bytes()
        }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static func id(of line: ArraySlice<UInt8>) -> Int? {
        guard line.first == UInt8(ascii: "{"), case .int(let id)? = (try? JSONValue(parsing: Array(line)))?["id"],
            id > 0
        else { return nil }
        return id
    }
}
