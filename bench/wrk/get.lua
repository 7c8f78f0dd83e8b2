-- Sends the same request again and again, and prints what came of it in one line.
-- No `response` here: wrk would hand every answer to Lua, and measure itself.

function done(summary, latency)
  local errors = summary.errors
  print(string.format("result requests=%d us=%d p50=%d p99=%d refused=%d broken=%d",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
