import Moonwire

extension ScriptBundle {
    /// The files of a version that its entry requires by a literal name, directly or through one another; the entry
    /// first, the others in the order of their names.
    static func named(in sources: ScriptSources) -> [String] {
        var found: Set<String> = []
        var pending = [sources.entry]
        while let file = pending.popLast() {
            guard let source = sources.files[file], found.insert(file).inserted else { continue }
            for module in RequireScanner(source).modules {
                // As `require` does, take the first that is there.
                if let file = ModuleName.files(module).first(where: { sources.files[$0] != nil }) {
                    pending.append(file)
                }
            }
        }
        return [sources.entry] + found.subtracting([sources.entry]).sorted()
    }
}
