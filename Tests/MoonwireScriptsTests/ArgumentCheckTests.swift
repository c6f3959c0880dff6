import Moonwire
import Testing

@testable import MoonwireScripts

struct ArgumentCheckTests {
    /// The error that one line inside a handler gives.
    private func complaint(_ line: String) throws -> String {
        let rehearsal = try Rehearsal("bot.on('message.created', function(event, session)\n\(line)\nend)")
        try rehearsal.happens(rehearsal.message("hi"))
        return try #require(rehearsal.failure?.message, "nothing was raised")
    }

    @Test(arguments: [
        (
            "session:reply()",
            "bot.lua:2: session:reply: 'text' is missing; it must be a string or a number, or a table with text, private, reply_to, template"
        ),
        (
            "session:reply(true)",
            "bot.lua:2: session:reply: 'text' must be a string or a number, or a table with text, private, reply_to, template, got true"
        ),
        (
            "session:reply{ text = 'x', privat = true }",
            "bot.lua:2: session:reply: unknown option 'privat'; did you mean 'private'?"
        ),
        (
            "session:reply{ private = true }",
            "bot.lua:2: session:reply: option 'text' is missing; it must be a string or a number"
        ),
        ("session:note('a', 'b')", "bot.lua:2: session:note: takes 1 argument, got 2"),
        (
            "session:ask('x', { timeout = 'soon' })",
            "bot.lua:2: session:ask: option 'timeout' must be a duration such as \"90s\", \"10m\", \"2h\" or \"1d\", got \"soon\""
        ),
        (
            "session:ask('x', { retries = 50 })",
            "bot.lua:2: session:ask: option 'retries' must be a whole number from 0 to 20, got 50"
        ),
        (
            "session:ask('x', { as = 'numbr' })",
            "bot.lua:2: session:ask: option 'as' must be one of \"text\", \"number\", \"email\", \"phone\", \"date\", \"choice\", \"attachment\", \"location\", got \"numbr\"; did you mean 'number'?"
        ),
        (
            "session:wait_for('mesage.created')",
            "bot.lua:2: session:wait_for: there is no event 'mesage.created'; did you mean 'message.created'?"
        ),
        (
            "session:transfer{ group = 'a', queue = true }",
            "bot.lua:2: session:transfer: exactly one of operator, group and queue = true is needed, got group and queue"
        ),
        (
            "bot.store:set('k', print)",
            "bot.lua:2: bot.store:set: 'value' must be a value that JSON can say, got a function"
        ),
        (
            "bot.limit('k', 'often')",
            "bot.lua:2: bot.limit: 'rate' must be a rate such as \"10/m\" or \"3/10s\", got \"often\""
        ),
        ("session:ask('x', { min = 1 })", "bot.lua:2: session:ask: option 'min' goes with as = \"number\" only"),
        (
            "session:ask('x', { as = 'number', min = 2, max = 1 })",
            "bot.lua:2: session:ask: option 'min' is greater than option 'max'"
        ),
        (
            "session:ask('x', { as = 'phone', country = 'KSA' })",
            "bot.lua:2: session:ask: option 'country' must be an ISO 3166 code of two letters, such as \"SA\", got \"KSA\""
        ),
        (
            "session:ask('x', { as = 'date', earliest = '2026-02-30' })",
            "bot.lua:2: session:ask: option 'earliest' must be \"today\" or a date such as \"2026-12-31\", got \"2026-02-30\""
        ),
        ("bot.any {}", "bot.lua:2: bot.any: at least one wait is needed, such as session:next(…)"),
        (
            "bot.any { answer = '1h' }",
            "bot.lua:2: bot.any: 'waits'[\"answer\"] must be a wait, got \"1h\""
        ),
        ("bot.any(session:next('x.y'))", "bot.lua:2: session:next: there is no event 'x.y'"),
        (
            "bot.any(bot.after('1h'))",
            "bot.lua:2: bot.any: 'waits' must be a table, each entry a wait, got a wait"
        ),
        (
            "session:next('message.created', { timeout = '1h' })",
            "bot.lua:2: session:next: unknown option 'timeout'"
        ),
        ("bot.dialog('d', print)", "bot.lua:2: bot.dialog registers: only the top level of a file may call it"),
        ("session:can('fly')", "bot.lua:2: session:can: 'method' must be one of"),
        (
            "session:attach{ file = '../x' }",
            "bot.lua:2: session:attach: option 'file' must be a path without '..', got \"../x\""
        ),
        (
            "session:attach{ file = '/etc/passwd' }",
            "bot.lua:2: session:attach: option 'file' must be a path below the script's folder"
        ),
        (
            "bot.on('message.created', print)",
            "bot.lua:2: bot.on registers: only the top level of a file may call it, not a handler"
        ),
        ("bot.schedule('x', {}, print)", "bot.lua:2: bot has no field 'schedule'"),
        ("session:erase('m', 'x')", "bot.lua:2: session has no field 'erase'"),
    ])
    func aWrongCallNamesParameterExpectationAndPlace(_ line: String, _ expected: String) throws {
        let complaint = try complaint(line)
        #expect(complaint.hasPrefix(expected), "\(complaint)")
    }

