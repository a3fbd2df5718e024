-- GETs paths with ids from a file, in a random order, perhaps with a token: -- FILE PREFIX [TOKEN]
-- The requests are written beforehand, so that the load takes next to nothing from the server's cores.
local requests, position = {}, 0
function init(arguments)
  local ids = {}
  for line in io.lines(arguments[1]) do ids[#ids + 1] = line end
  if arguments[3] then wrk.headers["Authorization"] = "Bearer " .. arguments[3] end
  math.randomseed(7)
  for draw = 1, 50000 do
    requests[draw] = wrk.format("GET", arguments[2] .. ids[math.random(#ids)])
  end
end
function request()
  position = position % #requests + 1
  return requests[position]
end
