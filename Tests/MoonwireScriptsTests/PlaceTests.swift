import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct PlaceTests {
    private func place(_ text: String, attachments: [Moonwire.Attachment] = []) -> Place? {
        Place(
            Answer(
                Message(
                    id: "1", text: text, at: Instant(milliseconds: 0), from: .client, attachments: attachments)))
    }

    @Test func aSharedLocationComesWithItsAddress() {
        let shared = Moonwire.Attachment(
            id: "1", kind: "location", name: "King Fahd Road", latitude: 24.7136, longitude: 46.6753)
        #expect(
            place("", attachments: [Moonwire.Attachment(id: "0", kind: "image"), shared])?.json
                == ["latitude": 24.7136, "longitude": 46.6753, "address": "King Fahd Road"])
    }

    @Test(arguments: [
        "24.7136, 46.6753", "24.7136 46.6753", "٢٤٫٧١٣٦، ٤٦٫٦٧٥٣", "24.7136° N, 46.6753° E", "24.7136N 46.6753E",
        "46.6753 E, 24.7136 N", "geo:24.7136,46.6753", "geo:0,0?q=24.7136,46.6753(Shop)",
        "https://maps.google.com/?q=24.7136,46.6753", "http://maps.google.com/maps?q=loc:24.7136,46.6753",
        "https://www.google.com/maps/search/?api=1&query=24.7136%2C46.6753",
        "https://www.google.com/maps/@24.7136,46.6753,15z",
        "https://www.google.com/maps/place/X/@24.7,46.6,17z/data=!4m6!3m5!8m2!3d24.7136!4d46.6753!16s",
        "https://maps.apple.com/?ll=24.7136,46.6753&q=Here", "Here: https://maps.google.com/?q=24.7136,46.6753 ok?",
        "https://www.openstreetmap.org/?mlat=24.7136&mlon=46.6753#map=15/24.7/46.6",
        "https://www.openstreetmap.org/#map=15/24.7136/46.6753",
    ])
    func textAndLinksNamePlaces(_ text: String) {
        #expect(place(text) == Place(latitude: 24.7136, longitude: 46.6753))
    }

    @Test func southAndWestAreNegative() {
        #expect(place("33.8688 S, 151.2093 E") == Place(latitude: -33.8688, longitude: 151.2093))
        #expect(place("-33.8688, -70.6693") == Place(latitude: -33.8688, longitude: -70.6693))
    }

    @Test(arguments: [
        "", "Riyadh", "24, 46", "91.5, 46.6", "24.7, 181.5", "24.7", "24.7, 46.6, 1.5", "24.7 N, 46.6 N", "N 24.7 46.6",
        "https://maps.app.goo.gl/abc", "https://example.com/?q=shop", "geo:", "nan, inf", "1e1.0, 2.0",
        "https://maps.google.com/?q=99.5,46.6",
    ])
    func anythingElseIsNoPlace(_ text: String) {
        #expect(place(text) == nil)
    }
}
