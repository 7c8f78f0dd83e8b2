/**
 * The micro-proxy for deployments with Next.js in front of `pec`: streams a request to PEC_URL and its answer back, untouched.
 * Behind `pec` (the usual order) nothing ever reaches this file. It decides nothing: no cache, no authorization, no reading of bodies.
 */
export const dynamic = "force-dynamic";

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Who sent them can't be told here, and `pec` believes them from this server: passed on only when a proxy in front of Next.js writes them. */
const ADDRESS_CLAIMS = ["x-forwarded-for", "forwarded", "x-real-ip"];

function endToEnd(from: Headers, drop: readonly string[]): Headers {
  const named = (from.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  const headers = new Headers(from);
  for (const name of [...HOP_BY_HOP, ...named, ...drop]) if (name) headers.delete(name);
  return headers;
}

const RETRY_AFTER_S = 2;

/** What `pec` itself says when it cannot answer now, with a number of its own: nobody behind gave the request one. */
function unavailable(detail: string): Response {
  const instance = crypto.randomUUID();
  console.error(`${instance}: ${detail}`);
  return Response.json(
    { type: "/problems/busy", title: "Busy; try again shortly", status: 503, detail, instance, retryAfterS: RETRY_AFTER_S },
    {
      status: 503,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "retry-after": String(RETRY_AFTER_S),
        "x-request-id": instance,
      },
    },
  );
}

async function forward(request: Request): Promise<Response> {
  const base = process.env.PEC_URL;
  if (!base) return unavailable("This server has no PEC_URL.");
  const { pathname, search } = new URL(request.url);
  const headers = endToEnd(request.headers, [
    "content-length",
    "accept-encoding",
    ...(process.env.PEC_FRONT_PROXY === "1" ? [] : ADDRESS_CLAIMS),
  ]);
  // The institution is chosen by host name, which fetch replaces by that of PEC_URL. `pec` believes this from its configured proxies.
  const host = request.headers.get("host");
  if (host) headers.set("x-forwarded-host", host);
  const body = request.method === "GET" || request.method === "HEAD" ? null : request.body;
  try {
    const answer = await fetch(base.replace(/\/$/, "") + pathname + search, {
      method: request.method,
      headers,
      body,
      redirect: "manual",
      cache: "no-store",
      signal: request.signal,
      duplex: "half",
    } as RequestInit);
    // fetch has decoded the body, so its length and encoding no longer hold. Several Set-Cookie headers stay several.
    return new Response(answer.body, {
      status: answer.status,
      statusText: answer.statusText,
      headers: endToEnd(answer.headers, ["content-encoding", "content-length"]),
    });
  } catch {
    return unavailable("The campus server did not answer. Nothing was decided; try again.");
  }
}

export { forward as GET, forward as HEAD, forward as POST, forward as PUT, forward as PATCH, forward as DELETE };
