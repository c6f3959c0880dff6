import Foundation
import SQLiteJournal

/// A path in a folder of its own that goes with the test.
final class TemporaryJournal: Sendable {
    let folder: String
    var path: String { folder + "/journal.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "moonwire-journal-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func size(_ suffix: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int ?? 0
    }

    func open(_ durability: Durability = .process) throws -> SQLiteJournal {
        try SQLiteJournal(path: path, durability: durability)
    }
}
