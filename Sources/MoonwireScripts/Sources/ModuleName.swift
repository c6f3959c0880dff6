/// What `require` may name: files below the script's own folder, never above it.
enum ModuleName {
    /// The files that a module name stands for, in the order in which they are looked for; none for a name that is not
    /// allowed. `a.b` is `a/b.lua` or `a/b/init.lua`.
    static func files(_ module: String) -> [String] {
        let parts = module.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0 > 0x20 && $0 != 0x2F && $0 != 0x5C && $0 != 0x7F }
        }
        guard isPlain, module.utf8.count <= 200 else { return [] }
        let path = parts.joined(separator: "/")
        return [path + ".lua", path + "/init.lua"]
    }
}
