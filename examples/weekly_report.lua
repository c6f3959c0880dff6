-- Every Monday at nine tells a group of operators what the week was like: as a note in a session of their own, which is
-- handed to the group. A host that was down at that time does it when it is back, on the same day.

bot.settings {
  channel = { type = "string", default = "desk", description = "the channel of the desk" },
  session = { type = "string", default = "1", description = "the session in which the group reads its reports" },
  group = { type = "string", default = "Support", description = "who reads them" },
}

bot.on("session.started", function() bot.store:incr("started") end, { name = "count started" })
bot.on("session.closed", function() bot.store:incr("closed") end, { name = "count closed" })

-- Reads a counter and takes off what was read, so that nothing that is counted meanwhile is lost.
local function take(name)
  local count = bot.store:get(name) or 0
  bot.store:incr(name, -count)
  return count
end

bot.job("weekly-report", { cron = "0 9 * * mon", tz = "Asia/Riyadh", misfire = "run_once", grace = "12h" },
  function(tick)
    local desk = bot.channel(bot.config.channel)
    local waiting = 0
    for _ in desk:sessions { status = "open", owner = "queue" } do waiting = waiting + 1 end
    local room = desk:session(bot.config.session)
    room:note(bot.text.format("The week until %s: %d sessions began, %d were closed, %d wait for somebody.",
      os.date("%Y-%m-%d", math.floor(tick.scheduled_at)), take("started"), take("closed"), waiting))
    room:transfer { group = bot.config.group }
  end)
