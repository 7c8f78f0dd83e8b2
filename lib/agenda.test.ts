import assert from "node:assert/strict";
import { test } from "node:test";
import { agendaOn, comingAfter, gapsOf, hoursOf, lanesOf, nextMeeting } from "./agenda";
import { addDays, civilNow, nextTerm, weekdayOf, weekOfTerm, type Weekday } from "./civil";
import { idFrom } from "./ids";
import type { CourseId, SectionId, SectionSummary, Term, TermId } from "@/shared";

const term: Term = {
  id: idFrom<TermId>("t"),
  code: "2026-au",
  name: "Autumn 2026",
  startsOn: "2026-09-28",
  endsOn: "2026-12-18",
  current: true,
};

function section(id: string, ...meetings: [Weekday[], string, string][]): SectionSummary {
  return {
    id: idFrom<SectionId>(id),
    crn: id,
    code: "A",
    title: "",
    course: { id: idFrom<CourseId>(id), code: id, title: id },
    term,
    partOfTerm: null,
    status: "active",
    credits: { kind: "fixed", min: 4, max: 4 },
    instructors: [],
    meetings: meetings.map(([days, startsAt, endsAt]) => ({ kind: "Lecture", days, startsAt, endsAt, room: null, instructors: [] })),
  };
}

const os = section("os", [["mon", "wed"], "10:00", "10:50"], [["mon"], "14:00", "16:00"]);
const ma = section("ma", [["mon"], "08:30", "09:20"]);
const monday = "2026-11-23";

test("a zone's civil time, whatever the device thinks", () => {
  assert.deepEqual(civilNow("Asia/Kolkata", new Date("2026-11-22T19:00:00Z")), { date: "2026-11-23", minute: 30 });
  assert.deepEqual(civilNow("America/Chicago", new Date("2026-11-23T05:59:00Z")), { date: "2026-11-22", minute: 23 * 60 + 59 });
  assert.equal(weekdayOf(monday), "mon");
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
});

test("weeks of a term begin on Mondays", () => {
  assert.equal(weekOfTerm({ startsOn: "2026-09-30", endsOn: "2026-12-18" }, "2026-10-04"), 1);
  assert.equal(weekOfTerm({ startsOn: "2026-09-30", endsOn: "2026-12-18" }, "2026-10-05"), 2);
  assert.equal(weekOfTerm(term, monday), 9);
  assert.equal(weekOfTerm(term, "2026-12-19"), undefined);
});

test("the term that starts next, in whatever order they come", () => {
  const terms = [{ startsOn: "2027-08-02" }, { startsOn: "2027-01-11" }, { startsOn: "2026-09-28" }];
  for (const [today, next] of [
    ["2026-12-24", "2027-01-11"],
    ["2027-01-11", "2027-08-02"],
    ["2027-08-02", undefined],
  ] as const)
    assert.equal(nextTerm(terms, today)?.startsOn, next, today);
});

test("a day's meetings in order, none outside the term", () => {
  assert.deepEqual(
    agendaOn([os, ma], monday, term).map((item) => item.start),
    [510, 600, 840],
  );
  assert.deepEqual(agendaOn([os, ma], "2026-12-21", term), []);
});

test("the next meeting is the one going on, then the first to come", () => {
  assert.equal(nextMeeting([os, ma], { date: monday, minute: 9 * 60 }, term)?.section.id, "ma");
  assert.equal(nextMeeting([os, ma], { date: monday, minute: 9 * 60 + 20 }, term)?.start, 600);
  const later = nextMeeting([os, ma], { date: monday, minute: 16 * 60 }, term);
  assert.deepEqual([later?.date, later?.start], ["2026-11-25", 600]);
  assert.equal(nextMeeting([os], { date: "2026-12-16", minute: 1_200 }, term), undefined);
  assert.equal(nextMeeting([os], { date: "2026-08-01", minute: 0 }, term)?.date, "2026-09-28");
});

test("a section meets in its own part of the term, and never once it is cancelled", () => {
  const first = { ...os, partOfTerm: { code: "S1", startsOn: "2026-09-28", endsOn: "2026-11-06" } };
  const second = { ...ma, partOfTerm: { code: "S2", startsOn: "2026-11-09", endsOn: "2026-12-18" } };
  const cancelled: SectionSummary = { ...os, status: "cancelled" };
  const cases: [string, SectionSummary[], string, number][] = [
    ["the last Wednesday of the first part", [first], "2026-11-04", 1],
    ["the Monday after it", [first], "2026-11-09", 0],
    ["the Monday before the second part", [second], "2026-11-02", 0],
    ["the first Monday of the second part", [second], "2026-11-09", 1],
    ["both parts on a Monday of the second", [first, second], monday, 1],
    ["a cancelled section", [cancelled], monday, 0],
    ["a cancelled section among others", [cancelled, ma], monday, 1],
  ];
  for (const [what, sections, date, meetings] of cases) assert.equal(agendaOn(sections, date, term).length, meetings, what);
  assert.equal(nextMeeting([first], { date: monday, minute: 0 }, term), undefined);
  assert.equal(nextMeeting([cancelled], { date: monday, minute: 0 }, term), undefined);
  // Far ahead, but nothing else comes before it.
  assert.equal(nextMeeting([second], { date: "2026-09-28", minute: 0 }, term)?.date, "2026-11-09");
  assert.equal(nextMeeting([first, second], { date: "2026-11-06", minute: 0 }, term)?.date, "2026-11-09");
});

test("what follows runs over days", () => {
  const next = nextMeeting([os, ma], { date: monday, minute: 0 }, term);
  assert.ok(next);
  assert.deepEqual(
    comingAfter(next, [os, ma], term, 4).map((item) => `${item.date} ${String(item.start)}`),
    ["2026-11-23 600", "2026-11-23 840", "2026-11-25 600", "2026-11-30 510"],
  );
});

test("hours enclose the day, gaps are named, clashes share the height", () => {
  const day = agendaOn([os, ma], monday, term);
  assert.deepEqual(hoursOf(day), { first: 8, last: 17 });
  assert.deepEqual(gapsOf(day, 30), [
    { start: 560, end: 600 },
    { start: 650, end: 840 },
  ]);
  const clash = agendaOn([os, section("x", [["mon"], "10:30", "11:00"])], monday, term);
  assert.deepEqual(
    lanesOf(clash).map(({ lane, lanes }) => [lane, lanes]),
    [
      [0, 2],
      [1, 2],
      [0, 1],
    ],
  );
});
