/// Why a host cannot be put together, or cannot do what it was asked for.
struct HostError: Error, CustomStringConvertible {
    let description: String
    /// Whether what was asked for makes no sense, rather than that it went wrong.
    let isWrongInput: Bool

    init(_ description: String, isWrongInput: Bool = false) {
        self.description = description
        self.isWrongInput = isWrongInput
    }
}
