-- Writes to clients of whom nothing was heard for two weeks, once a month at most.

bot.settings {
  channel = { type = "string", default = "desk", description = "the channel of the sessions" },
  silence = { type = "integer", default = 14, min = 1, description = "after how many days a session counts as silent" },
}

local seen = "seen:"

bot.on("message.created", { from = "client", owner = "any" }, function(event, session)
  local client = session.client
  local last = { at = bot.now(), client = client.id, name = client.name, tz = client.tz }
  bot.store:set(seen .. session.id, last, { ttl = "90d" })
end, { name = "remember" })

local back = bot.broadcast("win_back", {
  channel = bot.config.channel,
  topic = "win_back",
  per_client = "1/month",
  quiet = "20:00-09:00 client",
  throttle = "5/s",
  stop_if = { opt_outs = "5%" },
})

-- Rows with a session are written to in that session. The client's id besides: whoever opted out in one session is left
-- alone in all others, and nobody gets it twice.
back:audience(function()
  for _, key in ipairs(bot.store:keys(seen, { limit = 1000 })) do
    local last = bot.store:get(key)
    if last and bot.now() - last.at > bot.config.silence * 86400 then
      coroutine.yield { session = key:sub(#seen + 1), id = last.client, name = last.name, tz = last.tz }
    end
  end
end)

back:message("Hello {name|there}, did we answer everything? We are here if something is open.")

bot.job("win_back", { cron = "0 8 * * mon", misfire = "skip" }, function(tick)
  back:start { key = tick.scheduled_at }
end)
