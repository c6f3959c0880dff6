import EventJSON
import Moonwire
import Testing
import TwinAPI

@testable import MoonwireChannels

/// What is sent to whom, and what is refused before it is sent.
struct TwinNotificationTests {
    private typealias Recipient = ChannelEffect.Opening.Recipient

    private static let whatsapp = TwinNotifications.Way(
        .init("whatsapp", text: "", more: ["mediaUrl": "u"]),
        template: ["templateName": "t", "templateData": ["Dear {text}", 2, ["x": "{text}"]]])
    private static let sms = TwinNotifications.Way(.init("sms", text: "", more: ["from": "Shop"]))
    private static let email = TwinNotifications.Way(.init("email", text: "", more: ["subject": "News"]))
    private static let chat = TwinNotifications.Way(.init("chat", text: "", more: ["chatId": "c", "botId": "b"]))

    private func notice(
        _ recipient: TwinNotice.Recipient, isTemplate: Bool = false, chat: String? = nil, text: String = "Hi"
    ) -> TwinNotice {
        TwinNotice(recipient: recipient, text: text, isTemplate: isTemplate, chat: chat)
    }

    private func person(
        phone: String? = nil, email: String? = nil, identifier: String? = nil
    ) -> TwinNotice.Recipient {
        .person(.person(name: "Ann", phone: phone, email: email, identifier: identifier), otherwise: nil)
    }

    private func refusal(_ ways: [TwinNotifications.Way], _ notice: TwinNotice) -> String? {
        do throws(ChannelError) {
            _ = try TwinNotifications(ways).notification(of: notice)
            return nil
        } catch {
            #expect(error.code == "invalid" && error.fate == .notPerformed && !error.retryable)
            return error.message
        }
    }

    @Test func whatTheRowNamesChoosesTheKeyOfTheDestination() throws {
        let settings = TwinNotifications([Self.chat])
        func destination(_ recipient: TwinNotice.Recipient) throws -> TwinNotification.Destination? {
            try settings.notification(of: notice(recipient)).destinations.first
        }
        let known = try destination(person(phone: "+7900", email: "a@b.c", identifier: "42"))
        #expect(known?.phone == "7900" && known?.email == "a@b.c" && known?.externalID == "42")
        #expect(known?.clientID == nil && known?.chatSessionID == nil)
        #expect(try destination(.person(.client("k1"), otherwise: nil))?.clientID == "k1")
        let both = TwinNotice.Recipient.person(
            .client("k1"), otherwise: .person(name: nil, phone: "+7900", email: nil, identifier: nil))
        let either = try destination(both)
        #expect(either?.clientID == "k1" && either?.phone == "7900")
        #expect(try destination(.session("s1"))?.chatSessionID == "s1")
        var plus = settings
        plus.phones = .plus
        #expect(try plus.notification(of: notice(person(phone: "+7900"))).destinations.first?.phone == "+7900")
    }

    @Test func onlyWaysThatMayReachSomebodyAreTried() throws {
        let settings = TwinNotifications([Self.email, Self.whatsapp, Self.sms, Self.chat])
        func ways(_ recipient: TwinNotice.Recipient) throws -> [String] {
            try settings.notification(of: notice(recipient)).channels.map(\.name)
        }
        #expect(try ways(person(phone: "+7900")) == ["whatsapp", "sms", "chat"])
        #expect(try ways(person(email: "a@b.c")) == ["email", "chat"])
        #expect(try ways(.session("s1")) == ["chat"])
        // Whatever the platform knows of them may be used.
        #expect(try ways(.person(.client("k1"), otherwise: nil)) == ["email", "whatsapp", "sms", "chat"])
        #expect(try ways(person(identifier: "42")) == ["email", "whatsapp", "sms", "chat"])
        #expect(refusal([Self.sms], notice(person(email: "a@b.c")))?.contains("by sms nobody is reached") == true)
        #expect(refusal([Self.sms, Self.email], notice(.session("s1")))?.contains("known by session only") == true)
        #expect(refusal([Self.sms], notice(person()))?.contains("neither phone") == true)
        #expect(refusal([Self.sms], notice(person(phone: "+7900"), text: ""))?.contains("needs a text") == true)
    }

    @Test func theTextGoesByEachWayAndATemplateOnlyWhereOneIsMeant() throws {
        let settings = TwinNotifications([Self.whatsapp, Self.sms])
        let plain = try settings.notification(of: notice(person(phone: "+7900"))).channels
        #expect(plain.map(\.text) == ["Hi", "Hi"])
        #expect(plain.map(\.more) == [["mediaUrl": "u"], ["from": "Shop"]])
        let template = try settings.notification(of: notice(person(phone: "+7900"), isTemplate: true)).channels
        #expect(template.map(\.text) == ["Hi", "Hi"])
        #expect(
            template.map(\.more) == [
                ["mediaUrl": "u", "templateName": "t", "templateData": ["Dear Hi", 2, ["x": "Hi"]]], ["from": "Shop"],
            ])
        #expect(
            refusal([Self.sms], notice(person(phone: "+7900"), isTemplate: true))?.contains("'template_name'") == true)
        // A way with the template that does not reach them is none.
        #expect(refusal([Self.whatsapp, Self.chat], notice(.session("s"), isTemplate: true)) != nil)
    }

    @Test func anInboxIsTheChatInWhichTheSessionBegins() throws {
        let settings = TwinNotifications([Self.chat, Self.sms])
        let channels = try settings.notification(of: notice(person(phone: "+7900"), chat: "other")).channels
        #expect(channels.map(\.more) == [["chatId": "other", "botId": "b"], ["from": "Shop"]])
        #expect(refusal([Self.sms], notice(person(phone: "+7900"), chat: "other"))?.contains("names an inbox") == true)
    }
}
