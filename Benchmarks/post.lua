-- POSTs the body in a file: -- FILE
function init(arguments)
  local file = io.open(arguments[1])
  wrk.method = "POST"
  wrk.body = file:read("a")
  wrk.headers["Content-Type"] = "application/json"
  file:close()
end
