import Moonwire
import Testing

struct PhoneNumberTests {
    @Test(
        arguments: [
            ("+49 30 123456", "+4930123456"), ("0049 (30) 123-456", "+4930123456"),
            ("+49 (0)30 123456", "+4930123456"), ("+966 050 123 4567", "+966501234567"),
            ("٠٠٩٦٦٥٠١٢٣٤٥٦٧", "+966501234567"), ("\u{200E}+966\u{A0}50\u{2011}123\u{2011}4567", "+966501234567"),
            ("966501234567+", "+966501234567"), ("tel:+12125551234", "+12125551234"),
            ("+39 06 1234 5678", "+390612345678"), ("+800 1234 5678", "+80012345678"),
        ])
    func internationalNumbersNeedNoCountry(_ text: String, _ number: String) {
        #expect(PhoneNumber.read(text, country: nil) == number)
    }

    @Test(arguments: [
        "0501234567", "030/123456", "966501234567", "12345", "call me", "+49+30123456", "4930+123456", "+999 123456789",
        "+0 123456789", "+1234567890123456", "+49 1", "", "+", "+49 30 123456 ext 5",
    ])
    func aNumberOfNoKnownCountryIsRefused(_ text: String) {
        #expect(PhoneNumber.read(text, country: nil) == nil)
    }

    @Test(
        arguments: [
            ("SA", "0501234567", "+966501234567"), ("SA", "٠٥٠ ١٢٣ ٤٥٦٧", "+966501234567"),
            ("SA", "501234567", "+966501234567"), ("SA", "966501234567", "+966501234567"),
            ("SA", "00971501234567", "+971501234567"), ("SA", "+20 10 12345678", "+201012345678"),
            ("KW", "96512345", "+96596512345"), ("KW", "96550123456", "+96550123456"),
            ("US", "(212) 555-1234", "+12125551234"), ("US", "1 212 555 1234", "+12125551234"),
            ("US", "011 44 20 7946 0000", "+442079460000"), ("RU", "8 916 123-45-67", "+79161234567"),
            ("RU", "8005553535", "+78005553535"), ("RU", "79161234567", "+79161234567"),
            ("BR", "55 99123 4567", "+5555991234567"), ("BR", "5511912345678", "+5511912345678"),
            ("IN", "9198765432", "+919198765432"), ("IN", "919876543210", "+919876543210"),
            ("HU", "06 30 123 4567", "+36301234567"), ("BY", "8 029 123-45-67", "+375291234567"),
            ("IT", "06 1234 5678", "+390612345678"), ("DE", "030 123456", "+4930123456"),
        ])
    func nationalNumbersAreReadAsInTheirCountry(_ country: String, _ text: String, _ number: String) throws {
        let country = try #require(CallingCodes.byCountry[country])
        #expect(PhoneNumber.read(text, country: country) == number)
    }

    @Test(arguments: [("US", "555-1234"), ("SA", "12"), ("SA", "05012345678901234"), ("DE", "abc 030 123456")])
    func impossibleNationalNumbersAreRefused(_ country: String, _ text: String) throws {
        let country = try #require(CallingCodes.byCountry[country])
        #expect(PhoneNumber.read(text, country: country) == nil)
    }

    @Test func everyCountryHasACodeAndNoCodeBeginsAnother() {
        #expect(CallingCodes.byCountry.count >= 249)
        let codes = Set(CallingCodes.byCountry.values.map(\.code))
        for entry in CallingCodes.byCountry.values {
            #expect(
                entry.country.count == 2 && entry.code.allSatisfy(\.isASCIIDigit) && (1...3).contains(entry.code.count))
            #expect(entry.trunk.allSatisfy(\.isASCIIDigit) && entry.trunk.count <= 2)
            #expect(codes.allSatisfy { $0 == entry.code || !$0.hasPrefix(entry.code) }, "\(entry)")
            #expect(CallingCodes.split(entry.code + "5")?.code == entry.code)
        }
    }

    @Test func countriesThatShareACodeShareItsTrunkPrefix() {
        let byCode = Dictionary(grouping: CallingCodes.byCountry.values, by: \.code)
        for (code, entries) in byCode { #expect(Set(entries.map(\.trunk)).count == 1, "\(code)") }
    }
}
