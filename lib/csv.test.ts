import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "./csv";

test("cells are quoted where they must be, and no cell becomes a formula", () => {
  assert.equal(
    toCsv([
      ["Name", "n"],
      ['Rao, "Dev"', 3],
      ["=1+1", -2],
      ["@x", 0],
    ]),
    'Name,n\r\n"Rao, ""Dev""",3\r\n\'=1+1,-2\r\n\'@x,0\r\n',
  );
});
