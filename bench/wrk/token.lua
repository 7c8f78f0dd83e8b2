-- Signs in once and prints the answer. PEC_BODY is the request's body.

wrk.method = "POST"
wrk.body = os.getenv("PEC_BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept-Tokens"] = "body"

local answered = false

function response(status, _, body)
  if not answered then
    answered = true
    print(string.format("answer %d %s", status, body))
  end
  wrk.thread:stop()
end
