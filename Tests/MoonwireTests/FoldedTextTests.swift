import Moonwire
import Testing

struct FoldedTextTests {
    @Test(arguments: [
        ("Hello", "hello"), ("CAFÉ", "cafe"), ("أهلاً", "اهلا"), ("مـــرحبا", "مرحبا"), ("على", "علي"),
        ("مدرسة", "مدرسه"), ("٤٢", "42"), ("ﬁne", "fine"), ("إلغاء", "الغاء"),
    ])
    func joinsWhatPeopleTypeForOneAnother(text: String, folded: String) {
        #expect(FoldedText.fold(text) == folded)
    }

    @Test func wordsStandAlone() {
        let text = FoldedText("Where is my ORDER, please?")
        #expect(text.containsAny(of: ["order"]))
        #expect(!text.containsAny(of: ["ord"]))
        #expect(text.containsAny(of: ["my order"]))
    }

    @Test(arguments: [
        ("/start now", "start", "now"), ("STOP", "stop", ""), ("  /help  me please ", "help", "me please"),
    ])
    func aCommandIsTheFirstWord(text: String, word: String, rest: String) throws {
        let command = try #require(FoldedText(text).command)
        #expect(command.word == word)
        #expect(command.rest == rest)
    }

    @Test func blankTextHasNoCommand() {
        #expect(FoldedText("  ").command == nil)
        #expect(FoldedText("/").command == nil)
    }
}
