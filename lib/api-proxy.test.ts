import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { GET } from "../app/api/[...path]/route.ts";
import { problemFrom } from "./problem.ts";

/** An address of this machine where nobody listens. */
const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });

test("a server that is not there is a complete problem that says when to come back", async (context) => {
  const said = context.mock.method(console, "error", () => undefined);
  const busy = async (pecUrl: string) => {
    process.env.PEC_URL = pecUrl;
    const answer = await GET(new Request("https://demo.localhost/api/v1/me"));
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("retry-after"), "2");
    const id = answer.headers.get("x-request-id");
    const problem = await problemFrom(answer);
    assert.deepEqual([problem.slug, problem.status, problem.retryAfterS, problem.requestId], ["busy", 503, 2, id]);
    assert.match(problem.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(problem.title && problem.detail && problem.undecided);
    // The number that a person reads out is found in the log.
    assert.ok(String(said.mock.calls.at(-1)?.arguments[0]).includes(problem.requestId ?? "-"));
  };
  await busy(`http://127.0.0.1:${String(await closedPort())}`);
  await busy("");
  delete process.env.PEC_URL;
});
