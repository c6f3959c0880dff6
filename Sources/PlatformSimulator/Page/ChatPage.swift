enum ChatPage {
    static let document = ""
    static let style = ""
    static let script = ""
}
