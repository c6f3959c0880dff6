import ChatwootAPI
import Testing

@Suite struct ChatwootTextTests {
    @Test(arguments: [
        ("Hi {{contact.name}}", "Hi {\u{2060}{contact.name}}"), ("{% if x %}", "{\u{2060}% if x %}"),
        ("{{{a}}}", "{\u{2060}{\u{2060}{a}}}"), ("{{%", "{\u{2060}{\u{2060}%"), ("{ { % }", "{ { % }"),
        ("plain", "plain"), ("", ""),
        ("`{{a}}` {{b}}", "`{{a}}` {\u{2060}{b}}"),
        ("``` {{a}} ``` {{b}} ` {{c}}", "``` {{a}} ``` {\u{2060}{b}} ` {\u{2060}{c}}"),
        ("{`{`", "{`{`"), ("👋 {{ü}}", "👋 {\u{2060}{ü}}"),
    ])
    func keepsTextFromBeingATemplate(text: String, escaped: String) {
        #expect(ChatwootText.escapingLiquid(text) == escaped)
    }

    @Test(arguments: ["Hi {{contact.name}}, {% x %} {{{", "no tags", "{{*bold*}}"])
    func theReaderSeesWhatWasWritten(text: String) {
        let escaped = ChatwootText.escapingLiquid(text)
        #expect(ChatwootText.plain(escaped) == ChatwootText.plain(text))
        #expect(ChatwootText.escapingLiquid(escaped) == escaped)
        let outsideOfCode = escaped.split(separator: "`", omittingEmptySubsequences: false).first ?? ""
        #expect(!outsideOfCode.contains("{{") && !outsideOfCode.contains("{%"))
    }

    @Test(arguments: [
        ("**Yes**", "Yes"), ("*a* _b_ ~~c~~ `d`", "a b c d"), ("***both***", "both"),
        ("snake_case and 2*3*4", "snake_case and 2*3*4"),
        ("a * b * c", "a * b * c"), ("one\\\ntwo", "one\ntwo"), ("one  \ntwo", "one\ntwo"),
        ("\\*not bold\\*", "*not bold*"),
        ("[our site](https://x.example/a_b)", "our site"), ("see ![pic](https://x/y.png)!", "see pic!"),
        ("[1] no link", "[1] no link"),
        ("[**bold** link](u)", "bold link"), ("<https://x.example> <b> 1 < 2", "https://x.example <b> 1 < 2"),
        ("# Title\n\n- one\n* two\n> quoted", "Title\n\none\ntwo\nquoted"), ("```swift\nlet a = 1\n```", "let a = 1"),
        ("  spaced \r\n", "spaced"), ("a\u{200B}b\u{2060}c\u{FEFF}", "abc"), ("👩‍👩‍👧 نعم", "👩‍👩‍👧 نعم"), ("", ""), ("*", "*"),
        ("\\", ""),
        ("[@Omar](mention://user/21/Omar) hi", "@Omar hi"), ("__init__", "init"), ("5 stars: *****", "5 stars: *****"),
    ])
    func takesMarkupAway(markdown: String, plain: String) {
        #expect(ChatwootText.plain(markdown) == plain)
    }
}
