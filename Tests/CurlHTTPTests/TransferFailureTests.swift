import CCurl
import Testing

@testable import CurlHTTP

@Suite struct TransferFailureTests {
    /// All of libcurl's codes, known to this version or not, before and after the request has begun.
    @Test(arguments: 1...120)
    func everyCodeIsOneSentence(number: UInt32) {
        for attempts in [0, 1] {
            var facts = TransferFailure.Facts()
            facts.host = "h.example"
            facts.progress.attempts = attempts
            facts.timeout = .seconds(20)
            facts.connectTimeout = .milliseconds(1500)
            let failure = TransferFailure(CURLcode(rawValue: number), facts)
            #expect(failure.message.hasSuffix("."))
            #expect(failure.message.first?.isUppercase == true || failure.message.hasPrefix("libcurl"))
            #expect(!failure.message.dropLast().contains(". "))
        }
    }

    @Test func timeLimitsAreNamed() {
        var facts = TransferFailure.Facts()
        facts.host = "h.example"
        facts.timeout = .seconds(20)
        facts.connectTimeout = .milliseconds(1500)
        let connecting = TransferFailure(CURLE_OPERATION_TIMEDOUT, facts)
        #expect(connecting.message == "No connection to the host h.example within 1500 ms.")
        facts.progress.attempts = 1
        #expect(TransferFailure(CURLE_OPERATION_TIMEDOUT, facts).message == "No complete answer within 20 s.")
    }
}
