/// The host's own script behind the button that gives a session to humans: so the handover is a run like any other, in
/// the journal, in the session's history, and continued after a crash.
public enum HandoverScript {
    public static let name = "moonwire:dashboard"
    public static let file = "dashboard.lua"
    public static let source = """
        bot.on("panel.handover", { from = "any", owner = "any" }, function(event, session)
          session:transfer(event.args)
        end, { name = "handover" })
        """
}
