internal import EventJSON

/// What a session tells about its client.
public struct TwinSessionClient: Hashable, Sendable {
    public let id: String?
    /// The client's id in the business.
    public let externalID: String?
    public let isBanned: Bool?
    public let ip: String?
    public let referer: String?
    public let whatsappPhone: String?
    public let place: TwinPlace?
    public let onlineAt: TwinTime?
    public let offlineAt: TwinTime?

    /// From the session around it.
    init(_ session: JSONElement) {
        id = session.id("clientId", "client_id")
        externalID = session.id("clientExternalId", "client_external_id")
        isBanned = session.flag("clientBanned", "client_banned")
        ip = session.filledText("clientIp", "client_ip")
        referer = session.filledText("referer", nil)
        whatsappPhone = session.id("whatsappPhone", "whatsapp_phone")
        place = session.object("coordinates").map { TwinPlace($0) }
        onlineAt = session.time("clientOnlineAt", "client_online_at")
        offlineAt = session.time("clientOfflineAt", "client_offline_at")
    }
}

/// Where a client seems to be, by the network address.
public struct TwinPlace: Hashable, Sendable {
    public let latitude: Double?
    public let longitude: Double?
    public let city: String?
    public let zipCode: String?
    public let timeZone: String?
    public let regionName: String?
    public let countryCode: String?
    public let countryName: String?

    init(_ element: JSONElement) {
        latitude = element.number("latitude")
        longitude = element.number("longitude")
        city = element.filledText("city", nil)
        zipCode = element.id("zip_code", "zipCode")
        timeZone = element.filledText("time_zone", "timeZone")
        regionName = element.filledText("region_name", "regionName")
        countryCode = element.filledText("country_code", "countryCode")
        countryName = element.filledText("country_name", "countryName")
    }
}
