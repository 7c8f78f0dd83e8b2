import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "./problem";
import { createStore, EMPTY } from "./store";

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const refused = (status: number) => new Problem(`http-${String(status)}`, status, "", "", "request-1");

/** A store over a server that answers when the test says so. */
function setUp() {
  let clock = 1_000_000;
  const asked: {
    url: string;
    signal: AbortSignal;
    answer: (data: unknown) => Promise<unknown>;
    fail: (error: Error) => Promise<unknown>;
  }[] = [];
  const store = createStore({
    now: () => clock,
    read: (url, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new DOMException("aborted", "AbortError"));
        });
        asked.push({
          url,
          signal,
          answer: (data) => {
            resolve(data);
            return tick();
          },
          fail: (error) => {
            reject(error);
            return tick();
          },
        });
      }),
  });
  const last = () => asked.at(-1) ?? assert.fail("nothing was asked for");
  return {
    store,
    asked,
    last,
    pass: (ms: number) => {
      clock += ms;
    },
  };
}

const URL = "/api/v1/courses?limit=50";
const page = (from: number, to: number, next: string | null) => ({
  items: Array.from({ length: to - from }, (_, index) => ({ id: String(from + index) })),
  next,
});
const ids = (items: readonly unknown[] | undefined) => items?.map((item) => Number((item as { id: string }).id));

test("a read that began before a change is not taken for the state after it", async () => {
  const { store, asked } = setUp();
  store.watch(URL, () => undefined);
  void store.load(URL);
  store.invalidate("/api/v1/courses");
  assert.equal(asked.length, 2);
  assert.equal(asked[0]?.signal.aborted, true);
  await asked[0].answer("before");
  assert.equal(store.entryOf(URL).data, undefined);
  await asked[1]?.answer("after");
  assert.equal(store.entryOf(URL).data, "after");
  assert.equal(store.entryOf(URL).pending, false);
});

test("a change drops what nobody watches, also what is being fetched ahead", async () => {
  const { store, asked } = setUp();
  void store.load("/api/v1/courses/1");
  store.invalidate("/api/v1/courses");
  await asked[0]?.answer("old");
  assert.equal(store.entryOf("/api/v1/courses/1"), EMPTY);
  assert.equal(asked.length, 1);
});

test("only the route that is named is invalidated", async () => {
  const { store, last } = setUp();
  void store.load("/api/v1/courses-other");
  await last().answer("kept");
  store.invalidate("/api/v1/courses");
  assert.equal(store.entryOf("/api/v1/courses-other").data, "kept");
});

test("a refresh that nobody waits for is given up: no longer pending, and stale", async () => {
  const { store, asked, last } = setUp();
  const leave = store.watch(URL, () => undefined);
  void store.load(URL);
  await last().answer("known");
  void store.load(URL);
  leave();
  await tick();
  assert.equal(last().signal.aborted, true);
  const { data, pending, atMs } = store.entryOf(URL);
  assert.deepEqual({ data, pending, atMs }, { data: "known", pending: false, atMs: 0 });
  store.watch(URL, () => undefined);
  store.loadIfStale(URL);
  assert.equal(asked.length, 3);
});

test("a failed refresh keeps the data and says so; what may not be seen any more goes", async () => {
  const { store, last } = setUp();
  store.watch(URL, () => undefined);
  void store.load(URL);
  await last().answer("known");
  void store.load(URL);
  await last().fail(refused(503));
  assert.equal(store.entryOf(URL).data, "known");
  assert.equal(store.entryOf(URL).problem?.status, 503);
  assert.equal(store.staleUrl(), URL);
  store.retryStale();
  await last().answer("newer");
  assert.equal(store.entryOf(URL).problem, undefined);
  assert.equal(store.staleUrl(), undefined);
  for (const status of [403, 404]) {
    store.remember(URL, "known");
    void store.load(URL);
    await last().fail(refused(status));
    assert.equal(store.entryOf(URL).data, undefined);
    assert.equal(store.entryOf(URL).problem?.status, status);
  }
});

test("what is on screen is read again once it is old, and not more than twice a minute", async () => {
  const { store, asked, last, pass } = setUp();
  store.watch(URL, () => undefined);
  void store.load(URL);
  await last().answer("known");
  pass(14_000);
  store.revalidate();
  assert.equal(asked.length, 1);
  pass(31_000);
  store.revalidate();
  assert.equal(asked.length, 2);
  await last().answer("newer");
  pass(20_000);
  store.revalidate();
  assert.equal(asked.length, 2);
  pass(11_000);
  store.revalidate();
  assert.equal(asked.length, 3);
});

test("further pages stay when the first is read again, without a gap and without doubles", async () => {
  const { store, asked, last } = setUp();
  store.watch(URL, () => undefined);
  void store.load(URL);
  await last().answer(page(0, 3, "c3"));
  void store.loadMore(URL);
  void store.loadMore(URL);
  assert.equal(asked.length, 2);
  assert.equal(last().url, `${URL}&cursor=c3`);
  assert.equal(store.entryOf(URL).more?.pending, true);
  await last().answer(page(3, 6, "c6"));
  assert.deepEqual(ids(store.entryOf(URL).more?.items), [3, 4, 5]);
  // Somebody added a row at the top: the first page now ends one row earlier.
  void store.load(URL);
  assert.deepEqual(ids(store.entryOf(URL).more?.items), [3, 4, 5]);
  await last().answer(page(-1, 2, "c2"));
  assert.equal(last().url, `${URL}&cursor=c2`);
  await last().answer(page(2, 5, "c5"));
  assert.deepEqual(ids((store.entryOf(URL).data as { items: unknown[] }).items), [-1, 0, 1]);
  assert.deepEqual(ids(store.entryOf(URL).more?.items), [2, 3, 4]);
  assert.equal(store.entryOf(URL).more?.next, "c5");
});

test("a further page that failed can be asked for again", async () => {
  const { store, last } = setUp();
  store.watch(URL, () => undefined);
  void store.load(URL);
  await last().answer(page(0, 2, "c2"));
  void store.loadMore(URL);
  await last().fail(refused(503));
  assert.equal(store.entryOf(URL).more?.problem?.status, 503);
  void store.loadMore(URL);
  await last().answer(page(2, 3, null));
  assert.equal(store.entryOf(URL).more?.problem, undefined);
  assert.equal(store.entryOf(URL).more?.next, null);
});

test("what came with the document does not replace what is known", async () => {
  const { store, last } = setUp();
  void store.load(URL);
  await last().answer("newer");
  store.seed({ [URL]: "older", "/api/v1/me": "me" });
  assert.equal(store.entryOf(URL).data, "newer");
  assert.equal(store.entryOf("/api/v1/me").data, "me");
});
