extension TwinError {
    /// The sign-in that failed for good.
    func authFailed() -> TwinError {
        TwinError(
            .authFailed,
            message: "The operator cannot sign in. \(message) "
                + "Check the address, the e-mail and the password; nothing is tried any more until a restart.",
            place: place, status: status)
    }

    /// No token came within `limit`.
    static func noToken(within limit: Duration, because cause: TwinError?) -> TwinError {
        let reason = cause.map { "The last attempt: \($0.message)" } ?? "No attempt was made: is the account run?"
        return TwinError(
            .noToken, message: "No token could be had within \(limit.wholeSeconds) s. \(reason)",
            retryAfter: cause?.retryAfter, retryable: true, mayHaveBeenSent: false)
    }

    /// The task that asked for a token was cancelled.
    static let givenUp = TwinError(
        .noToken, message: "The request was given up while it waited for a token.", mayHaveBeenSent: false)

    /// The account was stopped by its owner.
    static func stopped(_ reason: String) -> TwinError {
        TwinError(.stopped, message: "The account was stopped: \(reason)", mayHaveBeenSent: false)
    }

    /// The forced renewals of an hour are used up.
    static func tooManyRenewals(_ limit: Int) -> TwinError {
        TwinError(
            .unauthenticated,
            message: "The platform refused the token \(limit) times within an hour although each was renewed. "
                + "Requests that are refused are not repeated for a while; another program may use this operator's "
                + "account.",
            mayHaveBeenSent: false)
    }

    /// The same failure where it kept a request from being made, or from being made again after a refusal.
    func before(_ place: Place, isRepeat: Bool) -> TwinError {
        TwinError(
            code, message: "\(place.sentence): \(message)", place: place, status: status, retryAfter: retryAfter,
            retryable: retryable, mayHaveBeenSent: isRepeat)
    }

    /// Whether the platform knows the credentials and does not take them. Anything else may be its address for a while.
    var isRefusedSignIn: Bool { status == 401 || status == 403 || status == 422 }

    /// Whether asking again with the refresh token is without hope.
    var isFinalForSignIn: Bool {
        guard let status else { return false }
        return (400..<500).contains(status) && ![408, 425, 429].contains(status)
    }

    private var place: Place? {
        guard let method, let service else { return nil }
        return Place(method: method, service: service, path: displayPath)
    }
}

extension Duration {
    var wholeSeconds: Int64 { components.seconds }
}
