import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// What a desk tells pages of a conversation.
struct ChatwootDeskTests {
    @Test(arguments: [404, 403]) func whatIsMissingAndWhatTheSeatMayNotSeeAreOne(_ status: Int) async throws {
        let harness = try await HostHarness()
        let desk = try #require(harness.operatorChannel().channel.desk)
        let id = try await harness.conversation()
        let path = "accounts/\(DemoWorld.accountID)/conversations/\(id)"
        harness.simulator.faults.update {
            $0.requests = [RequestFault(.failed, next: 1, path: path, method: "GET", status: status)]
        }
        let hidden = try await desk.deskSession(String(id))
        #expect(hidden == nil)
        let seen = try await desk.deskSession(String(id))
        #expect(seen?.account == String(DemoWorld.accountID))
        await harness.simulator.stop()
    }
}
