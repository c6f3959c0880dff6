-- Reminds clients of their appointment on the day before, at ten in the morning where each of them lives.

bot.settings {
  calendar = { type = "string", default = "https://calendar.example.com", description = "where appointments are kept" },
  channel = { type = "string", default = "desk", description = "the channel that reminders go out on" },
}

local reminders = bot.broadcast("reminders", {
  channel = bot.config.channel,
  topic = "appointments",
  -- It starts early; this keeps each reminder until ten o'clock in the recipient's own zone.
  quiet = "20:00-10:00 client",
  throttle = "10/s",
  stop_if = { errors = "10%" },
})

-- Everything that a handler may do is allowed here; each yielded table is one recipient.
reminders:audience(function()
  local answer = bot.http.get(bot.config.calendar .. "/appointments?day=tomorrow", { auth = bot.secret("CALENDAR") })
  for _, appointment in ipairs(bot.json.decode(answer.body)) do
    coroutine.yield {
      phone = appointment.phone, name = appointment.name, tz = appointment.zone,
      day = appointment.day, time = appointment.time, with = appointment.doctor,
    }
  end
end)

reminders:message("Hello {name|there}, we see you tomorrow, {day:date}, at {time}, with {with}. Answer \"move\" to change it.")

-- The key is the tick's due time: a restart, or a second host, does not remind anybody twice.
bot.job("reminders", { cron = "0 0 * * *", tz = "UTC", misfire = "run_once", grace = "8h" }, function(tick)
  reminders:start { key = tick.scheduled_at }
end)
