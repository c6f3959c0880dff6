import EventJSON
import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// Plays the conversations that the examples promise.
struct ExampleTests {
    private func example(_ name: String, role: Role = .operator) throws -> Rehearsal {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let sources = try ScriptBundle.load(root + "/examples/" + name)
        let source = try #require(sources.files[name])
        return try Rehearsal(source, file: name, role: role)
    }

    @Test func helloGreetsByNameAndAnswersItsCommand() throws {
        let hello = try example("hello.lua")
        try hello.happens(hello.message("HELLO there"), run: 1)
        #expect(hello.said == ["Hello Aisha, how can I help?"])
        try hello.happens(hello.message("/about"), run: 2)
        #expect(hello.said.last == "I am a bot, made with Moonwire.")
        try hello.happens(hello.message("what?"), run: 3).happens(hello.message("what?"), run: 4)
        #expect(hello.said.count == 3 && hello.said.last?.hasPrefix("Thank you for your message.") == true)
    }

    @Test func orderPanelShowsOrdersAndSendsTheInvoice() throws {
        let panel = try example("order_panel.lua")
        var session = panel.session()
        session.client?.phone = "+966500000000"
        let page = PanelEvent(
            session: session, platform: .hoory, role: .operator, app: "orders",
            person: Operator(id: "55", name: "Sami"))
        func shown() -> String { panel.requests.last?.arguments.text ?? "" }
        try panel.happens(page.named("panel.opened", key: "1", at: panel.now), run: 1)
        #expect(shown().contains(#"{"label":"Last one","value":"on its way"}"#) && shown().contains("send-invoice"))
        try panel.happens(
            page.named(
                "panel.action", key: "2", at: panel.now, action: "send-invoice", arguments: ["url": "https://x"]),
            run: 2)
        #expect(panel.said == ["Here is your invoice: https://x"])
        try panel.happens(page.named("panel.opened", key: "3", at: panel.now), run: 3)
        #expect(shown().contains(#"{"label":"Invoice sent","value":"by Sami"}"#))
    }

    @Test func orderStatusAsksAndTells() throws {
        let orders = try example("order_status.lua")
        try orders.happens(orders.message("Where is my order?"))
        #expect(orders.said == ["What is your order number?"])
        try orders.says("hm").says("ab12345").says("yes")
        #expect(
            orders.said.dropFirst() == [
                "It looks like AB12345. You find it in your confirmation e-mail.",
                "Your order AB12345 is on its way and arrives tomorrow.", "Was that helpful?", "Glad to hear that!",
            ])
        #expect(orders.isFinished)
    }

    @Test func orderStatusHandsOverWhenItCannotHelp() throws {
        let orders = try example("order_status.lua")
        try orders.happens(orders.message("my order")).timesOut()
        let transfer = try #require(orders.requests.last)
        #expect(transfer.arguments.text == #"{"group":"orders","note":"No order number: timeout"}"#)
        #expect(orders.isFinished)
    }

    @Test func orderStatusHandsOverAfterAnError() throws {
        let orders = try example("order_status.lua")
        orders.outcomes["session:ask"] = .failure(EffectFailure(code: "rejected", message: "no"))
        try orders.happens(orders.message("my order"))
        #expect(orders.kinds == ["session:ask", "session:reply", "session:transfer"])
    }

    @Test func anOrderIsTakenAndPaid() throws {
        let order = try example("order_dialog.lua")
        try order.happens(order.message("I want to order"))
        #expect(order.waiting?.dialog?.restart == ["start over"])
        try order.says("٣").says("Moon Street 1").says("tomorrow").says("050 123 4567")
        #expect(order.said.last == #"3 boxes to Moon Street 1. Please pay, and write "paid"."#)
        try order.timesOut()
        #expect(order.said.last == "Your order still waits for its payment.")
        try order.says("I have paid")
        #expect(
            order.requests.last?.arguments.text
                == #"{"group":"orders","note":"3 boxes to Moon Street 1, 1970-01-02, phone +966501234567"}"#)
        #expect(order.isFinished)
    }

    @Test func anOrderMayLeaveItsDeliveryItsDialogOrItsTime() throws {
        let order = try example("order_dialog.lua")
        try order.happens(order.message("/order"), run: 1).says("21").says("2").ends("cancelled: back").says("yes")
        #expect(
            order.said == [
                "How many boxes of dates?", "Please answer with a whole number from 1 to 20.",
                "Where shall we bring it?", "No delivery, then. Will you pick it up?",
                #"2 boxes to our shop. Please pay, and write "paid"."#,
            ])
        try order.answer(order.message("", attachments: [Moonwire.Attachment(id: "1", kind: "image")]))
        #expect(order.kinds.last == "session:transfer")
        try order.happens(order.message("dates please"), run: 2).says("2").ends("cancelled: stop")
        #expect(order.said.last == "All right, no order." && order.isFinished)
        try order.happens(order.message("dates please"), run: 3).says("2").ends("expired")
        #expect(order.said.last?.hasPrefix("Your order has lapsed.") == true && order.isFinished)
    }

    @Test func anUnpaidOrderIsRemindedOfAndLetGo() throws {
        let order = try example("order_dialog.lua")
        try order.happens(order.message("dates")).says("1").ends("cancelled: back").says("yes").timesOut().timesOut()
        #expect(
            order.said.suffix(2) == [
                "Your order still waits for its payment.", "We have not seen a payment, so we let the order go.",
            ])
        #expect(order.isFinished)
    }

    @Test func theMenuLabelsAndMoves() throws {
        let menu = try example("support_menu.lua")
        try menu.happens(menu.message("help!"))
        #expect(menu.replies.first?.quickReplies.map(\.title) == ["Billing", "Technical help", "Something else"])
        try menu.says("1")
        #expect(
            menu.kinds.dropFirst(2) == ["session:label", "session:set", "session:transfer", "session:reply"])
        #expect(menu.requests[4].arguments.text == #"{"group":"billing","note":"Chosen in the menu."}"#)
        try menu.happens(menu.event("session.closed"), run: 8)
        #expect(menu.kinds.last == "session:quick_replies")
    }

    @Test func theClientBotAnswersQuestionsButtonsAndForms() throws {
        let client = try example("client_bot.lua", role: .client)
        try client.happens(client.message("What is your e-mail?"), run: 1)
        #expect(client.said == ["aisha@example.com"])
        let buttons = client.message(
            "Pick", buttons: [QuickReply(title: "Track", value: "track")], contentType: "input_select")
        try client.happens(buttons, run: 2)
        #expect(
            client.requests.last?.arguments.text == #"{"message":"m1","values":[{"title":"Track","value":"track"}]}"#)
        try client.happens(client.message("Fill in", contentType: "form"), run: 3)
        #expect(
            client.requests.last?.arguments.text
                == #"{"message":"m1","values":{"email":"aisha@example.com","name":"Aisha"}}"#)
        try client.happens(client.event("session.started"), run: 4)
        #expect(client.said.last == "Hello, this is Aisha.")
    }
}
