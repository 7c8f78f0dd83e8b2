-- Signs in. PEC_BODY is the request's body; PEC_RATE, if set, the sign-ins a second that are offered, whatever is answered:
-- each free connection waits for the next moment of a common schedule, so an answer that takes long delays no other.
-- One thread only, since the schedule and the counters are the thread's.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]]

wrk.method = "POST"
wrk.body = os.getenv("PEC_BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept-Tokens"] = "body"

accepted, busy, other = 0, 0, 0

local rate = tonumber(os.getenv("PEC_RATE") or "")
if rate then
  local step, next_ms = 1000 / rate, nil
  local now = ffi.new("bench_time")

  function delay()
    ffi.C.clock_gettime(1, now)
    local now_ms = tonumber(now.seconds) * 1000 + tonumber(now.nanoseconds) / 1e6
    -- What could not be sent in time is not made up for in a burst.
    next_ms = math.max((next_ms or now_ms) + step, now_ms)
    return next_ms - now_ms
  end
end

function response(status)
  if status == 200 then
    accepted = accepted + 1
  elseif status == 503 then
    busy = busy + 1
  else
    other = other + 1
  end
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency)
  local errors, thread = summary.errors, threads[1]
  print(string.format("result requests=%d us=%d p50=%d p99=%d refused=%d broken=%d accepted=%d",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), thread:get("busy"),
    thread:get("other") + errors.connect + errors.read + errors.write + errors.timeout, thread:get("accepted")))
end
