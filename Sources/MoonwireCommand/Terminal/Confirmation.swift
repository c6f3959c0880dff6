/// A question that only a person at a terminal can answer.
enum Confirmation {
    /// Says what is about to happen, and asks whether it should.
    ///
    /// - Throws: exit code 2, with a sentence, where nobody can be asked.
    static func ask(_ sentence: String, _ question: String) throws -> Bool {
        let terminal = Terminal(.error)
        terminal.line(sentence)
        guard Terminal.isInteractive else {
            throw Complaint.wrongInput(HostError("nobody is asked here; say --yes to go on"))
        }
        terminal.write("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
