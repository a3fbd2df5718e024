-- POSTs the body in a file with API keys, many times with each before the next: -- FILE KEYS
-- The requests are written beforehand, so that the load takes next to nothing from the server's cores.
local requests, count, row = {}, 0, 300
function init(arguments)
  local file = io.open(arguments[1])
  local body = file:read("a")
  file:close()
  for key in io.lines(arguments[2]) do
    local fields = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key}
    requests[#requests + 1] = wrk.format("POST", nil, fields, body)
  end
  -- Each load begins somewhere else, so that nobody has more unfinished tasks than the plan allows.
  math.randomseed(os.time())
  count = math.random(#requests) * row
end
function request()
  count = count + 1
  return requests[math.floor(count / row) % #requests + 1]
end
