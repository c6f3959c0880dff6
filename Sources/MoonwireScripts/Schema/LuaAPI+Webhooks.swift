import EventJSON

extension LuaAPI {
    static let webhook = APIFunction(
        "webhook", .registers,
        "Opens the address /hooks/NAME of the host's web server. A request that is let in is journaled before its caller "
            + "gets the answer, and then calls the function, once, whatever becomes of the host meanwhile. So the answer "
            + "cannot depend on the function.",
        [
            .required("name", .string, "The webhook's name, unique among all scripts of the host."),
            .required(
                "opts",
                .options([
                    .required(
                        "auth", .anyOf([.word(["none"]), .object("secret"), .options(webhookAuth)]),
                        "Who may call: whoever shows the secret as a bearer token, or what the table says; \"none\" lets "
                            + "in whoever knows the address."),
                    .optional(
                        "id", .options(place),
                        "Where a request names itself: a repeat gets the same answer and calls nothing. A signature does "
                            + "not cover a header: whoever has seen one signed request can send it again under another "
                            + "id that stands there, for as long as the signature holds."),
                    .optional(
                        "methods", .oneOrMore(.word(["POST", "PUT", "PATCH", "DELETE", "GET"])), default: "POST",
                        "The methods that call the function. Any other GET says what the address is."),
                    .optional("status", .integer(200...299), default: 200, "The status of the answer."),
                    .optional("body", .string, "The body of the answer; {\"ok\":true} without it."),
                    .optional(
                        "content_type", .string, default: "application/json", "What the body of the answer is."),
                    .optional("max_body", .integer(1...(16 << 20)), "The largest body in bytes; 256 KiB without it."),
                    .optional(
                        "ordered", .anyOf([.boolean, .options(place)]), default: false,
                        "Which requests wait for each other: those that have the same in this place, such as "
                            + "{ json = \"/from\" } for one sender's, or all of the webhook (true). While one waits, for a "
                            + "platform that is down too, those behind it wait as well. The others, and those "
                            + "that have nothing there, are handled each by itself."),
                    .optional(
                        "verify",
                        .options([
                            .required("secret", .object("secret"), "What the provider must show."),
                            .optional(
                                "token", .string, default: "hub.verify_token", "The query's member that holds it."),
                            .optional(
                                "echo", .string, default: "hub.challenge", "The query's member that is sent back."),
                        ]), "How a provider makes sure of the address with a GET."),
                ]), "Who may call, and what is answered."),
            .required("fn", .function("(request)"), "What to do."),
        ])

    private static let place: [APIParameter] = [
        .optional("header", .string, "The name of a header."),
        .optional("json", .string, "A JSON pointer into the body: \"/entry/0/id\"."),
    ]

    private static let webhookAuth: [APIParameter] = [
        .optional("bearer", .object("secret"), "Shown as Authorization: Bearer."),
        .optional("hmac", .object("secret"), "The key of a signature."),
        .optional("header", .string, "The header with the signature."),
        .optional("algorithm", .word(["sha256", "sha1", "sha512"]), default: "sha256", "Its hash."),
        .optional("encoding", .word(["hex", "base64"]), default: "hex", "How its bytes are written."),
        .optional("prefix", .string, default: "", "What stands before it in the header, such as \"sha256=\"."),
        .optional(
            "timestamp",
            .options([
                .required("header", .string, "The header with the time of signing, in seconds or milliseconds."),
                .optional("tolerance", duration, default: "5m", "How far from now it may be."),
            ]), "When it was signed."),
        .optional(
            "signed", .string,
            "What is signed, with {body} and, where there is a timestamp, {timestamp}: \"{body}\", or "
                + "\"{timestamp}.{body}\" with a timestamp."),
    ]

    static let request = APIObject(
        "request", .dot, "What called a webhook.",
        fields: [
            APIField("webhook", "string", "The webhook's name."),
            APIField("id", "string", "What the request calls itself, or the host's own name of it."),
            APIField("method", "string", "In capitals."),
            APIField("path", "string", "Without the query."),
            APIField("query", "table", "Values by name; one that stands several times is joined with \", \"."),
            APIField("headers", "table", "Values by name in lower case, without credentials."),
            APIField("from", "string|nil", "The address that called."),
            APIField("body", "string", "As it came; what is no UTF-8 is replaced."),
            APIField("json", "table|nil", "The body's value, when it is JSON."),
        ])
}
