-- POSTs the body in a file with one API key after the other: -- FILE KEYS
-- The requests are written beforehand, so that the load takes next to nothing from the server's cores.
local requests, position = {}, 0
function init(arguments)
  local file = io.open(arguments[1])
  local body = file:read("a")
  file:close()
  for key in io.lines(arguments[2]) do
    local fields = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key}
    requests[#requests + 1] = wrk.format("POST", nil, fields, body)
  end
end
function request()
  position = position % #requests + 1
  return requests[position]
end
