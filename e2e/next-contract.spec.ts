/**
 * The API through Next.js in front answers as the API itself: every operation, as anybody, whether it reads or refuses. What a proxy could
 * lose on the way is looked at by name: several cookies, where a record was made, when to come back, the request's number, and streaming.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ClientRequest, IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { complaint, operations, type Operation } from "./support/contract.ts";
import { startFront, type Front } from "./support/front.ts";
import { ACCESS, signInByApi } from "./support/http.ts";
import { records } from "./support/records.ts";
import { account, site, type Role } from "./support/run.ts";
import { expect, test } from "./support/test.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly access?: string | undefined;
}
type Persona = Role | "anonymous";

const PERSONAS: readonly Persona[] = ["anonymous", "student", "faculty", "admin"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let front: Front;
let ports: { direct: number; front: number };
let agent: Agent;
const access: Partial<Record<Persona, string>> = {};

test.beforeAll(async () => {
  test.setTimeout(90_000);
  front = await startFront();
  ports = { direct: site().port, front: Number(new URL(front.origin).port) };
  agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(site().ca) });
  for (const role of ["student", "faculty", "admin"] as const) access[role] = (await signInByApi(role))[ACCESS];
});
test.afterAll(async () => {
  agent.destroy();
  await front.stop();
});

/** Sends the beginning of a request; whoever asked ends it. */
function begin(port: number, path: string, { method = "GET", headers = {}, access }: Sending): [ClientRequest, Promise<Answer>] {
  const host = `demo.localhost:${String(port)}`;
  const own = method === "GET" ? {} : { "x-pec-request": "1", origin: `https://${host}`, "sec-fetch-site": "same-origin" };
  const cookie = access === undefined ? {} : { cookie: `${ACCESS}=${access}` };
  const asked = request({
    ...{ host: "127.0.0.1", port, servername: "demo.localhost", path, method, agent, timeout: 30_000 },
    headers: { host, ...own, ...cookie, ...headers },
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() });
      });
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} took too long`)));
  });
  return [asked, answer];
}

function ask(port: number, path: string, sending: Sending = {}): Promise<Answer> {
  const [asked, answer] = begin(port, path, sending);
  asked.end(sending.body);
  return answer;
}

/** Everything that must be the same on both ways. The number of a request is its own; `Vary` gets longer on the way, which harms nobody. */
function essence({ status, headers, text }: Answer): unknown {
  const isJson = headers["content-type"]?.split(";", 1)[0]?.endsWith("json");
  const { instance, ...body } = (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>;
  const names = ["content-type", "cache-control", "etag", "location", "retry-after", "allow"];
  const kept = Object.fromEntries(names.map((name) => [name, headers[name]]));
  return { status, kept, numbered: instance === undefined || instance === headers["x-request-id"], body };
}

/** Asks both ways and holds each answer to the document and to the other. */
async function both(operation: Operation, path: string, sending: Sending, what: string): Promise<Answer> {
  const [direct, proxied] = [await ask(ports.direct, path, sending), await ask(ports.front, path, sending)];
  for (const [way, answer] of [
    ["directly", direct],
    ["through Next.js", proxied],
  ] as const) {
    const wrong = complaint(operation, answer.status, answer.headers["content-type"], answer.text);
    expect(wrong, `${operation.operationId} ${what} ${way}: ${answer.text.slice(0, 300)}`).toBeUndefined();
    expect(answer.headers["x-request-id"], `${operation.operationId} ${way}`).toMatch(UUID);
  }
  expect(essence(proxied), `${operation.operationId} ${what}`).toEqual(essence(direct));
  return proxied;
}

/** The route with a record of the demo institution in the place of each parameter. */
async function place({ path }: Operation): Promise<string> {
  const { course, department, ownSection, user } = await records();
  const values: Readonly<Record<string, string>> = {
    "courses/{id}": course.id,
    "departments/{id}": department.id,
    "sections/{id}": ownSection,
    "users/{id}": user,
    "queues/{kind}": "sections-full",
  };
  return path.replace(/(\w+)\/(\{\w+\})/g, (whole, collection: string) => {
    const value = values[whole];
    if (value === undefined) throw new Error(`${path}: say what stands for ${whole}`);
    return `${collection}/${value}`;
  });
}

test("every read answers alike, as anybody", async () => {
  test.setTimeout(120_000);
  const reads = operations.filter(({ method }) => method === "GET");
  expect(reads.length).toBeGreaterThan(12);
  const seen = new Set<number>();
  for (const operation of reads) {
    const path = await place(operation);
    for (const persona of PERSONAS)
      for (const query of ["", "?nope=1", "?cursor=nonsense"]) {
        const answer = await both(operation, path + query, { access: access[persona] }, `as ${persona}${query}`);
        seen.add(answer.status);
      }
  }
  expect([...seen].toSorted()).toEqual([200, 400, 401, 403, 404, 422].filter((status) => seen.has(status)));
  for (const status of [200, 401, 403, 404]) expect(seen, "the walk meets it").toContain(status);
});

test("every refusal of a change is the same refusal", async () => {
  test.setTimeout(180_000);
  const changes = operations.filter(({ method }) => method !== "GET");
  expect(changes.length).toBeGreaterThan(10);
  const json = { "content-type": "application/json" };
  const bad: readonly (readonly [string, Sending])[] = [
    ["malformed JSON", { headers: json, body: '{"name": ' }],
    ["another shape", { headers: json, body: "[1]" }],
    ["an unknown field", { headers: json, body: '{"nope": true}' }],
    ["no JSON", { headers: { "content-type": "text/plain" }, body: "hello" }],
    ["half a character", { headers: json, body: '{"name": "\\ud800"}' }],
  ];
  for (const operation of changes) {
    const path = await place(operation);
    for (const persona of PERSONAS) {
      // Without a body to refuse, the operation would do what it is for.
      if (!operation.requestBody && persona !== "anonymous") continue;
      for (const [what, sending] of bad) {
        const headers = { ...sending.headers, "idempotency-key": randomUUID() };
        const all = { ...sending, headers, method: operation.method, access: access[persona] };
        const answer = await both(operation, path, all, `${what} as ${persona}`);
        expect(answer.status, `${operation.operationId}: ${what} as ${persona}`).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
      if (operation.requestBody && persona === "admin") {
        const headers = { ...json, "idempotency-key": randomUUID(), origin: "https://evil.test", "sec-fetch-site": "cross-site" };
        const elsewhere = await both(
          operation,
          path,
          { headers, method: operation.method, body: "{}", access: access[persona] },
          "cross-site",
        );
        expect(elsewhere.status, operation.operationId).toBe(403);
      }
    }
  }
});

test("cookies, the place of a record and the number of a request arrive", async () => {
  const { email, password } = account("student");
  const body = JSON.stringify({ email, password });
  const signIn = (port: number) =>
    ask(port, "/api/v1/auth/sign-in", { method: "POST", headers: { "content-type": "application/json" }, body });
  const [direct, proxied] = [await signIn(ports.direct), await signIn(ports.front)];
  const shape = ({ headers }: Answer) =>
    (headers["set-cookie"] ?? []).map((line) => line.replace(/=[^;]*/, "=…").replace(/Max-Age=\d+/, ""));
  expect(proxied.status).toBe(200);
  expect(shape(proxied)).toHaveLength(2);
  expect(shape(proxied)).toEqual(shape(direct));
  expect(proxied.headers["x-request-id"]).toMatch(UUID);

  const code = `N${randomUUID().slice(0, 6).toUpperCase()}`;
  const made = {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify({ code, name: "Made through Next.js" }),
    access: access.admin,
  };
  const first = await ask(ports.front, "/api/v1/departments", made);
  expect(first.status, first.text).toBe(201);
  const { id } = JSON.parse(first.text) as { id: string };
  expect(first.headers.location).toBe(`/api/v1/departments/${id}`);
  const again = await ask(ports.direct, "/api/v1/departments", made);
  expect(essence(again), "a retry on the other way is the same intent").toEqual(essence(first));
});

test("a page's validator holds on both ways", async () => {
  const [direct, proxied] = [await ask(ports.direct, "/en/sign-in"), await ask(ports.front, "/en/sign-in")];
  expect(proxied.status).toBe(200);
  for (const name of ["etag", "cache-control", "content-security-policy", "content-type"])
    expect(proxied.headers[name], name).toBe(direct.headers[name]);
  expect(proxied.text.length).toBe(direct.text.length);
});

const FORM = { "content-type": "multipart/form-data; boundary=b" };
const part = (name: string, value: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const params = JSON.stringify({ termName: "Autumn 2031", startsOn: "2031-08-25", endsOn: "2031-12-12" });

test("a large file streams through, and a busy server says when to come back", async () => {
  test.setTimeout(120_000);
  const importCatalog = operations.find(({ operationId }) => operationId === "importCatalog");
  if (!importCatalog) throw new Error("no importCatalog");
  const [header = "", ...rows] = readFileSync("server/testdata/catalog-small.csv", "utf8").trim().split("\n");
  const file = [header, ...Array.from({ length: 600 }, () => rows).flat()].join("\n");
  expect(file.length).toBeGreaterThan(2_500_000);
  const whole = `${part("params", params)}${part("dryRun", "true")}${part("file", file)}--b--\r\n`;
  const sending = { method: "POST", headers: FORM, body: whole, access: access.admin };
  const answer = await both(importCatalog, "/api/v1/imports/catalog", sending, "a large file");
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);

  // Two forms that do not end take both places: only if the beginning of each has reached the server, which buffering would prevent.
  const held = [1, 2].map(() => {
    const [asked, answer] = begin(ports.front, "/api/v1/imports/catalog", { method: "POST", headers: FORM, access: access.admin });
    answer.catch(() => undefined);
    asked.write(part("dryRun", "true"));
    return asked;
  });
  const small = { ...sending, body: `${part("params", params)}${part("dryRun", "true")}${part("file", "x")}--b--\r\n` };
  await expect
    .poll(async () => (await ask(ports.direct, "/api/v1/imports/catalog", small)).status, { timeout: 20_000, intervals: [100] })
    .toBe(503);
  const busy = await both(importCatalog, "/api/v1/imports/catalog", small, "busy");
  expect(busy.status).toBe(503);
  expect(busy.headers["retry-after"]).toBe("10");
  for (const asked of held) asked.destroy();
  await expect
    .poll(async () => (await ask(ports.front, "/api/v1/imports/catalog", small)).status, { timeout: 20_000, intervals: [100] })
    .toBe(422);
});
