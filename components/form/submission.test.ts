import assert from "node:assert/strict";
import { test } from "node:test";
import { networkProblem, Problem } from "@/lib/problem";
import { fingerprint, submission, type SubmitState } from "./submission";

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A server that answers when the test says so. */
function standIn() {
  const sent: { body: unknown; key: string; answer: (error?: Error) => Promise<unknown> }[] = [];
  const states: SubmitState[] = [];
  const done: unknown[] = [];
  const form = submission<unknown, string>(
    (body, key) =>
      new Promise((resolve, reject) => {
        sent.push({
          body,
          key,
          answer: (error) => {
            if (error) reject(error);
            else resolve("ok");
            return tick();
          },
        });
      }),
    (result) => done.push(result),
    (state) => states.push(state),
  );
  return { form, sent, states, done };
}

test("the same body after an answer that decided nothing keeps its key", async () => {
  const { form, sent, done, states } = standIn();
  form.submit({ title: "Knots" });
  await sent[0]?.answer(networkProblem());
  assert.equal(states.at(-1)?.problem?.slug, "network");
  form.submit({ title: "Knots" });
  await sent[1]?.answer();
  assert.equal(sent[0]?.key, sent[1]?.key);
  assert.deepEqual(done, ["ok"]);
});

test("an edited body is a new intent, and so is the same body after a decision", async () => {
  const { form, sent } = standIn();
  form.submit({ title: "Knots" });
  await sent[0]?.answer(networkProblem());
  form.submit({ title: "Braids" });
  await sent[1]?.answer(new Problem("invalid-request", 422, "", "", undefined));
  form.submit({ title: "Braids" });
  await sent[2]?.answer();
  form.submit({ title: "Braids" });
  assert.equal(new Set(sent.map(({ key }) => key)).size, 4);
});

test("a double submit is one request", async () => {
  const { form, sent, states } = standIn();
  form.submit({ title: "Knots" });
  form.submit({ title: "Knots" });
  assert.equal(sent.length, 1);
  // Nothing that happens meanwhile hides that it is under way.
  form.reset();
  form.refuse(networkProblem());
  assert.deepEqual(states, [{ pending: true, problem: undefined }]);
  await sent[0]?.answer();
  form.submit({ title: "Knots" });
  assert.equal(sent.length, 2);
});

test("forms are told apart by their fields and files", () => {
  const form = (term: string, file: string) => {
    const data = new FormData();
    data.set("term", term);
    data.set("file", new File([file], "catalog.csv", { lastModified: 1 }));
    return { form: data, dryRun: false };
  };
  assert.equal(fingerprint(form("2031F", "a")), fingerprint(form("2031F", "a")));
  assert.notEqual(fingerprint(form("2031F", "a")), fingerprint(form("2032S", "a")));
  assert.notEqual(fingerprint(form("2031F", "a")), fingerprint(form("2031F", "ab")));
});
