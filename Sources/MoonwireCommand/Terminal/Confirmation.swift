import Foundation

/// A question that only a person at a terminal can answer.
enum Confirmation {
    /// Says what is about to happen, and asks whether it should.
    ///
    /// - Parameter refusal: What is said when it should not.
    /// - Throws: exit code 2, with a sentence, where nobody can be asked.
    static func ask(_ sentence: String, _ question: String, otherwise refusal: String) throws -> Bool {
        let terminal = Terminal(.error)
        terminal.line(sentence)
        guard Terminal.isInteractive else {
            throw Complaint.wrongInput(HostError("nobody is asked here; say --yes to go on"))
        }
        terminal.write("\(question) [y/N] ")
        let answer = readLine()
        // The end of the input leaves the cursor behind the question.
        if answer == nil { terminal.line("") }
        let isYes = ["y", "yes"].contains(answer?.trimmingCharacters(in: .whitespaces).lowercased() ?? "")
        if !isYes { terminal.line(refusal) }
        return isYes
    }
}