    @Test func anEffectAtTheTopLevelSaysSo() {
        let failure = #expect(throws: ScriptFailure.self) { _ = try Rehearsal("\nbot.store:get('x')") }
        #expect(failure?.message.hasPrefix("bot.lua:2: ") == true)
        #expect(failure?.message.contains("top level") == true)
    }

    @Test func runValuesAtTheTopLevelSaySo() {
        let failure = #expect(throws: ScriptFailure.self) { _ = try Rehearsal("local t = bot.now()") }
        #expect(failure?.message == "bot.lua:1: bot.now works inside handlers; the top level of a file only registers")
    }

    @Test(arguments: [
        (
            "bot.on('message.create', print)",
            "bot.lua:1: bot.on: there is no event 'message.create'; did you mean 'message.created'?"
        ),
        (
            "bot.on('message.created', { chanel = 'x' }, print)",
            "bot.lua:1: bot.on: unknown option 'chanel'; did you mean 'channel'?"
        ),
        (
            "bot.on('message.created', { channel = 'shp' }, print)",
            "bot.lua:1: bot.on: there is no channel 'shp'; did you mean 'shop'?"
        ),
        ("bot.on('message.created', { from = 'me' }, print)", "bot.lua:1: bot.on: option 'from' must be"),
        ("bot.on('message.created', { pattern = '(' }, print)", "bot.lua:1: bot.on: pattern \"(\": "),
        (
            "bot.on('message.created', {})",
            "bot.lua:1: bot.on: 'handler' is missing; it must be a function (event, session)"
        ),
        (
            "bot.on('message.created', print, { name = 'a' }) bot.on('message.created', print, { name = 'a' })",
            "bot.lua:1: bot.on: the name 'a' is taken by the handler at bot.lua:1"
        ),
        ("bot.command('two words', print)", "bot.lua:1: bot.command: 'word' must be one word, got \"two words\""),
        (
            "bot.dialog('d', print) bot.dialog('d', print)",
            "bot.lua:1: bot.dialog: the name 'd' is taken by the dialog at bot.lua:1"
        ),
        (
            "bot.dialog('d', { cancel = '!' }, print)",
            "bot.lua:1: bot.dialog: option 'cancel' has an entry without letters: \"!\""
        ),
        (
            "bot.dialog('d', { on_reload = 'finsh' }, print)",
            "bot.lua:1: bot.dialog: option 'on_reload' must be one of \"finish\", \"restart\", \"transfer\", got \"finsh\"; did you mean 'finish'?"
        ),
        (
            "bot.dialog('d', print)(nil)",
            "bot.lua:1: the dialog 'd' can begin only inside a handler"
        ),
        ("bot.on_error(print) bot.on_error(print)", "bot.lua:1: bot.on_error: the script has an error handler already"),
        ("greeting = 'x'", "bot.lua:1: "),
        ("x = = 1", "bot.lua:1: "),
    ])
    func aWrongRegistrationFailsTheLoadWithItsPlace(_ source: String, _ expected: String) {
        let failure = #expect(throws: ScriptFailure.self) { _ = try Rehearsal(source) }
        #expect(failure?.message.hasPrefix(expected) == true, "\(failure?.message ?? "")")
    }
}
