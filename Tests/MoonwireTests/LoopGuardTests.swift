import Testing

@testable import Moonwire

struct LoopGuardTests {
    @Test func twoBotsAreStoppedAndAPersonIsNot() {
        var alone = LoopGuard(limit: 20)
        let now = Instant(seconds: 100)
        let allowed = (0..<20).map { _ in alone.maySpeak(at: now) }
        #expect(allowed.allSatisfy { $0 })
        let answer1 = alone.maySpeak(at: now)
        #expect(!answer1)

        var chat = LoopGuard(limit: 20)
        for _ in 0..<100 {
            chat.peerSpoke(at: now)
            let answer4 = chat.maySpeak(at: now)
            #expect(answer4)
        }
    }

    @Test func answersAreLimitedWhateverThePeerWrites() {
        var busy = LoopGuard(limit: 20)
        var answers: [Bool] = []
        for second in 0..<10 {
            busy.peerSpoke(at: Instant(seconds: Double(second)))
            answers.append(busy.mayAnswer(at: Instant(seconds: Double(second)), limit: 5))
        }
        #expect(answers == Array(repeating: true, count: 5) + Array(repeating: false, count: 5))
        let later = busy.mayAnswer(at: Instant(seconds: 60.5), limit: 5)
        #expect(later)
    }

    @Test func aMinuteLaterTheSessionIsFreeAgain() {
        var alone = LoopGuard(limit: 2)
        _ = alone.maySpeak(at: Instant(seconds: 0))
        _ = alone.maySpeak(at: Instant(seconds: 0))
        let answer2 = alone.maySpeak(at: Instant(seconds: 59))
        #expect(!answer2)
        let answer3 = alone.maySpeak(at: Instant(seconds: 61))
        #expect(answer3)
    }
}
