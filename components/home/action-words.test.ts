import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import contract from "@/shared/openapi.json";
import { ACTION_WORDS } from "./action-words";

const declared = Object.values(contract.paths).flatMap((methods) =>
  Object.values(methods as Record<string, { "x-pec-action"?: string }>).flatMap((operation) => operation["x-pec-action"] ?? []),
);

/** Also what no operation does: commands, tasks and refusals. What is only viewed leaves no row of its own. */
const written = readdirSync("server/src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".rs") && !/tests?[/.]/.test(file))
  .flatMap((file) => [
    ...readFileSync(join("server/src", file), "utf8").matchAll(/impl Action for \w+ \{\s+const NAME: &'static str = "([a-z.-]+)";/g),
  ])
  .map((match) => match[1] ?? "");

test("every action of the contract and of the server has words, and no other", () => {
  assert.ok(declared.length >= 10 && written.length >= 15, "the lists are found");
  assert.deepEqual(Object.keys(ACTION_WORDS).toSorted(), [...new Set([...declared, ...written])].toSorted());
});
