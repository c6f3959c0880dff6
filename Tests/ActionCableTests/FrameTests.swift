import Testing

@testable import ActionCable

@Suite struct FrameTests {
    private let reader = CableFrameReader()

    private func read(_ text: String) -> CableFrame { reader.read(Array(text.utf8)) }

    @Test func framesOfRails() {
        #expect(read(#"{"type":"welcome"}"#) == .welcome)
        #expect(read(#"{"type":"ping","message":1795259987}"#) == .ping)
        #expect(
            read(#"{"identifier":"{\"channel\":\"R\"}","type":"confirm_subscription"}"#)
                == .confirm(identifier: #"{"channel":"R"}"#))
        #expect(read(#"{"identifier":"a","type":"reject_subscription"}"#) == .reject(identifier: "a"))
        #expect(
            read(#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#)
                == .disconnect(reason: "server_restart", reconnect: true))
        #expect(
            read(#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#)
                == .disconnect(reason: "unauthorized", reconnect: false))
        #expect(read(#"{"identifier":"a","message":{"event":"e"}}"#) == .data(identifier: "a"))
    }

    @Test func escapesAndOrderDoNotMatter() {
        #expect(read(#"{"message":null,"identifier":"\u003ca\u003e\/"}"#) == .data(identifier: "<a>/"))
        #expect(read(#" { "type" : "pi\u006eg" } "#) == .ping)
    }

    @Test func disconnectWithoutAWordMeansComeBack() {
        #expect(read(#"{"type":"disconnect"}"#) == .disconnect(reason: "", reconnect: true))
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"type":"news"}"#, #"{"type":7}"#, #"{"type":"confirm_subscription"}"#,
        #"{"identifier":"a"}"#, #"{"message":1}"#, #"{"type":"ping""#, #"{"identifier":1,"message":1}"#, "ping",
    ])
    func everythingElseIsUnknown(text: String) {
        #expect(read(text) == .unknown)
    }

    @Test func routerFindsFramesByTheirBeginning() {
        var router = CableRouter()
        let a = Array(#"{"identifier":"{\"t\":\"a\"}","message":{"n":1}}"#.utf8)
        let other = Array(#"{"identifier":"{\"t\":\"a\"}","message":[]}"#.utf8)
        let b = Array(#"{"identifier":"{\"t\":\"b\"}","message":{}}"#.utf8)
        let confirm = Array(#"{"identifier":"{\"t\":\"a\"}","type":"confirm_subscription"}"#.utf8)
        let (first, second) = (SubscriptionID(number: 1), SubscriptionID(number: 2))
        #expect(router.route(a) == nil)
        router.learn(a, first)
        router.learn(b, second)
        for _ in 0..<2 {
            #expect(router.route(other) == first)
            #expect(router.route(b) == second)
            #expect(router.route(confirm) == nil)
        }
        router.forget()
        #expect(router.route(a) == nil)
    }

    @Test(arguments: [
        #"{"identifier":"a"#, #"{"identifier":"a\"#, #"{"identifier":"a""#, #"{"identifier":"a","message""#,
        #"{"identifier":"a","message":"#, "", "{",
    ])
    func routerSurvivesTornFrames(text: String) {
        var router = CableRouter()
        router.learn(Array(#"{"identifier":"b","message":1}"#.utf8), SubscriptionID(number: 1))
        #expect(router.route(Array(text.utf8)) == nil)
    }
}
