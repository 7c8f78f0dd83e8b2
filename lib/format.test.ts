import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatAge,
  formatDates,
  formatDay,
  formatDays,
  formatHour,
  formatList,
  formatLocaleOf,
  formatTime,
  formatTimes,
  formatWeekdayTime,
} from "./format";

/** Node and browsers put thin and narrow spaces around dashes, each as their data has it. */
const plain = (text: string) => text.replace(/\s/gu, " ");

test("an institution's way of writing holds where it shares the pages' language", () => {
  assert.equal(formatLocaleOf("en", "en-GB"), "en-GB");
  assert.equal(formatLocaleOf("en-XA", "en-GB"), "en-GB");
  assert.equal(formatLocaleOf("hi", "en-GB"), "hi");
  assert.equal(formatLocaleOf("en", undefined), "en");
  assert.equal(formatLocaleOf("en", "no such thing"), "en");
});

test("days, times and ranges as the locale has them", () => {
  assert.equal(formatDay("en-GB", "2026-11-23"), "Monday 23 November");
  assert.equal(formatDay("en-US", "2026-11-23"), "Monday, November 23");
  assert.equal(plain(formatTimes("en-GB", 600, 650)), "10:00–10:50");
  assert.equal(plain(formatTimes("en-US", 600, 650)), "10:00 – 10:50 AM");
  assert.equal(plain(formatTime("en-GB", 447)), "07:27");
  assert.equal(plain(formatTime("en-US", 447)), "7:27 AM");
  assert.equal(plain(formatTimes("en-GB", 570, 620)), "09:30–10:20");
  assert.equal(formatHour("en-GB", 9), "9");
  assert.equal(plain(formatHour("en-US", 17)), "5 PM");
  assert.equal(plain(formatWeekdayTime("en-GB", "2026-11-23", 30)), "Mon 00:30");
  assert.equal(plain(formatDates("en-GB", "2026-09-28", "2026-11-06")), "28 Sept – 6 Nov 2026");
  assert.equal(plain(formatDays("en-GB", ["fri", "mon", "wed"])), "Mon, Wed, Fri");
  assert.match(plain(formatDays("en-GB", ["mon", "tue", "wed", "thu", "fri"])), /^Mon ?– ?Fri$/);
  assert.equal(formatList("en-GB", ["Rao", "Iyer"]), "Rao, Iyer");
});

test("an age is told in its largest unit", () => {
  const now = new Date("2026-11-23T10:00:00Z");
  for (const [since, age] of [
    ["2026-11-23T09:38:00Z", "22 mins"],
    ["2026-11-23T08:40:00Z", "1 hr"],
    ["2026-11-18T09:00:00Z", "5 days"],
    ["2026-11-23T11:00:00Z", "0 mins"],
  ] as const)
    assert.equal(plain(formatAge("en-GB", since, now)), age);
});
