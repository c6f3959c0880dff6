import CustomChannelAPI
import Testing

@Suite struct IdentityTests {
    @Test(arguments: ["+60 17-787 2890", "60177872890", "+60 (17) 787.2890"])
    func phoneNumbersHaveOneForm(given: String) throws {
        let id = try CustomChannelIDType.phone.normalized(given)
        #expect(id == "+60177872890")
    }

    @Test(arguments: ["+0123", "+012345678", "+6017abc2890", "", "+", "+1234567890123456"])
    func whatIsNoPhoneNumberIsRefused(given: String) {
        let error = refusal { () throws(CustomChannelError) in _ = try CustomChannelIDType.phone.normalized(given) }
        #expect(error?.field == "contactId")
    }

    @Test(arguments: ["a-b", "x.y", "josé", "", "a b", "a:b", String(repeating: "a", count: 51)])
    func illegalCustomIDsAreRefused(given: String) {
        let error = refusal { () throws(CustomChannelError) in _ = try CustomChannelIDType.custom.normalized(given) }
        #expect(error?.field == "contactId")
    }

    @Test(arguments: [CustomChannelIDType.phone, .custom])
    func aRefusalDoesNotRepeatTheID(type: CustomChannelIDType) throws {
        let given = "lucía.ríos@example.com"
        let error = try #require(refusal { () throws(CustomChannelError) in _ = try type.normalized(given) })
        #expect(!"\(error)".contains("luc") && !"\(error)".contains("example.com"))
        #expect("\(error)".contains("22 characters"))
        #expect(error.length == 22)
    }

    @Test func mappingKeepsWhatIsLegalAndEncodesTheRest() {
        #expect(CustomChannelMapping("user_88412") == CustomChannelMapping("user_88412"))
        #expect(CustomChannelMapping("user_88412").kind == .same)
        let address = CustomChannelMapping("lucia@example.com")
        #expect(address.contactID == "bHVjaWFAZXhhbXBsZS5jb20")
        #expect(address.kind == .encoded)
        let uuid = CustomChannelMapping("6f1c0d1e-7b5a-4e0e-9f5d-1f2a3b4c5d6e")
        #expect(uuid.kind == .encoded)
        #expect(uuid.contactID.count == 48)
    }

    @Test func longIDsAreDigested() {
        let long = CustomChannelMapping("wamid." + String(repeating: "x", count: 40))
        #expect(long.kind == .digest)
        #expect(long.contactID.count == 32)
        #expect(long.contactID == CustomChannelMapping("wamid." + String(repeating: "x", count: 40)).contactID)
        #expect(long.contactID != CustomChannelMapping("wamid." + String(repeating: "x", count: 41)).contactID)
        #expect(CustomChannelMapping(String(repeating: "é", count: 19)).kind == .digest)
    }

    @Test(arguments: [37, 38])
    func everyMappedIDIsLegal(length: Int) {
        let mapping = CustomChannelMapping(String(repeating: "-", count: length))
        #expect(mapping.kind == (length == 37 ? .encoded : .digest))
        #expect(CustomChannelIDType.custom.allows(mapping.contactID))
    }

    @Test func messageIDsFollowTheirKeyAndTheirTime() {
        let first = CustomChannelMessageID(.incoming, milliseconds: now, key: "mw-1-1")
        #expect(first == CustomChannelMessageID(.incoming, milliseconds: now, key: "mw-1-1"))
        #expect(first != CustomChannelMessageID(.incoming, milliseconds: now, key: "mw-1-2"))
        #expect(first.rawValue < CustomChannelMessageID(.incoming, milliseconds: now + 1, key: "a").rawValue)
        #expect(first.rawValue.wholeMatch(of: /in_[0-9A-Z]{26}/) != nil)
        #expect(first.part(2).rawValue == first.rawValue + "_2")
    }

    @Test(arguments: CustomChannelMessageID.Kind.allCases)
    func messageIDsOfChanceDiffer(kind: CustomChannelMessageID.Kind) {
        let ids = Set((0..<1000).map { _ in CustomChannelMessageID(kind, milliseconds: now).rawValue })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { $0.count <= 50 && CustomChannelMessageID(rawValue: $0).kind == kind })
    }

    @Test(arguments: [
        (["Bearer T"], true), (["bearer T"], true), (["BEARER  T "], true), (["Bearer old"], true), ([], false),
        (["Bearer"], false), (["Bearer "], false), (["Bearer wrong"], false), (["Basic T"], false),
        (["Bearer T", "Bearer T"], false), (["XXXXXXXT"], false), (["Bearer T T"], false), (["T"], false),
        (["Bearer T,"], false),
    ])
    func onlyOneBearerTokenIsAdmitted(headers: [String], isAdmitted: Bool) {
        #expect(CustomChannelToken.admits(authorization: headers, to: ["T", "old"]) == isAdmitted)
    }

    @Test func anEmptyTokenAdmitsNobody() {
        #expect(!CustomChannelToken.admits(authorization: ["Bearer "], to: [""]))
        #expect(!CustomChannelToken.admits(authorization: ["Bearer T"], to: []))
    }

    @Test func tokensAreNotPrinted() {
        let token: CustomChannelToken = "T-secret"
        #expect("\(token) \(String(reflecting: token))" == "*** ***")
        #expect(!"\(credentials)".contains("T-secret"))
    }
}
