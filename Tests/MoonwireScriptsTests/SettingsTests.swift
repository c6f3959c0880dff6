import Moonwire
import Testing

@testable import MoonwireScripts

struct SettingsTests {
    private static let declared = """
        -- settings
        bot.settings {
          greeting = { type = "string", default = "Hi" },
          limit = { type = "integer", min = 1, max = 9, required = true },
          mode = { type = "string", choices = { "a", "b" } },
        }
        bot.on("message.created", function(event, session)
          session:note(bot.config.greeting .. bot.config.limit .. tostring(bot.config.mode))
        end)
        """

    @Test func configuredValuesAndDefaultsAreRead() throws {
        let rehearsal = try Rehearsal(Self.declared, settings: #"{"limit":3}"#)
        try rehearsal.happens(rehearsal.message("x"))
        #expect(rehearsal.said == ["Hi3nil"])
    }

    @Test(arguments: [
        (
            #"{"limit":3,"greting":"x"}"#,
            "the configuration sets 'greting', which is not declared; did you mean 'greeting'?"
        ),
        (#"{"limit":"3"}"#, "setting 'limit' must be an integer, but the configuration has \"3\""),
        (#"{"limit":12}"#, "setting 'limit' must be at most 9, but the configuration has 12"),
        (#"{}"#, "setting 'limit' is required and not configured"),
        (#"{"limit":3,"mode":"c"}"#, "setting 'mode' must be one of \"a\", \"b\", but the configuration has \"c\""),
    ])
    func aBadSettingNamesTheDeclaration(_ settings: String, _ expected: String) {
        let failure = #expect(throws: ScriptFailure.self) { _ = try Rehearsal(Self.declared, settings: settings) }
        #expect(failure?.message == "bot.lua:2: bot.settings: " + expected)
    }

    @Test func anUndeclaredSettingIsAnError() {
        let failure = #expect(throws: ScriptFailure.self) { _ = try Rehearsal("local x", settings: #"{"a":1}"#) }
        #expect(failure?.message.contains("sets 'a', but the script declares no settings") == true)
    }

    @Test func anUnknownSettingCannotBeRead() throws {
        let rehearsal = try Rehearsal(
            "bot.settings { greeting = { type = 'string' } }\n"
                + "bot.on('message.created', function() return bot.config.greting end)")
        try rehearsal.happens(rehearsal.message("x"))
        #expect(rehearsal.failure?.message == "bot.lua:2: bot.config has no field 'greting'; did you mean 'greeting'?")
    }
}
