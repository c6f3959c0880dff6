/// Something that happened to an account's sign-in. No event holds a token.
public enum TwinAccountEvent: Sendable {
    /// A new token by e-mail and password. The platform may throw out who signed in before, the account's own live
    /// stream too.
    case loggedIn
    /// A new token by the old one. The live stream may stay as it is.
    case refreshed
    /// An attempt failed for a reason that may pass; the next follows after this time.
    case retrying(TwinError, after: Duration)
    /// For people to look at: the platform goes on refusing tokens that are new.
    case tooManyRenewals(TwinError)
    /// For people to look at: nothing is tried any more. Comes last, also when the owner stopped the account.
    case stopped(TwinError)
}
