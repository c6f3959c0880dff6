-- A promotion: carefully at first, never at night, never more than twice a week, and never to those who do not want it.

bot.settings {
  channel = { type = "string", default = "desk", description = "the channel that it goes out on" },
  room = { type = "string", default = "", description = "the session in which the group reads how it goes; none when empty" },
  group = { type = "string", default = "Support", description = "who reads it" },
}

local sale = bot.broadcast("autumn_sale", {
  channel = bot.config.channel,
  topic = "promo",
  throttle = "20/s",
  per_client = "2/week",
  quiet = "21:00-09:00 client",
  -- A hundred first, then a thousand, each watched for an hour; then everybody else.
  ramp = { 100, 1000 },
  ramp_wait = "1h",
  stop_if = { errors = "3%", opt_outs = "1%" },
})

-- Headings are understood in several languages; encoding and delimiter are found out.
sale:audience { csv = "customers.csv" }

-- A pure function: it sees the row and nothing else.
sale:message(function(to)
  local text = "Hi " .. (to.name or "there") .. ", 20% off everything today."
  if to.language == "ar" then text = "مرحبا " .. (to.name or "") .. "، خصم ٢٠٪ اليوم على كل شيء." end
  return text .. "\nSTOP"
end)

bot.job("autumn_sale", { cron = "0 10 1 10 *", tz = "Europe/Berlin", misfire = "run_once", grace = "6h" },
  function(tick) sale:start { key = tick.scheduled_at } end)

-- Whoever looks after it need not watch: the group is told when it stops by itself and when it is over.
for _, change in ipairs { "paused", "finished", "cancelled" } do
  bot.on("broadcast." .. change, function(event)
    local b = event.broadcast
    if b.name ~= sale.name or bot.config.room == "" then return end
    local room = bot.channel(bot.config.channel):session(bot.config.room)
    room:note(bot.text.format("%s %s is %s%s: %d of %d sent, %d skipped, %d failed, %d unknown, %d opted out.",
      b.name, b.key, b.state, b.reason and " (" .. b.reason .. ")" or "", b.sent, b.audience, b.skipped, b.failed,
      b.unknown, b.opt_outs))
    room:transfer { group = bot.config.group }
  end)
end

-- "STOP" and its like are taken by the host itself; this is for those who say more than the word.
bot.on("message.created", { words = { "promo", "offers", "عروض" } }, function(event, session)
  if not bot.text.contains(event.message.text, { "no", "stop", "لا" }) then return end
  session.client:opt_out("promo")
  session:reply("You will get no more offers. Everything else stays as it is.")
  return bot.stop
end)
