import CustomChannelAPI
import Testing

@Suite struct TextTests {
    @Test func shortTextsStayWhole() {
        #expect(CustomChannelText.split("hola", limit: 10) == ["hola"])
        #expect(CustomChannelText.split(String(repeating: "a", count: 7000)).count == 1)
    }

    @Test func cutsStandBetweenLines() {
        #expect(CustomChannelText.split("one two\nthree four", limit: 12) == ["one two", "three four"])
        #expect(CustomChannelText.split("one two three", limit: 9) == ["one two", "three"])
    }

    @Test func nothingIsLostWithoutBreaks() {
        let text = String(repeating: "a", count: 25)
        #expect(CustomChannelText.split(text, limit: 10).map(\.count) == [10, 10, 5])
        #expect(CustomChannelText.split(text, limit: 10).joined() == text)
    }

    @Test func anEmojiAtTheLimitStaysWhole() {
        let text = String(repeating: "a", count: 6999) + "😀" + "b"
        let parts = CustomChannelText.split(text)
        #expect(parts.map(\.utf16.count) == [6999, 3])
        #expect(parts.joined() == text)
    }

    @Test func aCharacterLongerThanTheLimitIsCutBetweenScalars() {
        let text = "e" + String(repeating: "\u{301}", count: 30)
        let parts = CustomChannelText.split(text, limit: 10)
        #expect(parts.allSatisfy { $0.utf16.count <= 10 })
        #expect(parts.joined() == text)
    }

    @Test func numberedLinesStandForButtons() {
        let question = CustomChannelMessage.QuickReply(title: "¿Le sirvió?", replies: ["Sí", "No", "3"])
        #expect(question.numberedText == "¿Le sirvió?\n1. Sí\n2. No\n3. 3")
        #expect(question.reply(to: " 2 ") == "No")
        #expect(question.reply(to: "2.") == "No")
        #expect(question.reply(to: "sí") == "Sí")
        #expect(question.reply(to: "3") == "3")
        #expect(question.reply(to: "4") == nil)
        #expect(question.reply(to: "maybe") == nil)
    }
}
