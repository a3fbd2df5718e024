-- Signs users in, each from an address of its own behind a trusted proxy: -- COUNT PASSWORD
local requests, position = {}, 0
function init(arguments)
  wrk.headers["Content-Type"] = "application/json"
  for user = 1, tonumber(arguments[1]) do
    wrk.headers["X-Forwarded-For"] = string.format("192.0.2.%d", user % 256)
    requests[user] = wrk.format("POST", "/api/v1/auth/login", nil,
      string.format('{"username":"user%d","password":"%s"}', user, arguments[2]))
  end
end
function request()
  position = position % #requests + 1
  return requests[position]
end
