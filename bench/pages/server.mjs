/** The server as the bench asks it: sessions, a course to look at, and the scripts a page starts with. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

export class Server {
  #agent;
  #sessions = new Map();

  constructor({ origin, ca, signIns }) {
    this.origin = origin;
    this.signIns = signIns;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(ca) });
  }

  ask(path, { method = "GET", headers = {}, body } = {}) {
    const url = new URL(path, this.origin);
    return new Promise((resolve, reject) => {
      // `*.localhost` is this machine, whether or not its resolver knows that.
      const host = url.hostname.endsWith(".localhost") ? "127.0.0.1" : url.hostname;
      const asked = request(
        {
          host,
          port: url.port || 443,
          servername: url.hostname,
          path: url.pathname + url.search,
          method,
          agent: this.#agent,
          headers: { host: url.host, ...headers },
        },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }));
        },
      );
      asked.on("error", reject);
      asked.setTimeout(30_000, () => asked.destroy(new Error(`${method} ${path} took too long`)));
      asked.end(body);
    });
  }

  /** The cookies of somebody of this role. An access token lives for minutes, so a session is used for less than that. */
  async session(role) {
    const kept = this.#sessions.get(role);
    if (kept && kept.untilMs > Date.now()) return kept.cookies;
    const account = this.signIns.find((one) => one.role === role);
    if (!account) throw new Error(`The sign-ins have nobody who is ${role}.`);
    const answer = await this.ask("/api/v1/auth/sign-in", {
      method: "POST",
      headers: { "content-type": "application/json", "x-pec-request": "1", origin: this.origin, "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ email: account.email, password: account.password }),
    });
    if (answer.status !== 200) throw new Error(`${role} can't sign in: ${answer.status} ${answer.bytes}`);
    const cookies = answer.headers["set-cookie"].map((line) => {
      const [pair] = line.split(";", 1);
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: pair.slice(at + 1) };
    });
    this.#sessions.set(role, { cookies, untilMs: Date.now() + 120_000 });
    return cookies;
  }

  async #get(path, role, headers = {}) {
    const cookie = role && (await this.session(role)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const answer = await this.ask(path, { headers: { ...headers, ...(cookie ? { cookie } : {}) } });
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status}`);
    return answer.bytes;
  }

  async firstCourse(role) {
    return JSON.parse(await this.#get("/api/v1/courses?limit=50", role)).items[0].id;
  }

  /** What the document itself names; what later loads bring is not in it. `noModule` scripts are for browsers this product does not know. */
  async firstScriptsKib(path, role) {
    const html = (await this.#get(path, role)).toString();
    const tags = html.matchAll(/<script(?![^>]*nomodule)[^>]*\ssrc="([^"]+)"/gi);
    let sum = 0;
    for (const url of new Set([...tags].map((tag) => tag[1]))) {
      sum += (await this.#get(url, undefined, { "accept-encoding": "gzip" })).length;
    }
    return sum / 1024;
  }

  close() {
    this.#agent.destroy();
  }
}
