import Foundation

/// Where on the disk scripts live: what a watcher must look at to notice that one of them changed.
public struct ScriptFootprint: Sendable, Hashable {
    /// Files by absolute path, those included that may come to be.
    public var files: Set<String> = []
    /// Folders of which each `.lua` file directly inside counts.
    public var folders: Set<String> = []
    /// Folders of which each `.lua` file counts, however deep.
    public var trees: Set<String> = []

    public init() {}

    public mutating func formUnion(_ other: ScriptFootprint) {
        files.formUnion(other.files)
        folders.formUnion(other.folders)
        trees.formUnion(other.trees)
    }

    /// A tree with more folders than this is looked at only as far as here.
    private static let maxFolders = 2000

    /// The folders that exist and in which something can happen that counts. A file in a folder that is not there yet
    /// is represented by the nearest folder above that is.
    func existingFolders() -> Set<String> {
        var result: Set<String> = []
        for file in files { result.insert(Self.nearestFolder(to: (file as NSString).deletingLastPathComponent)) }
        for folder in folders.union(trees) { result.insert(Self.nearestFolder(to: folder)) }
        for tree in trees { result.formUnion(Self.folders(below: tree)) }
        return result
    }

    /// All files that count and are there.
    func existingFiles() -> Set<String> {
        var result = files
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where name.hasSuffix(".lua") { result.insert(folder + "/" + name) }
        }
        for tree in trees {
            for name in Self.walk(tree) where name.hasSuffix(".lua") { result.insert(tree + "/" + name) }
        }
        return result
    }

    private static func nearestFolder(to path: String) -> String {
        var path = path
        while path.count > 1, !isFolder(path) { path = (path as NSString).deletingLastPathComponent }
        return path.isEmpty ? "/" : path
    }

    private static func folders(below tree: String) -> [String] {
        let names = walk(tree).lazy.map { tree + "/" + $0 }.filter(isFolder)
        return Array(names.prefix(maxFolders))
    }

    private static func walk(_ tree: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: tree) else { return [] }
        return walk.compactMap { $0 as? String }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
