import NIOCore
import NIOWebSocket
import Testing

@testable import WebSocketClient

@Suite struct MessageAssemblerTests {
    private var assembler = MessageAssembler(maxMessageSize: 100)

    private func frame(_ opcode: WebSocketOpcode, _ bytes: [UInt8], fin: Bool = true) -> WebSocketFrame {
        WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(bytes: bytes))
    }

    private mutating func feed(_ frames: [WebSocketFrame]) throws -> [MessageAssembler.Output] {
        try frames.map { try assembler.append($0) }
    }

    private mutating func violation(_ frames: WebSocketFrame...) -> UInt16? {
        do {
            _ = try feed(frames)
            return nil
        } catch {
            return (error as? MessageAssembler.Violation)?.code
        }
    }

    private func text(_ text: String) -> MessageAssembler.Output {
        .message(WebSocketMessage(kind: .text, payload: Array(text.utf8)))
    }

    @Test mutating func fragmentsBecomeOneMessageAroundAPing() throws {
        let outputs = try feed([
            frame(.text, [0xC3], fin: false), frame(.ping, [1]), frame(.continuation, [0xA9, 0x61], fin: false),
            frame(.pong, []), frame(.continuation, []),
        ])
        #expect(outputs == [.none, .ping(ByteBuffer(bytes: [1])), .none, .none, text("éa")])
        #expect(try feed([frame(.text, [0x62])]) == [text("b")])
    }

    @Test mutating func messageInsideAMessageBreaksTheRules() {
        #expect(violation(frame(.text, [], fin: false), frame(.text, [])) == 1002)
    }

    @Test mutating func continuationOfNothingBreaksTheRules() {
        #expect(violation(frame(.continuation, [])) == 1002)
    }

    @Test mutating func maskedFrameBreaksTheRules() {
        #expect(violation(WebSocketFrame(fin: true, opcode: .text, maskKey: [1, 2, 3, 4], data: ByteBuffer())) == 1002)
    }

    @Test mutating func reservedBitBreaksTheRules() {
        #expect(violation(WebSocketFrame(fin: true, rsv1: true, opcode: .text, data: ByteBuffer())) == 1002)
    }

    @Test mutating func unknownOpcodeBreaksTheRules() {
        #expect(
            violation(WebSocketFrame(fin: true, opcode: .init(encodedWebSocketOpcode: 5) ?? .text, data: .init()))
                == 1002)
    }

    @Test mutating func invalidTextBreaksTheRules() {
        #expect(violation(frame(.text, [0xC3], fin: false), frame(.continuation, [0x28])) == 1007)
        var other = MessageAssembler(maxMessageSize: 100)
        #expect(throws: Never.self) { try other.append(frame(.binary, [0xC3, 0x28])) }
    }

    @Test mutating func sizeCountsAllFragments() {
        #expect(violation(frame(.binary, [UInt8](repeating: 0, count: 100))) == nil)
        let half = [UInt8](repeating: 0, count: 60)
        #expect(violation(frame(.binary, half, fin: false), frame(.continuation, half)) == 1009)
    }

    @Test mutating func closeFramesAreRead() throws {
        #expect(try feed([frame(.connectionClose, [])]) == [.close(code: nil, reason: "")])
        let bytes: [UInt8] = [0x03, 0xE8] + Array("bye".utf8)
        #expect(try feed([frame(.connectionClose, bytes)]) == [.close(code: 1000, reason: "bye")])
    }

    @Test(arguments: [[0x03], [0x03, 0xED], [0x03, 0xEE], [0x00, 0x01], [0x13, 0x88]] as [[UInt8]])
    mutating func invalidCloseCodesBreakTheRules(payload: [UInt8]) {
        #expect(violation(frame(.connectionClose, payload)) == 1002)
    }

    @Test func validationAgreesWithTheStandardLibrary() {
        var generator = SplitMix(state: 7)
        let pieces: [[UInt8]] = [
            Array("plain ascii text".utf8), Array("é€😀".utf8), [0xC0, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xEF, 0xBF, 0xBF],
        ]
        var counts = [true: 0, false: 0]
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                // Mostly well-formed pieces, so that both answers occur often.
                let last = round % 2 == 0 ? 1 : pieces.count - 1
                bytes += pieces[Int.random(in: 0...last, using: &generator)]
            }
            if round % 5 == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            counts[expected, default: 0] += 1
            #expect(isValidUTF8(bytes) == expected, "\(bytes)")
        }
        #expect(counts.values.allSatisfy { $0 > 1000 })
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
