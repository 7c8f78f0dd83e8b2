import type { MessageKey, Translate } from "@/lib/messages";
import { sentenceOf } from "@/lib/words";
import type { ChangeKind } from "@/shared";

export const KIND_WORDS: Readonly<Record<ChangeKind, MessageKey>> = {
  term: "courses.term",
  "part-of-term": "section.partName",
  department: "courses.department",
  course: "section.course",
  room: "import.room",
  instructor: "import.instructor",
  section: "section.section",
};

const FIELD_WORDS: Readonly<Record<string, MessageKey>> = {
  attributes: "course.attributes",
  code: "courses.code",
  course: "section.course",
  credits: "courses.credits",
  description: "course.description",
  endsOn: "import.endsOn",
  info: "section.info",
  meetings: "import.meetings",
  name: "departments.name",
  partOfTerm: "section.partName",
  startsOn: "import.startsOn",
  status: "users.status",
  title: "courses.name",
};

/** What is wrong with a cell, a row or the file. */
const FINDING_WORDS: Readonly<Record<string, MessageKey>> = {
  "bad-credits": "finding.badCredits",
  "bad-days": "finding.badDays",
  "bad-format": "invalid.form",
  "bad-status": "finding.badStatus",
  "bad-time": "finding.badTime",
  "control-character": "finding.controlCharacter",
  "course-conflict": "finding.courseConflict",
  "crn-conflict": "finding.crnConflict",
  "crn-moved": "finding.crnMoved",
  "days-without-times": "finding.daysWithoutTimes",
  "ends-before-start": "finding.endsBeforeStart",
  "file-too-large": "problem.bodyTooLarge",
  "missing-column": "finding.missingColumn",
  "not-utf8": "finding.notUtf8",
  "part-without-dates": "finding.partWithoutDates",
  "repeated-column": "finding.repeatedColumn",
  required: "finding.required",
  "room-arranged": "finding.roomArranged",
  "term-mismatch": "finding.termMismatch",
  "times-without-days": "finding.timesWithoutDays",
  "too-long": "invalid.long",
  "too-many": "finding.tooMany",
  "too-many-rows": "finding.tooManyRows",
  "wrong-cells": "finding.wrongCells",
};

export const wordsOfField = (t: Translate, field: string): string => {
  const known = FIELD_WORDS[field];
  return known ? t(known) : sentenceOf(field);
};

/** In the catalog's words, and the server's own sentence only where a code is newer than this page. */
export function wordsOfFinding(t: Translate, code: string, detail: string): { words: string; evidence: string } {
  const known = FINDING_WORDS[code];
  // What the file says at that place stands in the server's sentence alone; it is shown beside the words, not instead of them.
  return known ? { words: t(known), evidence: detail } : { words: detail, evidence: "" };
}
