import Testing

@testable import Centrifuge

@Suite struct FrameTests {
    private let reader = FrameReader()

    private func read(_ bytes: [UInt8]) -> [ServerFrame] {
        var frames: [ServerFrame] = []
        reader.read(bytes) {
            frames.append($0)
            return true
        }
        return frames
    }

    private func read(_ text: String) -> [ServerFrame] { read(Array(text.utf8)) }

    @Test func kindsAreToldApartByIdAndPush() {
        #expect(read("{}") == [.ping])
        #expect(read(#"{"id":0}"#) == [.ping])
        #expect(read(#"{"push":null}"#) == [.ping])
        #expect(read(#"{"id":7}"#) == [.reply(Reply(id: 7))])
        #expect(read(#"{"push":{}}"#) == [.push(.unknown)])
        #expect(read(#"{"id":3,"push":{"channel":"c"}}"#) == [.reply(Reply(id: 3))])
    }

    @Test func linesAreReadOneByOneAndBlankOnesSkipped() {
        #expect(read("{}\n\n \r\n{}\n") == [.ping, .ping])
        #expect(read("") == [])
        #expect(read("\n") == [])
    }

    @Test func readingStopsWhenNothingMoreIsWanted() {
        var count = 0
        reader.read(Array("{}\n{}\n{}".utf8)) { _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
    }

    @Test func errorsOfAnyShapeAreErrors() {
        let error = ReplyError(code: 100, message: "internal server error", temporary: true)
        #expect(
            read(#"{"id":7,"error":{"code":100,"message":"internal server error","temporary":true}}"#)
                == [.reply(Reply(id: 7, error: error))])
        #expect(read(#"{"id":7,"error":{}}"#) == [.reply(Reply(id: 7, error: ReplyError()))])
        #expect(read(#"{"id":7,"error":null,"publish":{}}"#) == [.reply(Reply(id: 7))])
    }

    @Test func version1IsRecognised() {
        #expect(read(#"{"id":1,"result":{"client":"x"}}"#) == [.version1])
        #expect(read(#"{"result":{"type":0,"channel":"c","data":{"data":1}}}"#) == [.version1])
    }

    @Test(arguments: ["nonsense", "[]", "1", "null", #""text""#, "{", "{} {}", #"{"a":01}"#, "{\"a\":\"\u{1}\"}"])
    func anythingElseIsUnreadable(text: String) {
        #expect(read(text) == [.unreadable])
    }

    @Test func escapedNamesMeanTheSame() {
        #expect(
            read(#"{"\u0070ush":{"ch\u0061nnel":"\u00e9\/","pub":{"d\u0061ta":"\u00e9\/","offset":1}}}"#)
                == [
                    .push(
                        .publication(
                            channel: "é/", CentrifugePublication(data: Array(#""\u00e9\/""#.utf8), offset: 1)))
                ])
    }

    @Test func nullStandsForAbsentEverywhere() {
        let nulls =
            #"{"client":null,"version":null,"expires":null,"ttl":null,"data":null,"subs":null,"ping":null,"pong":null}"#
        #expect(
            read(#"{"id":1,"connect":\#(nulls)}"#) == [.reply(Reply(id: 1, body: .connect(ConnectResult())))])
        let subscription =
            #"{"recoverable":null,"epoch":null,"offset":null,"publications":null,"recovered":null,"data":null}"#
        #expect(
            read(#"{"id":1,"subscribe":\#(subscription)}"#)
                == [.reply(Reply(id: 1, body: .subscribe(SubscribeResult())))])
        let publication = CentrifugePublication(data: JSONText.null)
        #expect(
            read(#"{"push":{"channel":"c","pub":{"data":null,"offset":null,"tags":null,"time":null,"info":null}}}"#)
                == [.push(.publication(channel: "c", publication))])
        #expect(read(#"{"push":{"channel":"c","pub":{}}}"#) == [.push(.publication(channel: "c", publication))])
    }

    @Test func valuesOfTheWrongTypeCountAsAbsent() {
        #expect(
            read(#"{"id":1,"connect":{"client":[1,{"a":"]"}],"subs":7,"ping":"25","pong":{},"version":1}}"#)
                == [.reply(Reply(id: 1, body: .connect(ConnectResult())))])
        #expect(
            read(#"{"push":{"channel":{"x":1},"pub":{"data":1,"offset":-5,"time":"x","tags":[1]}}}"#)
                == [.push(.publication(channel: "", CentrifugePublication(data: [UInt8(ascii: "1")])))])
    }

    @Test func wholeConnectResult() {
        let text =
            #"{ "id" : 1 , "connect" : { "client":"c","version":"5.4.0","expires":true,"ttl":300, "data" : {"hello": 1},"#
            + #""subs":{"A":{"recoverable":true,"positioned":true,"epoch":"k","offset":117,"recovered":true,"#
            + #""was_recovering":true,"publications":[{"data":{"event":"x"},"offset":118},null,{"data":[2]}],"#
            + #""data":"d"},"B":{}},"ping":25,"pong":true,"session":"s","node":"n","time":1} } "#
        var result = ConnectResult()
        result.client = "c"
        result.version = "5.4.0"
        result.data = Array(#"{"hello": 1}"#.utf8)
        result.refresh = RefreshResult(expires: true, ttl: 300)
        result.ping = 25
        result.wantsPong = true
        var a = SubscribeResult()
        (a.isRecoverable, a.isPositioned, a.epoch, a.offset) = (true, true, "k", 117)
        (a.recovered, a.wasRecovering, a.data) = (true, true, Array(#""d""#.utf8))
        a.publications = [
            CentrifugePublication(data: Array(#"{"event":"x"}"#.utf8), offset: 118),
            CentrifugePublication(data: Array("[2]".utf8)),
        ]
        result.subscriptions = [
            .init(channel: "A", result: a), .init(channel: "B", result: SubscribeResult()),
        ]
        #expect(read(text) == [.reply(Reply(id: 1, body: .connect(result)))])
    }

    @Test func ofSeveralKindsInOnePushThePublicationCounts() {
        #expect(
            read(#"{"push":{"disconnect":{"code":3000},"channel":"c","pub":{"data":1}}}"#)
                == [.push(.publication(channel: "c", CentrifugePublication(data: [UInt8(ascii: "1")])))])
    }

    @Test func brokenBytesNeverTrap() {
        var random = SeededRandom(7)
        let whole = Array(
            (push("A", 5, data: #"{"text":"\"\\","list":[1,[2,{"}":null}]]}"#) + "\n"
                + #"{"id":1,"connect":{"subs":{"A":{"publications":[{"data":{"a":"b"},"offset":1}]}}}}"#).utf8)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
                default: bytes.removeSubrange(index...)
                }
            }
            #expect(read(bytes).count <= bytes.count)
        }
    }
}
