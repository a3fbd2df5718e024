-- GETs a path with an id from a file, in a random order: -- FILE PREFIX
local ids, prefix = {}, ""
function init(arguments)
  for line in io.lines(arguments[1]) do ids[#ids + 1] = line end
  prefix = arguments[2]
  math.randomseed(7)
end
function request()
  return wrk.format("GET", prefix .. ids[math.random(#ids)])
end
