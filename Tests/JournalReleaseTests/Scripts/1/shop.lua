-- Uses all that leaves a script, so that its journal holds a step of each kind.

bot.settings {
  group = { type = "string", default = "orders" },
}

local words = require "words"

bot.use(function(event, next)
  local stop = next()
  return stop
end)

-- Replies of each kind.
bot.on("message.created", { text = "replies" }, function(event, session)
  local message = session:reply("Hello %s, it is %s", session.client.name, os.date("%H:%M"))
  session:reply { text = words.thanks, reply_to = message }
  session:note("seen by " .. bot.uuid())
  session:quick_replies { text = "Which?", replies = { "One", { title = "Two", value = "2" } } }
  session:attach { data = "a,b\n1,2\n", name = "table.csv", mime = "text/csv", caption = "A table" }
  session:attach { url = "https://files.example.com/price.pdf" }
end, { name = "replies" })

-- What moves and marks a session.
bot.on("message.created", { text = "steering" }, function(event, session)
  session:typing("2s")
  session:typing(false)
  session:mark_read()
  session:label("vip", "night")
  session:unlabel("night")
  session:set { source = "shop", score = 7 }
  session.client:update { name = "Aisha K.", attrs = { tier = "gold" } }
  session:refresh()
  for _, message in ipairs(session:messages { limit = 5 }) do
    if message.text == "none" then session:reply("none") end
  end
  session:transfer { operator = "omar@example.com", note = "please" }
  session:transfer { group = bot.config.group }
  session:close()
  session:reopen()
end, { name = "steering" })

-- Stores, and all their operations.
bot.command("stores", function(session, args)
  bot.store:set("list", { 1, 2, { three = 3 } }, { ttl = "90d" })
  local list = bot.store:get("list")
  session.store:incr("count", #list)
  session.client.store:cas("name", nil, args.text)
  bot.store:delete("list")
  local keys = bot.store:keys("l")
  local ok, wait = bot.limit("shop", "2/h")
  session:reply("%d %s %s", #keys, tostring(ok), tostring(wait))
end)

-- Requests, with a secret that the journal names only.
bot.on("message.created", { text = "http" }, function(event, session)
  local answer = bot.http.get("https://shop.example.com/orders", { query = { id = 7 }, auth = bot.secret("KEY") })
  local order = answer:json()
  bot.http.post("https://shop.example.com/orders", { json = { total = order.total, random = math.random(1000) } })
  local ok, err = pcall(bot.http.request, { method = "DELETE", url = "https://shop.example.com/fail" })
  session:reply("%s %s", order.total, ok and "deleted" or err.code)
end, { name = "http" })

-- Effects that fail, and one whose fate nobody knows.
bot.on("message.created", { text = "failures" }, function(event, session)
  local ok, err = pcall(session.reply, session, "please fail")
  local also, other = pcall(function() session:reply("in doubt") end)
  session:reply("%s, %s", err.code, other.code)
end, { name = "failures" })

-- Fails without an error handler: the host hands over.
bot.on("message.created", { text = "crash" }, function(event, session)
  session:reply("one moment")
  local nothing = event.message.reply_to
  session:reply(nothing.text)
end, { name = "crash" })

-- A dialog: questions of several kinds, out of coroutines and through pcall.
bot.on("message.created", { text = "dialog" }, function(event, session)
  local name = session:ask("Your name?")
  local count = session:ask("How many?", { as = "number", hint = "A number, please.", retries = 2, timeout = "7d" })
  local colour = session:ask("Which colour?", { choices = { "Red", { title = "Blue", value = "b" } } })
  local parts = coroutine.wrap(function()
    for index = 1, 3 do
      session:reply("part %d", index)
      coroutine.yield(index)
    end
  end)
  local sum = parts() + parts() + parts()
  local _, mail = pcall(session.ask, session, "Your e-mail?", {
    as = "email",
    check = function(value) return value:find("example", 1, true) ~= nil, "At example, please." end,
    retries = 3,
  })
  session:reply("%s: %s %s, %s, %d", name, count, colour, mail, sum)
end, { name = "dialog" })

-- Waits that are no questions.
bot.on("message.created", { text = "waits" }, function(event, session)
  local _, reason = session:wait_for("message.created", { timeout = "30ms" })
  bot.sleep("20ms")
  session:reply("nothing: %s", reason)
  local updated = session:wait_for("session.updated")
  session:reply("updated at %d", math.floor(updated.at))
  bot.sleep("20d")
  session:reply("awake")
end, { name = "waits" })

-- What a host that goes down in the middle leaves behind.
bot.on("message.created", { text = "hang" }, function(event, session)
  session:reply("before")
  session:reply("hang")
  session:reply("after")
end, { name = "hang" })

bot.on("message.created", { text = "hang http" }, function(event, session)
  local answer = bot.http.get("https://shop.example.com/hang")
  session:reply("%d", answer.status)
end, { name = "hang_http" })
